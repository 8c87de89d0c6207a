import type { FrameTable } from '@shared/run/frameTable'
import type { HistogramSet } from '@shared/run/histogram'
import type { Checkpoint, Evaluation, Finding, FrameBatch, Progress, RunEvent, RunSchema } from '@shared/run/types'

/** What a run tells the window. */
export interface FeedEvents {
  runSchema: { id: string; schema: RunSchema }
  runProgress: { id: string; progress: Progress }
  runFrames: { id: string; frames: FrameBatch }
  runEvaluation: { id: string; evaluation: Evaluation }
  runFindings: { id: string; findings: Finding[] }
  runHistograms: { id: string; histograms: HistogramSet }
  runEvents: { id: string; events: RunEvent[] }
  runCheckpoint: { id: string; checkpoint: Checkpoint; kept: number[] }
}
export type Emit = <E extends keyof FeedEvents>(event: E, payload: FeedEvents[E]) => void
/** What is there to be told; grows by itself. */
export interface FeedSource {
  readonly id: string
  readonly progress: Progress
  readonly table?: FrameTable
  readonly evaluations: readonly Evaluation[]
  readonly findings: Finding[]
  readonly over: boolean
}

/** Batches that may be under way to the window. */
const CREDITS = 3
/** Floats in one message: 4 MB. */
const MAX_FLOATS = 2 ** 20
const MAX_EVALUATIONS = 64
/** More than twice as often as a screen can show it, ms: what comes late then still meets the next picture. */
const INTERVAL = 6

/**
 * Tells the window about one run, as fast as the window takes it. It keeps no queue: only how far the window has been told, so a slow
 * window gets larger batches, and memory stays bounded. The final state is told last, when all else has been.
 */
export class Feed {
  private sentFrames = 0
  private sentEvaluations = 0
  private underWay = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private flushed = 0
  private toldState = ''
  private progressDue = false
  private findingsDue = false

  constructor(
    private readonly run: FeedSource,
    private readonly emit: Emit,
    private readonly interval = INTERVAL
  ) {}

  /** Something has changed. */
  notify(what: 'frames' | 'evaluation' | 'progress' | 'findings'): void {
    if (what === 'progress') this.progressDue = true
    if (what === 'findings') this.findingsDue = true
    const { state } = this.run.progress
    // A change of state is seen at once; the end waits for the last frames.
    if (what === 'progress' && state !== this.toldState && !this.run.over) this.tellProgress()
    else this.schedule()
  }
  /** The window took `n` batches. */
  ack(n: number): void {
    this.underWay = Math.max(0, this.underWay - n)
    this.schedule()
  }
  /** A new page: what its predecessor didn't acknowledge never will be. */
  reset(): void {
    this.underWay = 0
    this.notify('progress')
  }
  /**
   * The page was just handed the whole record: batches it missed while it loaded were never acknowledged, and need not be. What it has not
   * been told as news yet it still is: whoever listens hears every step, and the page skips what it knows.
   */
  caughtUp(): void {
    this.reset()
  }
  close(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private tellProgress(): void {
    this.progressDue = false
    this.toldState = this.run.progress.state
    this.emit('runProgress', { id: this.run.id, progress: { ...this.run.progress } })
  }
  /** At once, unless the last time was just before. */
  private schedule(): void {
    const wait = this.run.over ? 0 : Math.max(0, this.flushed + this.interval - Date.now())
    this.timer ??= setTimeout(() => this.flush(), wait)
  }
  private flush(): void {
    this.timer = undefined
    this.flushed = Date.now()
    const { run } = this
    const { table } = run
    while (table && this.sentFrames < table.length && this.underWay < CREDITS) {
      const per = Math.max(1, Math.floor(MAX_FLOATS / (table.width + table.scalarWidth + 1)))
      const from = this.sentFrames
      const to = Math.min(table.length, from + per)
      this.sentFrames = to
      this.underWay++
      const { width, scalarWidth } = table
      this.emit('runFrames', {
        id: run.id,
        // Copies: what is sent must not keep the whole table in the message.
        frames: {
          steps: table.steps.slice(from, to),
          values: table.values.slice(from * width, to * width),
          scalars: table.scalars.slice(from * scalarWidth, to * scalarWidth)
        }
      })
    }
    const stalled = this.underWay >= CREDITS
    if (!stalled) {
      const until = Math.min(run.evaluations.length, this.sentEvaluations + MAX_EVALUATIONS)
      while (this.sentEvaluations < until)
        this.emit('runEvaluation', { id: run.id, evaluation: run.evaluations[this.sentEvaluations++]! })
      if (this.findingsDue) {
        this.findingsDue = false
        this.emit('runFindings', { id: run.id, findings: run.findings })
      }
      const allTold = this.sentFrames >= (table?.length ?? 0) && this.sentEvaluations >= run.evaluations.length
      if (this.progressDue && (!run.over || allTold)) this.tellProgress()
      // What doesn't wait for an acknowledgement goes on at the next tick.
      if (!allTold || this.progressDue) this.schedule()
    }
  }
}
