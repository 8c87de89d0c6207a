import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { wallClock } from '@shared/base/clock'
import { problem, type Problem } from '@shared/base/problems'
import type { Attachments } from '@shared/catalog/datasets'
import { TextError } from '@shared/ipc/errors'
import type { Outline, Project, SentProject } from '@shared/project/types'
import { PROJECT_VERSION } from '@shared/project'
import { wholeOf } from '@shared/run/brief'
import { RunLog } from '@shared/run/runLog'
import type { RunRecord } from '@shared/run/types'
import { log } from '../../log'
import { fileProblem } from '../safeWrite'
import { Journal } from './journal'
import { readRun } from './read'

/** Names of the folders of journals. */
export const JOURNAL = /^open-[\w-]+$/
const INTERVAL = 1000
const RETRY = 3000
const PATIENCE = 30_000

/** What main tells of the project on screen to a window that was reloaded. */
export interface OnScreen {
  project: Project
  dirty: boolean
  path: string | null
  key?: string
}
/** A project that is to be saved, and the folder that holds those of its runs that are in brief. */
export interface Completed {
  project: SentProject
  journal: string
}
/** Options of a keeper. */
export interface KeeperOptions {
  /** Milliseconds between two writes; what has changed waits no longer, however often more changes. */
  interval?: number
  /** Milliseconds until a failed write is tried again. */
  retry?: number
  /** Milliseconds after which a write that has not ended is told of. */
  patience?: number
  /** Hears why nothing can be written, and (null) that it can again. */
  onState?: (problems: Problem[] | null) => void
  /** Runs have gone from the disk that the window alone has: it should tell of the project again. */
  onLost?: () => void
}

/**
 * Keeps the project on screen on disk, in the app's own folder, so that it survives whatever ends the app: what the
 * window tells of the project, and what the host tells of runs, whether there is a window or not.
 */
export class Keeper {
  private journal: Journal
  private count = 0
  /** Runs of a file that was opened, until the window has put them on screen. */
  private offered = new Map<string, RunRecord>()
  /** Recovered work that the window was given. */
  private taken: { key: string; folder: string; runs: string[] } | undefined
  /** Logs of the host. */
  private readonly followed = new Map<string, RunLog>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private writing: Promise<void> = Promise.resolve()
  private closed = false
  private problems: Problem[] | null = null

  constructor(
    readonly folder: string,
    private readonly options: KeeperOptions = {},
    private readonly session = `${wallClock().toString(36)}-${process.pid}`
  ) {
    this.journal = this.next()
  }
  /** Whether something in the folder of backups belongs to this session. */
  isOwn(name: string): boolean {
    return this.journal.folder === join(this.folder, name)
  }
  get files(): Attachments {
    return this.journal.files
  }

  /**
   * A project that was sent with runs in brief, completed by those that are in memory.
   * @returns with the folder where the others are, on disk for good; undefined when there is one that main has not, bit
   *   for bit
   */
  complete(sent: SentProject): Completed | undefined {
    const runs: SentProject['runs'] = []
    for (const run of sent.runs) {
      const file = this.journal.runs.get(run.id)
      const log = this.followed.get(run.id) ?? file?.held
      if (!('marks' in run)) runs.push(run)
      else if (log) {
        const record = wholeOf(run, log)
        if (!record) return undefined
        runs.push(record)
      } else if (file) runs.push(run)
      else return undefined
    }
    return { project: { ...sent, runs }, journal: this.journal.folder }
  }

  /**
   * The window tells what is on screen. @param sum of the content that the file of that path had when it was opened or
   * saved last. @returns ids of the runs that main has nothing of
   */
  changed(outline: Outline | null, dirty: boolean, path: string | null, sum?: string): string[] {
    if (this.closed) return []
    if (!outline) {
      this.replace(this.next(), this.journal.key)
      return []
    }
    const isNamed = this.journal.key !== undefined || this.taken?.key === outline.key
    if (isNamed && outline.key !== undefined && outline.key !== this.journal.key)
      this.replace(this.next(outline.key), outline.replaces)
    const { journal } = this
    journal.key ??= outline.key
    journal.outline = outline
    journal.dirty = dirty
    journal.path = path
    journal.sum = sum
    if (outline.files) journal.files = outline.files
    const missing: string[] = []
    for (const run of outline.runs) {
      if (journal.runs.has(run.id)) continue
      const record = 'frames' in run ? run : this.offered.get(run.id)
      const known = this.followed.get(run.id) ?? (record && RunLog.from(record))
      if (known) journal.add(run.id, known, this.followed.has(run.id))
      else missing.push(run.id)
    }
    if (!missing.length) this.offered.clear()
    this.touch()
    return missing
  }
  /** A file was opened: its runs need not be sent back. */
  offer(runs: readonly RunRecord[]): void {
    this.offered = new Map(runs.map((r) => [r.id, r]))
  }
  /** The window was given recovered work, which is gone on with in its folder. */
  adopt(key: string, runs: string[]): void {
    this.taken = { key, folder: join(this.folder, key), runs }
  }
  /** A run has begun. */
  follow(run: RunLog): void {
    this.followed.set(run.head.id, run)
    this.journal.add(run.head.id, run, true)
    this.grown()
  }
  /** A run has gone on. */
  grown(): void {
    this.journal.dirty = true
    this.touch()
  }
  /** A run was removed. */
  drop(id: string): void {
    this.followed.delete(id)
    this.queue(this.journal.drop(id))
  }
  /** The whole project, for a window that was reloaded. */
  async onScreen(): Promise<OnScreen | null> {
    const { outline, files, dirty, path, key, folder, runs } = this.journal
    if (!outline) return null
    const records: RunRecord[] = []
    for (const stub of outline.runs) {
      const held = this.followed.get(stub.id) ?? runs.get(stub.id)?.held
      const record = held?.toRecord() ?? (await readRun(folder, stub.id))
      if (record) records.push({ ...record, name: stub.name })
    }
    const { name, experiments, current, search, extra } = outline
    const project: Project = {
      format: 'gradient-clinic/project',
      version: PROJECT_VERSION,
      name,
      experiments,
      current,
      runs: records,
      files,
      ...(search && { search }),
      ...(extra && { extra })
    }
    return { project, dirty, path, ...(key !== undefined && { key }) }
  }
  /** Writes at once what is waiting. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const { journal } = this
    const failed = (error: unknown): void => {
      const known =
        error instanceof TextError ? error : fileProblem(this.folder, error, { en: 'can’t be written', zh: '无法写入' })
      this.say([problem(journal.folder, known.text.en, known.text.zh)])
    }
    this.queue(async () => {
      // A disk that has gone may neither answer nor fail.
      const late = setTimeout(() => failed({ code: 'ENOANSWER' }), this.options.patience ?? PATIENCE)
      try {
        const isLost = await journal.write((id) => this.followed.get(id))
        this.say(null)
        if (isLost) this.options.onLost?.()
      } catch (error) {
        failed(error)
        if (!this.closed) this.timer ??= setTimeout(() => void this.flush(), this.options.retry ?? RETRY)
      } finally {
        clearTimeout(late)
      }
    })
    return this.writing
  }
  /** Tells again why nothing can be written, to a window that was not there before. */
  repeat(): void {
    if (this.problems) this.options.onState?.(this.problems)
  }
  /** The person does not want the work on screen. Nothing that comes later is kept. */
  discard(): void {
    this.closed = true
    this.journal.dirty = false
  }
  /** The app ends: what is not saved stays on disk. */
  async close(): Promise<void> {
    this.closed = true
    if (this.journal.dirty) await this.flush()
    else {
      const { journal } = this
      clearTimeout(this.timer)
      this.queue(() => journal.remove())
      await this.writing
    }
  }

  private next(key?: string): Journal {
    const { taken } = this
    this.taken = undefined
    if (!taken || taken.key !== key) return new Journal(this.freeFolder(), key)
    const journal = new Journal(taken.folder, key)
    for (const id of taken.runs) journal.add(id)
    return journal
  }
  /** One of which there is nothing: a clock that was set back may give an earlier session's name again. */
  private freeFolder(): string {
    for (;;) {
      const folder = join(this.folder, `open-${this.session}-${++this.count}`)
      if (!existsSync(folder)) return folder
    }
  }
  /**
   * Another project is on screen. @param replaced key of the one before, about which the person was asked; without it
   * unsaved work stays, and is offered at the next start
   */
  private replace(next: Journal, replaced?: string): void {
    const old = this.journal
    this.journal = next
    if (!old.dirty || old.key === replaced) this.queue(() => old.remove())
    else
      this.queue(async () => {
        await old.write((id) => this.followed.get(id))
      })
  }
  private touch(): void {
    if (!this.closed) this.timer ??= setTimeout(() => void this.flush(), this.options.interval ?? INTERVAL)
  }
  private say(problems: Problem[] | null): void {
    if (problems) log('error', 'backup:', problems[0]!.message.en)
    if (JSON.stringify(problems) === JSON.stringify(this.problems)) return
    this.problems = problems
    this.options.onState?.(problems)
  }
  private queue(work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch((error: unknown) => log('error', 'backup:', (error as Error).message))
  }
}
