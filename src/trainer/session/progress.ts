import type { LiveProgress } from '../../shared/run/update'
import type { Emit } from './events'

/** Milliseconds between two progress updates, unless something has happened. */
const PACE = 100
/** Milliseconds over which the rate is measured. */
const SPAN = 1000

/** Emits the progress of a session at a bounded pace, with the rate over the last second or so. */
export class ProgressReporter {
  private sent = 0
  private marks: { at: number; step: number }[] = []

  /** @param read the progress as it is now, without its rate */
  constructor(
    private readonly read: () => LiveProgress,
    private readonly emit: Emit
  ) {}

  /** @param now also when the last update was just before */
  report(now: boolean): void {
    const time = performance.now()
    if (!now && time - this.sent < PACE) return
    this.sent = time
    const progress = this.read()
    this.marks.push({ at: time, step: progress.step })
    while (this.marks.length > 2 && time - this.marks[1]!.at >= SPAN) this.marks.shift()
    const first = this.marks[0]!
    const rate =
      progress.state === 'running' && time > first.at && progress.step > first.step
        ? ((progress.step - first.step) * 1000) / (time - first.at)
        : undefined
    this.emit({ kind: 'progress', progress: { ...progress, ...(rate !== undefined && { rate }) } })
  }
  /** Measures the rate anew from the next report on. */
  restart(): void {
    this.marks = []
  }
}
