import { native, type Native } from '../../../base/native'
import type { TF, Tensor } from '../../../base/tf'
import type { Figure, Source, Statistic, StatisticContext } from '../types'
import { measure } from './measure'

/** In the order of `Figure` in native/statistics.cc. */
const FIGURES: Figure[] = [
  'norm',
  'rms',
  'maxAbs',
  'meanAbs',
  'mean',
  'std',
  'zeroShare',
  'nans',
  'infinities',
  'nonFinite',
  'outsideShare',
  'deadShare',
  'normRatio'
]

/** One statistic of one layer. */
export interface Wanted {
  entry: Statistic
  activation?: StatisticContext['activation']
}

/** A request of the native pass: which tensor, which figure, and the tensor below the line of a ratio, or −1. */
type Request = [of: number, figure: number, over: number]

/**
 * Figures of several tensors by the native pass, in the order of the requests.
 * @param bounds two for each tensor: below the first or above the second a value counts as outside
 */
const nativePass = (n: Native, tensors: Tensor[], requests: Request[], bounds: number[]): Tensor =>
  n.op('ClinicMeasure', tensors, { N: { int: tensors.length }, requests: { int: requests.flat() }, bounds })

/**
 * Some statistics of one layer, as one vector in the order asked for. Those with a `fused` form are taken in one native
 * pass over each tensor, where the library has the op for it; the others by `compute`, one by one.
 * @param sources the layer's tensors at this step
 * @param share cache of intermediate results of this step
 * @returns [wanted.length]
 */
export function measureLayer(
  tf: TF,
  wanted: readonly Wanted[],
  sources: Partial<Record<Source, Tensor>>,
  share: StatisticContext['share']
): Tensor {
  const n = native(tf)
  const compute = ({ entry, activation }: Wanted): Tensor =>
    entry.compute!(tf, sources, { share, ...(activation && { activation }) })
  if (!n?.hasOwn) return tf.stack(wanted.map(compute))
  const tensors: Tensor[] = []
  const bounds: number[] = []
  const at = (source: Source): number => {
    const t = sources[source]!
    if (!tensors.includes(t)) {
      tensors.push(t)
      bounds.push(-Infinity, Infinity)
    }
    return tensors.indexOf(t)
  }
  const requests = wanted.map((w): Request | undefined => {
    const f = w.entry.fused?.(w.activation)
    if (!f) return undefined
    const of = at(f.of)
    if (f.bounds) bounds.splice(2 * of, 2, ...f.bounds)
    return [of, FIGURES.indexOf(f.figure), f.over ? at(f.over) : -1]
  })
  const fused = requests.filter((r) => r !== undefined)
  if (!fused.length) return tf.stack(wanted.map(compute))
  const figures = nativePass(n, tensors, fused, bounds)
  if (fused.length === wanted.length) return figures
  const taken = tf.unstack(figures)
  return tf.stack(wanted.map((w, i) => (requests[i] ? taken.shift()! : compute(w))))
}

/**
 * A statistic of each time step, as one vector.
 * @param source [T, …]
 * @returns [T]
 */
export function measureTimes(tf: TF, entry: Statistic, source: Tensor, share: StatisticContext['share']): Tensor {
  const slices = tf.unstack(source)
  const n = native(tf)
  const f = entry.fused?.(undefined)
  if (!n?.hasOwn || !f) return tf.stack(slices.map((s) => entry.compute!(tf, { [entry.needs[0]!]: s }, { share })))
  const figure = FIGURES.indexOf(f.figure)
  return nativePass(
    n,
    slices,
    slices.map((_, t) => [t, figure, -1]),
    slices.flatMap(() => f.bounds ?? [-Infinity, Infinity])
  )
}

/**
 * √ of the sum of all squares of several tensors: the global norm.
 * @returns a scalar, right wherever the norm itself fits float32
 */
export function globalNorm(tf: TF, tensors: readonly Tensor[], share: StatisticContext['share']): Tensor {
  const n = native(tf)
  if (!n?.hasOwn) return measure(tf, tf.stack(tensors.map((t) => measure(tf, t, { share }).norm())), { share }).norm()
  const norms = (list: readonly Tensor[]): Tensor =>
    nativePass(
      n,
      [...list],
      list.map((_, i) => [i, FIGURES.indexOf('norm'), -1]),
      list.flatMap(() => [0, 0])
    )
  return tf.reshape(norms([norms(tensors)]), [])
}
