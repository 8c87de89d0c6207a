import { short } from '../format'
import type { AxisNames, Caption, Mark } from '../plot'

/** One curve over the steps. */
export interface CurveLine {
  label: string
  /** Said instead of the label where there is little room. */
  brief?: string
  steps: ArrayLike<number>
  values: ArrayLike<number>
  /**
   * `data`: the training loss without its penalties, which is comparable with a validation loss; `baseline`: what a
   * forecast that learns nothing has, the same at all steps.
   */
  tone: 'train' | 'validation' | 'data' | 'baseline'
  /**
   * Colour of a run among others. The stretches where such a curve isn't finite are not painted, as they would hide the
   * others.
   */
  color?: string
}
/** Everything that a plot of curves shows. */
export interface CurveModel {
  lines: CurveLine[]
  log: boolean
  /** Weight of the moving average of the training curves, drawn over the faint curves themselves; 0: none. */
  smoothing?: number
  dark: boolean
  /** Planned steps. */
  planned: number
  /** First step of a continued run. */
  first?: number | undefined
  /** Newest recorded step. */
  last: number | undefined
  /** Every n-th step is recorded. */
  interval: number
  marks: Mark[]
  pinned?: number | undefined
  /** The steps in view, which the heatmap above decides; all steps by default. */
  from?: number
  to?: number
  axes?: AxisNames
  caption?: Caption
}
/**
 * Stretches of steps where a curve isn't finite.
 * @param interval every n-th step is recorded: the length of the last stretch
 */
export function gaps(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  interval: number
): { from: number; to: number; kind: 'nan' | 'inf' }[] {
  const out: { from: number; to: number; kind: 'nan' | 'inf' }[] = []
  for (let i = 0; i < steps.length; i++) {
    const v = values[i]!
    if (Number.isFinite(v)) continue
    const kind = Number.isNaN(v) ? 'nan' : 'inf'
    const to = i + 1 < steps.length ? steps[i + 1]! : steps[i]! + interval
    const last = out[out.length - 1]
    if (last && last.kind === kind && last.to === steps[i]) last.to = to
    else out.push({ from: steps[i]!, to, kind })
  }
  return out
}
/**
 * Pairs of x and y in one array, as ECharts takes them. Values that the axis has no place for are NaN, which leaves a
 * gap.
 */
export function pairs(steps: ArrayLike<number>, values: ArrayLike<number>, log: boolean): Float64Array {
  const out = new Float64Array(steps.length * 2)
  for (let i = 0; i < steps.length; i++) {
    const v = values[i]!
    out[2 * i] = steps[i]!
    out[2 * i + 1] = Number.isFinite(v) && !(log && v <= 0) ? v : NaN
  }
  return out
}
/** Least and greatest value that can be drawn; undefined when there is none. */
export function extent(lines: readonly CurveLine[], log: boolean): [number, number] | undefined {
  let low = Infinity
  let high = -Infinity
  for (const l of lines)
    for (let i = 0; i < l.values.length; i++) {
      const v = l.values[i]!
      if (!Number.isFinite(v) || (log && v <= 0)) continue
      if (v < low) low = v
      if (v > high) high = v
    }
  return low <= high ? [low, high] : undefined
}
/** Whether a logarithmic axis suits the curves: they are positive and span more than three decades. */
export function suitsLog(lines: readonly CurveLine[]): boolean {
  const e = extent(lines, false)
  return !!e && e[0] > 0 && e[1] / e[0] > 1000
}

/**
 * Words for a tick, mostly six characters. @param span from the least to the greatest value of the axis: ticks that lie
 * close together get the digits that tell them apart
 */
export const axisNumber = (v: number, span = Math.abs(v)): string =>
  v === 0
    ? '0'
    : Math.abs(v) >= 1e4 || Math.abs(v) < 1e-3
      ? v
          .toExponential(1)
          .replace('.0e', 'e')
          .replace('e+', 'e')
          .replace('-', v < 0 ? '−' : '-')
      : short(v, Math.min(6, Math.max(3, Math.ceil(Math.log10(Math.abs(v) / (span || 1))) + 1)))
          .replace(/(\.\d*?)0+$/, '$1')
          .replace(/\.$/, '')
