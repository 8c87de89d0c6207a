import { mkdirSync } from 'node:fs'
import { readdir, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '@shared/project/types'
import { decodeProject, encodeProject } from '@shared/project'
import { log } from '../log'
import { safeWrite } from './safeWrite'

const DELAY = 1000
/** Large projects are written less often: at most this share of the time goes into it. */
const SHARE = 0.1

/**
 * Unsaved work, written to the app's own folder about a second after the last edit, so that it survives whatever ends
 * the app. A session has one file there; one that is left over belongs to a session that ended without saving.
 */
export class Backup {
  private readonly file: string
  private pending: Project | null = null
  private timer: ReturnType<typeof setTimeout> | undefined
  private writing: Promise<void> = Promise.resolve()
  private delay: number
  /**
   * Work of an earlier session that the window has been handed; it stays until it is backed up anew, saved or
   * discarded.
   */
  private handedOut: string | undefined

  constructor(
    private readonly folder: string,
    session = `${Date.now().toString(36)}-${process.pid}`,
    private readonly base = DELAY
  ) {
    this.delay = base
    this.file = `unsaved-${session}.gclinic`
    mkdirSync(folder, { recursive: true })
  }
  /** There is unsaved work, or (null) there is none. */
  changed(project: Project | null): void {
    this.pending = project
    if (project) this.timer ??= setTimeout(() => void this.flush(), this.delay)
    else {
      clearTimeout(this.timer)
      this.timer = undefined
      this.queue(() => unlink(join(this.folder, this.file)).catch(() => {}))
    }
  }
  /** Writes at once what is waiting. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const project = this.pending
    this.pending = null
    if (project)
      this.queue(async () => {
        const began = Date.now()
        await safeWrite(join(this.folder, this.file), encodeProject(project))
        this.delay = Math.max(this.base, (Date.now() - began) / SHARE)
        await this.remove()
      })
    return this.writing
  }
  /** The person doesn't want, or has saved, what `recover` gave. */
  discard(): void {
    this.queue(() => this.remove())
  }
  private async remove(): Promise<void> {
    const path = this.handedOut
    this.handedOut = undefined
    if (path) await unlink(path).catch(() => {})
  }
  /**
   * The newest unsaved project of an earlier session; the same again until it is done with. What can't be read is put
   * aside.
   */
  async recover(): Promise<Project | null> {
    await this.writing
    const left: { name: string; time: number }[] = []
    for (const name of await readdir(this.folder).catch(() => [] as string[]))
      if (/^unsaved-.*\.gclinic$/.test(name) && name !== this.file)
        left.push({ name, time: (await stat(join(this.folder, name))).mtimeMs })
    left.sort((a, b) => b.time - a.time)
    for (const { name } of left) {
      const path = join(this.folder, name)
      try {
        const project = decodeProject(await readFile(path))
        this.handedOut = path
        return project
      } catch (error) {
        log('error', `unsaved work in ${path} cannot be read and is put aside:`, (error as Error).message)
        await rename(path, `${path}.bad`).catch(() => {})
      }
    }
    return null
  }
  private queue(work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch((error: unknown) => log('error', 'backup:', (error as Error).message))
  }
}
