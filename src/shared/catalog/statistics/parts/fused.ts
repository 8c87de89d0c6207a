import { native } from '../../../base/native'
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

/**
 * Some statistics of one layer, as one vector in the order asked for: in one pass over each tensor where the library has the op for it,
 * else by `compute`, one by one.
 */
export function measureLayer(
  tf: TF,
  wanted: readonly Wanted[],
  sources: Partial<Record<Source, Tensor>>,
  share: StatisticContext['share']
): Tensor {
  const n = native(tf)
  const fused = wanted.map((w) => w.entry.fused?.(w.activation))
  if (!n?.hasMeasure || fused.some((f) => !f))
    return tf.stack(
      wanted.map(({ entry, activation }) => entry.compute!(tf, sources, { share, ...(activation && { activation }) }))
    )
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
  const requests = fused.flatMap((f) => {
    const of = at(f!.of)
    if (f!.bounds) bounds.splice(2 * of, 2, ...f!.bounds)
    return [of, FIGURES.indexOf(f!.figure), f!.over ? at(f!.over) : -1]
  })
  return n.op('ClinicMeasure', tensors, { N: { int: tensors.length }, requests: { int: requests }, bounds })
}

/** A statistic of each time step, as one vector. @param source [T, …] */
export function measureTimes(tf: TF, entry: Statistic, source: Tensor, share: StatisticContext['share']): Tensor {
  const slices = tf.unstack(source)
  const n = native(tf)
  const f = entry.fused?.(undefined)
  if (!n?.hasMeasure || !f) return tf.stack(slices.map((s) => entry.compute!(tf, { [entry.needs[0]!]: s }, { share })))
  const figure = FIGURES.indexOf(f.figure)
  return n.op('ClinicMeasure', slices, {
    N: { int: slices.length },
    requests: { int: slices.flatMap((_, t) => [t, figure, -1]) },
    bounds: slices.flatMap(() => f.bounds ?? [-Infinity, Infinity])
  })
}

/** √ of the sum of all squares of several tensors: the global norm. */
export function globalNorm(tf: TF, tensors: readonly Tensor[], share: StatisticContext['share']): Tensor {
  const n = native(tf)
  if (!n?.hasMeasure)
    return measure(tf, tf.stack(tensors.map((t) => measure(tf, t, { share }).norm())), { share }).norm()
  const norms = (list: readonly Tensor[]): Tensor =>
    n.op('ClinicMeasure', [...list], {
      N: { int: list.length },
      requests: { int: list.flatMap((_, i) => [i, 0, -1]) },
      bounds: list.flatMap(() => [0, 0])
    })
  return tf.reshape(norms([norms(tensors)]), [])
}
