import type { Attachments } from '@shared/catalog/datasets'
import type { Experiment } from '@shared/experiment/types'
import type { StartOptions } from '@shared/ipc/trainer'
import { RunLog } from '@shared/run/runLog'
import type { Failure } from '@shared/run/types'
import type { LiveProgress, RunMessage, RunUpdate } from '@shared/run/update'
import type { Child } from './child'
import { Feed } from './feed'

/** Seconds of silence after which the window is told. */
const WAITING = 5

/** One run of main: its log, its feed to the window, and its process while it has one. */
export class Run {
  readonly log: RunLog
  readonly feed: Feed
  child?: Child
  /** Somebody pressed Stop. */
  stopAsked = false
  private lastSign = 0

  constructor(
    id: string,
    experiment: Experiment,
    readonly files: Attachments,
    emit: (message: RunMessage) => void,
    private readonly grown: () => void,
    readonly options: StartOptions = {}
  ) {
    const { name = experiment.name, from } = options
    this.log = new RunLog({
      id,
      name,
      experiment,
      createdAt: new Date().toISOString(),
      ...(from && { continuedFrom: { run: from.run, name: from.name, step: from.checkpoint.step } })
    })
    this.feed = new Feed(this.log, emit)
  }
  get id(): string {
    return this.log.head.id
  }
  get experiment(): Experiment {
    return this.log.head.experiment
  }
  get over(): boolean {
    return this.log.over
  }
  /** Whether it takes up a core. */
  get busy(): boolean {
    const { state } = this.log.progress
    return state === 'starting' || state === 'running'
  }
  /** Whether it waits for its turn. */
  get waits(): boolean {
    return this.log.progress.state === 'queued'
  }

  /** @throws RangeError for an update that makes no sense */
  apply(update: RunUpdate): void {
    const part = this.log.apply(update)
    if (!part) return
    this.feed.notify(part)
    this.grown()
  }
  /** Changes some of the progress; a run that has ended stays as it is. */
  setProgress(change: Partial<LiveProgress>): void {
    this.apply({ kind: 'progress', progress: { ...(this.log.progress as LiveProgress), ...change } })
  }
  /** The trainer was started. @param now milliseconds */
  begin(now: number): void {
    this.lastSign = now
    this.setProgress({ state: 'starting' })
  }
  /** The trainer gave a sign of life. @param now milliseconds */
  sign(now: number): void {
    this.lastSign = now
    if (this.log.progress.waiting !== undefined) this.setProgress({ waiting: undefined })
  }
  /**
   * Reports a trainer that has been silent for long: one step may take that long, or a native call hangs. @param now
   * milliseconds
   */
  checkSigns(now: number): void {
    const silent = Math.floor((now - this.lastSign) / 1000)
    if (this.busy && silent >= WAITING) this.setProgress({ waiting: silent })
  }
  /** Ends the run at the step that was reported last. @param failure absent: it was stopped */
  end(failure?: Failure): void {
    const { step } = this.log.progress
    this.apply(failure ? { kind: 'failure', failure, step } : { kind: 'done', state: 'stopped', step })
  }
}
