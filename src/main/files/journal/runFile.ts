import { open, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { START, type Cursor, type Room, type RunHead, type RunLog } from '@shared/run/runLog'
import type { Checkpoint } from '@shared/run/types'
import type { RunUpdate, UpdateOf } from '@shared/run/update'
import { frame } from './framing'

/** How much is encoded at once. */
const ROOM: Required<Pick<Room, 'batches' | 'numbers'>> = { batches: 4, numbers: 2 ** 20 }

/** An update as it is written: the values of a checkpoint lie in a file of their own. */
export type WrittenUpdate =
  | Exclude<RunUpdate, { kind: 'checkpoint' }>
  | (Omit<UpdateOf<'checkpoint'>, 'checkpoint'> & { checkpoint: Omit<Checkpoint, 'values'> })
/** One record of a run's file. The head comes first, and again whenever it has changed. */
export type Written = { kind: 'head'; head: RunHead } | WrittenUpdate

export const runPath = (folder: string, id: string): string => join(folder, `${id}.run`)
export const checkpointPath = (folder: string, id: string, step: number): string =>
  join(folder, `${id}-${step}.checkpoint`)

/**
 * A run on disk: a file that only grows, with the updates of its log. Like the window it is a consumer with a cursor,
 * so that nothing waits in memory, and what could not be written is written the next time.
 */
export class RunFile {
  private cursor: Cursor = START
  private end = 0
  private head = ''
  private readonly kept = new WeakSet<Checkpoint>()

  /** @param log absent: all of the run is on disk. @param hasBegunHere it is a training of this session */
  constructor(
    private readonly folder: string,
    readonly id: string,
    private log?: RunLog,
    private readonly hasBegunHere = false
  ) {}

  /** A training of this session of which nothing is on disk. */
  get isYoung(): boolean {
    return this.hasBegunHere && this.end === 0
  }

  /** The run, as long as not all of it is on disk for good. */
  get held(): RunLog | undefined {
    return this.log
  }
  /** Writes what is new. @throws what the file system says; the file is then as long as before */
  async write(): Promise<void> {
    const { log } = this
    if (!log) return
    for (let isFull = true; isFull;) {
      const { updates, cursor } = log.since(this.cursor, ROOM)
      const head = JSON.stringify(log.head)
      if (!updates.length && head === this.head) break
      const records: Written[] = head === this.head ? [] : [{ kind: 'head', head: log.head }]
      for (const update of updates) records.push(await this.split(update))
      await this.append(Buffer.concat(records.map(frame)))
      this.cursor = cursor
      this.head = head
      isFull = updates.filter((u) => u.kind === 'frames').length >= ROOM.batches
      if (updates.some((u) => u.kind === 'checkpoint')) await this.prune(log)
    }
    if (log.over && !log.isAhead(this.cursor)) this.log = undefined
  }
  async remove(): Promise<void> {
    this.log = undefined
    await rm(runPath(this.folder, this.id), { force: true })
    for (const step of await this.steps()) await rm(checkpointPath(this.folder, this.id, step), { force: true })
  }

  private async split(update: RunUpdate): Promise<WrittenUpdate> {
    if (update.kind !== 'checkpoint') return update
    const { values, ...checkpoint } = update.checkpoint
    if (!this.kept.has(update.checkpoint)) {
      await writeFile(checkpointPath(this.folder, this.id, checkpoint.step), frame(values))
      this.kept.add(update.checkpoint)
    }
    return { ...update, checkpoint }
  }
  /** Deletes the checkpoints that the run no longer keeps. */
  private async prune(log: RunLog): Promise<void> {
    const kept = new Set(log.checkpoints.map((c) => c.step))
    for (const step of await this.steps())
      if (!kept.has(step)) await rm(checkpointPath(this.folder, this.id, step), { force: true })
  }
  private async steps(): Promise<number[]> {
    const names = await readdir(this.folder).catch(() => [] as string[])
    return names.flatMap((name) => {
      const step = /^-(\d+)\.checkpoint$/.exec(name.startsWith(this.id) ? name.slice(this.id.length) : '')?.[1]
      return step === undefined ? [] : [Number(step)]
    })
  }
  private async append(bytes: Buffer): Promise<void> {
    const file = await open(runPath(this.folder, this.id), this.end ? 'r+' : 'w')
    try {
      for (let at = 0; at < bytes.length;)
        at += (await file.write(bytes, at, bytes.length - at, this.end + at)).bytesWritten
      await file.datasync()
    } catch (error) {
      // The next attempt begins at the same place. What is left over here is no whole record.
      await file.truncate(this.end).catch(() => undefined)
      throw error
    } finally {
      await file.close()
    }
    this.end += bytes.length
  }
}
