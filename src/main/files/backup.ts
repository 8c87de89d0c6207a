import { mkdirSync } from 'node:fs'
import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Project } from '@shared/project/types'
import { encodeProject } from '@shared/project'
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
    readonly folder: string,
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
  /** The person doesn't want, or has saved, what was adopted. */
  discard(): void {
    this.queue(() => this.remove())
  }
  private async remove(): Promise<void> {
    const path = this.handedOut
    this.handedOut = undefined
    if (path) await unlink(path).catch(() => {})
  }
  /** Recovered work is on screen: it goes once it is backed up anew. */
  adopt(file: string): void {
    this.handedOut = file
  }
  isOwn(name: string): boolean {
    return name === this.file
  }
  private queue(work: () => Promise<void>): void {
    this.writing = this.writing.then(work).catch((error: unknown) => log('error', 'backup:', (error as Error).message))
  }
}
