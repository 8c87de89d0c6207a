import { native } from '../../../base/native'
import type { Scalar, TF, Tensor } from '../../../base/tf'
import type { StatisticContext } from '../types'

/** Reductions of one tensor, each computed at most once however many statistics ask for it. */
export interface Measures {
  /** √Σx²: right wherever |x| itself fits float32. */
  norm(): Scalar
  /** √(Σx²/n) */
  rms(): Scalar
  maxAbs(): Scalar
  meanAbs(): Scalar
  mean(): Scalar
  /** √(Σ(x − mean)²/n) */
  std(): Scalar
  /** Share of exact zeros; NaN when a value is NaN. */
  zeroShare(): Scalar
  nans(): Scalar
  infinities(): Scalar
  /** NaN or ±Inf. */
  nonFinite(): Scalar
}

/** √Σx² without under- or overflow of the squares. */
function norm(tf: TF, x: Tensor, abs: () => Tensor): Tensor {
  const n = native(tf)
  if (n) {
    // Squares of float32 numbers always fit float64. L2Loss is Σx²/2.
    const wide = n.op('Cast', [x], { SrcT: { type: 'float32' }, DstT: { type: 'float64' }, Truncate: false })
    const half = n.op('L2Loss', [wide], { T: { type: 'float64' } })
    const root = n.op('Sqrt', [half], { T: { type: 'float64' } })
    return tf.mul(
      n.op('Cast', [root], { SrcT: { type: 'float64' }, DstT: { type: 'float32' }, Truncate: false }),
      Math.SQRT2
    )
  }
  // Scaled by the largest, held within float32 so that 0 stays 0 and Inf stays Inf.
  const scale = tf.minimum(tf.maximum(tf.max(abs()), 1e-37), 3e38)
  return tf.mul(scale, tf.sqrt(tf.sum(tf.square(tf.div(x, scale)))))
}

/**
 * The reductions of one tensor, each a scalar. Right where squares under- or overflow float32.
 * @param ctx its `share` caches each result by tensor
 */
export function measure(tf: TF, x: Tensor, ctx: Pick<StatisticContext, 'share'>): Measures {
  const count = x.size
  const once = (key: string, make: () => Tensor): Scalar => ctx.share(key, x, () => make() as Scalar)
  const abs = (): Tensor => ctx.share('abs', x, () => tf.abs(x))
  const countTrue = (b: Tensor): Tensor => tf.sum(tf.cast(b, 'float32'))
  const m: Measures = {
    norm: () => once('norm', () => norm(tf, x, abs)),
    rms: () => once('rms', () => tf.mul(m.norm(), 1 / Math.sqrt(count))),
    maxAbs: () => once('maxAbs', () => tf.max(abs())),
    meanAbs: () => once('meanAbs', () => tf.mean(abs())),
    mean: () => once('mean', () => tf.mean(x)),
    std: () =>
      once('std', () => {
        const centred = tf.sub(x, m.mean())
        return tf.mul(
          norm(tf, centred, () => tf.abs(centred)),
          1 / Math.sqrt(count)
        )
      }),
    // Σ sign(x)² counts what is not zero, far cheaper than a comparison and a cast.
    zeroShare: () => once('zeroShare', () => tf.sub(1, tf.mul(tf.sum(tf.square(tf.sign(x))), 1 / count))),
    nans: () => once('nans', () => countTrue(tf.isNaN(x))),
    infinities: () => once('infinities', () => countTrue(tf.isInf(x))),
    nonFinite: () => once('nonFinite', () => tf.sub(count, countTrue(tf.isFinite(x))))
  }
  return m
}
