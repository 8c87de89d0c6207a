import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { UtilityProcess } from 'electron'
import type { Attachments } from '@shared/catalog/datasets'
import type { HomeCheck, HomeOrder, HomeProject, HomeTaken } from '@shared/ipc/home'
import { errorFromData } from '@shared/ipc/errors'
import { targetOf, TARGET_IDS, type TargetId } from '@shared/takehome/targets'
import type { ProjectFiles } from '@shared/takehome/types'
import type { HomeReply, HomeRequest, Written } from '../../trainer/home'
import { end, fork } from '../fork'
import { HOME } from '../paths'
import { writeFolder } from './folder'
import { checkWith, pythons } from './python'

/** What taking a run home needs of its surroundings. */
export interface HomeHostOptions {
  version: string
  /** The Python that the person chose. */
  python: () => string | undefined
  /** Is told of the steps that were done. */
  progress: (step: number) => void
}
/** Weights that a person may not want. */
const TRAINED = /^(?:weights\.|trained-)/

/** What the window is shown of a project. */
function shown(project: Written): HomeProject {
  if (!project.ok) return { ok: false, problems: project.error.problems }
  const files = Object.entries(project.files).map(([name, content]) => ({
    name,
    bytes: typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength,
    ...(typeof content === 'string' && { text: content })
  }))
  return {
    ok: true,
    files,
    ...(project.before && { before: project.before }),
    ...(project.own && { own: project.own })
  }
}

/** The run that is being taken home: one at a time, in a process of its own. */
export class HomeHost {
  private child: UtilityProcess | undefined
  private taken: { id: string; projects: Record<TargetId, Written> } | undefined

  /** Ends the checks that run. */
  private checks = new AbortController()

  constructor(private readonly options: HomeHostOptions) {}

  /** @throws in the trainer's words when the run can't be trained again */
  async take(order: HomeOrder, files: Attachments): Promise<HomeTaken> {
    this.leave()
    const child = fork(HOME, 'Gradient Clinic trainer')
    this.child = child
    child.stdout?.resume()
    let tail = ''
    child.stderr?.on('data', (chunk) => (tail = (tail + String(chunk)).slice(-1000)))
    try {
      const reply = await new Promise<Exclude<HomeReply, { progress: number }>>((resolve, reject) => {
        child.on('message', (message: HomeReply) =>
          'progress' in message ? this.options.progress(message.progress) : resolve(message)
        )
        child.once('exit', (code) =>
          reject(new Error(`the process that trained it has ended (${code}): ${tail.trim()}`))
        )
        const request: HomeRequest = { order, files, version: this.options.version }
        child.once('spawn', () => child.postMessage(request))
      })
      if ('error' in reply) throw errorFromData(reply.error)
      const { projects, ...rest } = reply.value
      const id = `home-${randomBytes(8).toString('hex')}`
      this.taken = { id, projects }
      const all = TARGET_IDS.map((t) => [t, shown(projects[t])] as const)
      return { id, ...rest, projects: Object.fromEntries(all) as HomeTaken['projects'] }
    } finally {
      end(child)
      if (this.child === child) this.child = undefined
    }
  }
  /** Ends the checks that run: each says that it was stopped. */
  stop(): void {
    this.checks.abort()
    this.checks = new AbortController()
  }
  leave(): void {
    this.stop()
    if (this.child) end(this.child)
    this.child = undefined
    this.taken = undefined
  }
  private filesOf(id: string, target: TargetId): ProjectFiles {
    const project = this.taken?.id === id ? this.taken.projects[target] : undefined
    if (!project?.ok) throw new Error('nothing of this name was taken home')
    return project.files
  }
  /** @throws Error when nothing of this id was taken home */
  async check(id: string, target: TargetId): Promise<HomeCheck> {
    const files = this.filesOf(id, target)
    const { signal } = this.checks
    const chosen = this.options.python()
    const candidates = pythons(chosen, process.env, process.platform === 'win32')
    const parent = await mkdtemp(join(tmpdir(), 'gradient-clinic-check-'))
    try {
      return await checkWith(candidates, targetOf(target), () => writeFolder(parent, 'project', files), {
        chosen,
        signal
      })
    } finally {
      await rm(parent, { recursive: true, force: true })
    }
  }
  /** @param weights with those after training @returns the new folder @throws TextError when it can't be written */
  save(id: string, target: TargetId, parent: string, name: string, weights: boolean): Promise<string> {
    const all = Object.entries(this.filesOf(id, target))
    const files = Object.fromEntries(weights ? all : all.filter(([file]) => !TRAINED.test(file)))
    return writeFolder(parent, name, files)
  }
}
