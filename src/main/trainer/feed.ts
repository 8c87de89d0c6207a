import { again, type Cursor, START, type RunLog, type RunPart } from '@shared/run/runLog'
import type { RunMessage, RunUpdate } from '@shared/run/update'

/** Batches of frames that may be under way to the window. */
const CREDITS = 3
/** Numbers in one message: 4 MB. */
const MAX_NUMBERS = 2 ** 20
const MAX_EVALUATIONS = 64
/**
 * Milliseconds between two looks at the log: more than two looks for each picture of a screen, so that a late message
 * meets the next picture.
 */
const INTERVAL = 6
/** Parts that change seldom. */
const RARE: readonly RunPart[] = ['schema', 'histograms', 'checkpoints', 'events']

/**
 * Sends one run to the window, as fast as the window takes it. The feed has no queue, only a cursor into the log: a
 * slow window gets larger batches, and memory stays bounded.
 */
export class Feed {
  private cursor: Cursor = START
  /** Batches that the window has not acknowledged. */
  private underWay = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private flushed = 0
  private sentState = ''

  constructor(
    private readonly log: RunLog,
    private readonly emit: (message: RunMessage) => void,
    private readonly interval = INTERVAL
  ) {}

  /**
   * A part of the run has changed. What is rare leaves at once, as does a change of state; the end waits for the last
   * frames.
   */
  notify(part: RunPart): void {
    const { over, progress } = this.log
    const isUrgent = RARE.includes(part) || (part === 'progress' && progress.state !== this.sentState)
    if (over || !isUrgent) this.schedule()
    else if (this.isStalled) this.send(this.log.progressSince(this.cursor))
    else this.flush()
  }
  /** @param batches batches of frames that the window has taken */
  acknowledge(batches: number): void {
    this.underWay = Math.max(0, this.underWay - batches)
    this.schedule()
  }
  /**
   * The page was replaced, or fetched the whole record: batches that were under way will not be acknowledged. Updates
   * that were not sent yet still are, as every listener is to hear every step; a page skips what it knows.
   */
  reset(): void {
    this.underWay = 0
    this.cursor = again(this.cursor, 'progress')
    this.schedule()
  }
  close(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }

  private get isStalled(): boolean {
    return this.underWay >= CREDITS
  }
  /** Flushes at once, unless the last time was just before. */
  private schedule(): void {
    const wait = this.log.over ? 0 : Math.max(0, this.flushed + this.interval - performance.now())
    this.timer ??= setTimeout(() => this.flush(), wait)
  }
  private flush(): void {
    this.close()
    this.flushed = performance.now()
    if (this.isStalled) return
    const room = { batches: CREDITS - this.underWay, numbers: MAX_NUMBERS, evaluations: MAX_EVALUATIONS }
    this.send(this.log.since(this.cursor, room))
    // What doesn't wait for an acknowledgement is sent the next time.
    if (!this.isStalled && this.log.isAhead(this.cursor)) this.schedule()
  }
  private send({ updates, cursor }: { updates: RunUpdate[]; cursor: Cursor }): void {
    this.cursor = cursor
    for (const update of updates) {
      if (update.kind === 'frames') this.underWay++
      if (update.kind === 'progress') this.sentState = update.progress.state
      this.emit({ id: this.log.head.id, update })
    }
  }
}
