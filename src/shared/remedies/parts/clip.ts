import type { Scalar, TF, Tensor } from '../../tf'

/** Smallest normal float32: what we divide by instead of zero. */
const TINY = 1.1754944e-38

/** min(max(x, −limit), limit), except that NaN stays NaN (native min and max may drop it). */
export function clampKeepingNaN(tf: TF, x: Tensor, limit: Scalar): Tensor {
  const low = tf.neg(limit)
  return tf.where(tf.greater(x, limit), limit, tf.where(tf.less(x, low), low, x))
}

/**
 * min(1, maxNorm / ‖all tensors together‖), with the norm taken as m·√Σ(x/m)², m = max|x|: no square under- or overflows.
 * Is 1 when the norm is not finite, so that Inf and NaN reach the weights and are reported there instead of becoming zero.
 */
export function normScale(tf: TF, tensors: Tensor[], maxNorm: Scalar): Scalar {
  const peaks = tensors.map((t) => tf.max(tf.abs(t)))
  const peak = tf.maximum(peaks.length > 1 ? tf.max(tf.stack(peaks)) : peaks[0]!, TINY)
  const squares = tensors.map((t) => tf.sum(tf.square(tf.div(t, peak))))
  const root = tf.sqrt(squares.length > 1 ? tf.addN(squares) : squares[0]!)
  // Both sides divided by the peak: the norm itself might overflow.
  const limit = tf.div(maxNorm, peak)
  return tf.where(tf.greater(root, limit), tf.div(limit, root), tf.onesLike(root)) as Scalar
}
