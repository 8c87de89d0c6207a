import type { Activation } from '../catalog/activations/types'
import type { Params } from '../base/params'

/** Equal bins between a tensor's least and largest finite value. */
export const BINS = 48

/** The tensors whose values are counted: z, h, W, ∂L/∂h, ∂L/∂z, ∂L/∂W. */
export const histogramSources = [
  'preActivation',
  'activation',
  'kernel',
  'activationGradient',
  'preActivationGradient',
  'kernelGradient'
] as const
/** One of the tensors whose values are counted. */
export type HistogramSource = (typeof histogramSources)[number]

/** One distribution, without its bins. Counts are exact. */
export interface HistogramEntry {
  /** Index of the layer. */
  layer: number
  source: HistogramSource
  /** All values, finite or not. */
  count: number
  nan: number
  /** Values that are +Inf or −Inf. */
  infinite: number
  /** Values that are exactly 0 (of either sign). */
  zero: number
  /** Least and largest finite value; both 0 when there is none. */
  low: number
  high: number
  /** Slope figures of pre-activations: means over the finite values, in float64. */
  slope?: SlopeFigures
}
/** What an activation does at its pre-activations. */
export interface SlopeFigures {
  /** Mean of f′(z). */
  mean: number
  /** Share of z below the activation's lower limit, where |f′| is under 5 % of its maximum; 0 without such a limit. */
  below: number
  /** The same above the upper limit. */
  above: number
}
/** All distributions of a network at one step. */
export interface HistogramSet {
  step: number
  /** Taken because somebody asked; only the newest such set is kept. */
  live?: true
  entries: HistogramEntry[]
  /** entries.length × BINS counts of finite values. */
  bins: Float32Array
}

/** The figures of a distribution, with its `BINS` counts. */
export interface Binned extends Omit<HistogramEntry, 'layer' | 'source' | 'slope'> {
  bins: Float32Array
}
/**
 * Counts values into `BINS` equal bins between the least and the largest finite one; a single value lands in the middle
 * bin.
 */
export function binValues(values: ArrayLike<number>): Binned {
  const count = values.length
  let [nan, infinite, zero, low, high] = [0, 0, 0, Infinity, -Infinity]
  for (let i = 0; i < count; i++) {
    const v = values[i]!
    if (v !== v) nan++
    else if (v === Infinity || v === -Infinity) infinite++
    else {
      if (v === 0) zero++
      if (v < low) low = v
      if (v > high) high = v
    }
  }
  // Counted as whole numbers first: float32 stops counting single values at 2²⁴.
  const whole = new Float64Array(BINS)
  if (low > high) low = high = 0
  else {
    const width = high - low
    for (let i = 0; i < count; i++) {
      const v = values[i]!
      if (!(v >= low && v <= high)) continue
      const at = width > 0 ? Math.floor(((v - low) / width) * BINS) : BINS >> 1
      whole[at < BINS ? at : BINS - 1]!++
    }
  }
  return { count, nan, infinite, zero, low, high, bins: Float32Array.from(whole) }
}
/** Slope figures of an activation at these pre-activations; undefined when none of them is finite. */
export function slopeFigures(values: ArrayLike<number>, entry: Activation, params: Params): SlopeFigures | undefined {
  const { saturatedBelow = -Infinity, saturatedAbove = Infinity } = entry.regime(params)
  let [n, sum, below, above] = [0, 0, 0, 0]
  for (let i = 0; i < values.length; i++) {
    const z = values[i]!
    if (!Number.isFinite(z)) continue
    n++
    sum += entry.df(z, params)
    if (z < saturatedBelow) below++
    else if (z > saturatedAbove) above++
  }
  return n ? { mean: sum / n, below: below / n, above: above / n } : undefined
}
/** Estimates the mean slope from bins, each taken at its middle; undefined when they are empty. */
export function estimateSlope(
  e: Pick<HistogramEntry, 'low' | 'high'>,
  bins: ArrayLike<number>,
  entry: Activation,
  params: Params
): number | undefined {
  let [n, sum] = [0, 0]
  for (let i = 0; i < bins.length; i++) {
    n += bins[i]!
    sum += bins[i]! * entry.df(e.low + ((i + 0.5) / bins.length) * (e.high - e.low), params)
  }
  return n ? sum / n : undefined
}

/**
 * Sets per decade of steps: with the first, the last and a live one, some 30 in 100,000 steps; fewer in a very deep
 * net.
 */
const perDecade = (layers: number): number => (layers > 200 ? 2 : 6)
/** Whether the distributions at this step are kept: logarithmically spaced, the first and the last always. */
export function isKeptStep(step: number, steps: number, layers: number): boolean {
  if (step <= 1 || step === steps - 1) return true
  const k = perDecade(layers)
  return Math.floor(k * Math.log10(step)) !== Math.floor(k * Math.log10(step - 1))
}

/**
 * Adds a set in the order of steps. A live one replaces the last live one; a kept one is never replaced.
 * @returns a new list
 */
export function withHistograms(sets: readonly HistogramSet[], set: HistogramSet): HistogramSet[] {
  const rest = sets.filter((s) => s.step !== set.step && !(set.live && s.live))
  const known = sets.find((s) => s.step === set.step)
  // What is kept stays kept.
  return [...rest, known && !known.live ? known : set].sort((a, b) => a.step - b.step)
}
/** The newest set at or before a step. */
export function histogramsAt(sets: readonly HistogramSet[], step: number | undefined): HistogramSet | undefined {
  if (step === undefined) return undefined
  for (let i = sets.length - 1; i >= 0; i--) if (sets[i]!.step <= step) return sets[i]
  return undefined
}
/** One distribution of a set with its bins (a view). */
export function histogramOf(
  set: HistogramSet,
  layer: number,
  source: HistogramSource
): (HistogramEntry & { bins: Float32Array }) | undefined {
  const i = set.entries.findIndex((e) => e.layer === layer && e.source === source)
  return i < 0 ? undefined : { ...set.entries[i]!, bins: set.bins.subarray(i * BINS, (i + 1) * BINS) }
}
