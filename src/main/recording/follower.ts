import { open, stat, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import { wallClock } from '@shared/base/clock'
import { InputError, problem } from '@shared/base/problems'
import { isStream, noFile, systemText } from '@shared/base/system'
import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import type { Handlers } from '@shared/ipc/contract'
import { errorToData } from '@shared/ipc/errors'
import type { StartOptions, trainerContract } from '@shared/ipc/trainer'
import { RecordingReader } from '@shared/recording/reader'
import type { RunMessage, RunUpdate } from '@shared/run/update'
import { joined, plannedFor } from './stream'

/** Bytes that are read at once: what is told of a long recording comes in pieces, too. */
const PIECE = 1 << 18
/** Milliseconds between two looks at a file that has not grown. */
const LOOK = 100
/** Milliseconds without a byte after which a recording that is opened is taken for one whose program has gone. */
const STALE = 10 * 60_000
/** Batches of frames that may be under way. */
const MOST_UNDER_WAY = 4

/** What a follower says by itself: the events of the trainer's contract. */
export interface FollowerEvents {
  runUpdate: RunMessage
  heartbeat: { step: number }
}
const cannot = (): never => {
  throw new InputError([problem('run', 'the training goes on in another program', '训练在另一程序中进行')])
}

/** Answers the trainer's contract by reading a recording while it grows, as one more producer of a run's stream. */
export class Follower implements Handlers<typeof trainerContract> {
  private isStopped = false
  private underWay = 0
  /** Called when a batch was taken, or when it was asked to stop. */
  private wake: (() => void) | undefined
  /** Settles when the run is over, however it ended. */
  ended: Promise<void> = Promise.resolve()

  constructor(private readonly emit: <E extends keyof FollowerEvents>(event: E, payload: FollowerEvents[E]) => void) {}

  start(id: string, _experiment: Experiment, _files: Attachments, { recording }: StartOptions = {}): void {
    if (recording === undefined) return cannot()
    this.ended = this.follow(recording, (update) => this.emit('runUpdate', { id, update }))
  }
  stop(): void {
    this.isStopped = true
    this.wake?.()
  }
  ack(count: number): void {
    this.underWay = Math.max(0, this.underWay - count)
    this.wake?.()
  }
  warmUp(): { versions: Record<string, string> } {
    return { versions: {} }
  }
  getReady(): void {}
  pause(): void {}
  resume(): void {}
  step(): void {}
  inspect(): void {}
  change = cannot
  checkpoint = cannot

  private async follow(path: string, tell: (update: RunUpdate) => void): Promise<void> {
    let step = 0
    let file: FileHandle | undefined
    try {
      const found = await stat(path)
      if (isStream(found)) {
        // To open a pipe waits until somebody writes into it.
        const { en, zh } = systemText(noFile(found), 'read')
        throw new InputError([problem('recording', `can't be read: ${en}`, `无法读取：${zh}`)])
      }
      file = await open(path, 'r')
      await this.read(file, (updates, at) => {
        step = at
        for (const update of updates) {
          if (update.kind === 'frames') this.underWay++
          tell(update)
        }
      })
    } catch (error) {
      const { message, problems } = errorToData(error)
      const [first] = problems
      const said = first?.message ?? message
      const name = basename(path)
      tell({
        kind: 'failure',
        step,
        failure: { message: { en: `${name} ${said.en}`, zh: `${name} ${said.zh}` } }
      })
    } finally {
      await file?.close()
    }
  }
  /** @param tell hears of the next updates, and of the step that they have come to */
  private async read(file: FileHandle, tell: (updates: RunUpdate[], step: number) => void): Promise<void> {
    const reader = new RecordingReader()
    const piece = Buffer.alloc(PIECE)
    const { mtimeMs } = await file.stat()
    const isOld = wallClock() - mtimeMs > STALE
    const pace = { time: performance.now(), step: 0 }
    let at = 0
    for (;;) {
      while (this.underWay >= MOST_UNDER_WAY && !this.isStopped) await this.rest()
      if (this.isStopped) return tell(this.withEnd(reader.end(), reader), reader.step)
      const { bytesRead } = await file.read(piece, 0, PIECE, at)
      if (!bytesRead) {
        if ((await file.stat()).size < at) throw new InputError([problem('recording', 'has become shorter', '变短了')])
        if (isOld) return tell(this.withEnd(reader.end(), reader), reader.step)
        await this.rest(LOOK)
        continue
      }
      at += bytesRead
      const updates = joined(reader.push(piece.subarray(0, bytesRead)))
      const { step } = reader
      // A sign of life is one of the training: a file that stands still gives none.
      this.emit('heartbeat', { step })
      if (reader.isOver) return tell(this.withEnd(updates, reader), step)
      const seconds = (performance.now() - pace.time) / 1000
      const rate = seconds > 1 ? { rate: (step - pace.step) / seconds } : {}
      if (seconds > 1) Object.assign(pace, { time: performance.now(), step })
      tell(
        [...updates, { kind: 'progress', progress: { state: 'running', step, steps: plannedFor(step), ...rate } }],
        step
      )
    }
  }
  /** The steps of a run that is over are those that were made. */
  private withEnd(updates: RunUpdate[], { step }: RecordingReader): RunUpdate[] {
    const made: RunUpdate = { kind: 'progress', progress: { state: 'running', step, steps: step } }
    return updates.flatMap((u): RunUpdate[] => (u.kind === 'done' ? [made, u] : [u]))
  }
  private rest(milliseconds?: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(resolve, milliseconds)
      this.wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
