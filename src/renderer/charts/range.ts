import type { Scale } from '@shared/catalog/statistics/types'
import type { FrameSource } from '@shared/run/frameTable'

/**
 * Ends of a colour scale, in the units the scale works in: log₁₀ for `log` and `count`, log₂ for `ratio`, plain
 * otherwise.
 */
export type Range = readonly [low: number, high: number]

/** What a scale shows when nothing was measured yet. */
export const DEFAULT_RANGE: Readonly<Record<Scale, Range>> = {
  log: [-14, 0],
  ratio: [-3, 3],
  share: [0, 1],
  linear: [-1, 1],
  // One decade below a single one: 0.
  count: [-1, 6]
}

/** A default range widened, never narrowed, so that finite `low` … `high` (raw values) fit. */
export function widen(scale: Scale, low: number, high: number): Range {
  const [a, b] = DEFAULT_RANGE[scale]
  if (scale === 'share') return [a, b]
  if (scale === 'linear') {
    const reach = Math.max(b, Number.isFinite(low) ? Math.abs(low) : 0, Number.isFinite(high) ? Math.abs(high) : 0)
    return [-reach, reach]
  }
  if (scale === 'ratio') return [a, b]
  const top = high > 0 && Number.isFinite(high) ? Math.ceil(Math.log10(high)) : b
  return [a, Math.max(b, scale === 'log' && top > b ? 2 * Math.ceil(top / 2) : top)]
}

/** The range that what was measured fills, with nothing to spare: for a scale of the run's own. */
export function fit(scale: Scale, extent: readonly [number, number] | undefined): Range {
  if (!extent || scale === 'share') return DEFAULT_RANGE[scale]
  const [low, high] = extent
  if (scale === 'linear') return widen(scale, low, high)
  const of = scale === 'ratio' ? Math.log2 : Math.log10
  if (scale === 'ratio') {
    const reach = Math.max(1, Math.ceil(Math.abs(of(low))), Math.ceil(Math.abs(of(high))))
    return [-reach, reach]
  }
  const [a, b] = [scale === 'count' ? -1 : Math.floor(of(low)), Math.ceil(of(high))]
  return a < b ? [a, b] : [a, a + 1]
}

/** Range of one statistic over a growing table; looks only at frames not seen before. */
export class RangeTracker {
  private seen = 0
  private low = Infinity
  private high = -Infinity
  private now: Range

  constructor(readonly scale: Scale) {
    this.now = DEFAULT_RANGE[scale]
  }
  /** The same array as long as the range is the same. */
  get range(): Range {
    return this.now
  }
  /** Least and greatest finite positive (log scales) or finite value so far; undefined when there was none. */
  get extent(): readonly [number, number] | undefined {
    return this.low <= this.high ? [this.low, this.high] : undefined
  }
  /** @param columns places of the statistic in a frame. */
  scan(source: FrameSource, columns: ArrayLike<number>): void {
    if (this.seen === source.length) return
    const { values, width, length } = source
    const log = this.scale === 'log' || this.scale === 'ratio' || this.scale === 'count'
    for (let f = this.seen; f < length; f++)
      for (let i = 0; i < columns.length; i++) {
        const x = values[f * width + columns[i]!]!
        if (!Number.isFinite(x) || (log && x <= 0)) continue
        if (x < this.low) this.low = x
        if (x > this.high) this.high = x
      }
    this.seen = length
    const next = widen(this.scale, this.low, this.high)
    if (next[0] !== this.now[0] || next[1] !== this.now[1]) this.now = next
  }
}
