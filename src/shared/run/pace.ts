/** Milliseconds whose steps are counted together. Frames come in batches, of which the odd one is late. */
const SPAN = 50

/**
 * How long a step of a run takes. What else a machine does, and what a process does as it begins, only makes steps
 * slower: the mean over a short run told of those, and up to six times of what a step takes.
 */
export class Pace {
  private readonly spans: number[] = []
  private from: { step: number; at: number } | undefined
  /** Over what follows the last span. */
  private rest = NaN

  /** @param step that the run has come to @param at milliseconds */
  mark(step: number, at: number): void {
    const { from } = this
    if (!from) this.from = { step, at }
    if (!from || step <= from.step) return
    this.rest = (at - from.at) / (step - from.step)
    if (at - from.at < SPAN) return
    this.spans.push(this.rest)
    this.from = { step, at }
  }
  /** Milliseconds: the lower quartile of all spans, the mean of a shorter run, NaN where too little tells. */
  get stepMs(): number {
    const sorted = [...this.spans].sort((a, b) => a - b)
    return sorted[(sorted.length - 1) >> 2] ?? this.rest
  }
}
