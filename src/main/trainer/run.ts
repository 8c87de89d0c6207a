import type { Attachments } from '@shared/catalog/datasets'
import { sumsOf } from '@shared/experiment/attached'
import type { Experiment } from '@shared/experiment/types'
import type { StartOptions } from '@shared/ipc/trainer'
import { Pace } from '@shared/run/pace'
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
  /** What ends the listening to its process. */
  private unheard: (() => void)[] = []
  private readonly pace = new Pace()

  constructor(
    id: string,
    experiment: Experiment,
    readonly files: Attachments,
    emit: (message: RunMessage) => void,
    private readonly grown: () => void,
    readonly options: StartOptions = {}
  ) {
    const { name = experiment.name, from, search, recording } = options
    const sums = sumsOf(files)
    this.log = new RunLog({
      id,
      name,
      experiment,
      createdAt: new Date().toISOString(),
      ...(search !== undefined && { search }),
      ...(sums.length && { sums }),
      ...(recording !== undefined && { watched: recording }),
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
  /** It is a training of a search, which has its own turns. */
  get isTrial(): boolean {
    return this.options.search !== undefined
  }
  /** It is a recording of another program, which trains by itself. */
  get isWatched(): boolean {
    return this.options.recording !== undefined
  }
  /** Whether it takes its turn in the queue. */
  get isQueued(): boolean {
    return !this.isTrial && !this.isWatched
  }
  /** Milliseconds a step takes, without what comes before the first; NaN where too few frames tell. */
  get stepMs(): number {
    return this.pace.stepMs
  }
  /** Whether it waits for its turn. */
  get waits(): boolean {
    return this.log.progress.state === 'queued'
  }

  /** @throws RangeError for an update that makes no sense */
  apply(update: RunUpdate): void {
    const part = this.log.apply(update)
    const step = part === 'frames' ? this.log.table!.lastStep : undefined
    if (step !== undefined) this.pace.mark(step, performance.now())
    if (!part) return
    this.feed.notify(part)
    this.grown()
  }
  /** Changes some of the progress; a run that has ended stays as it is. */
  setProgress(change: Partial<LiveProgress>): void {
    this.apply({ kind: 'progress', progress: { ...(this.log.progress as LiveProgress), ...change } })
  }
  /** @param end ends the listening to its process */
  hears(end: () => void): void {
    this.unheard.push(end)
  }
  /** Its process is another run's now, or none's. */
  deafen(): void {
    for (const end of this.unheard.splice(0)) end()
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
    // One that is paused gives signs, too: it is to hear when it shall go on.
    if (this.child && !this.over && silent >= WAITING) this.setProgress({ waiting: silent })
  }
  /** Ends the run at the step that was reported last. @param failure absent: it was stopped */
  end(failure?: Failure): void {
    const { step } = this.log.progress
    this.apply(failure ? { kind: 'failure', failure, step } : { kind: 'done', state: 'stopped', step })
  }
}
