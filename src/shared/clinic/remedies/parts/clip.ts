import type { CodeChange } from '../../../base/python'
import type { ScriptSite } from '../../../experiment/remedies'
import type { Scalar, TF, Tensor } from '../../../base/tf'

/** Smallest normal float32: what we divide by instead of zero. */
export const TINY = 1.1754944e-38

/** min(max(x, −limit), limit), except that NaN stays NaN (native min and max may drop it). */
export function clampKeepingNaN(tf: TF, x: Tensor, limit: Scalar): Tensor {
  const low = tf.neg(limit)
  return tf.where(tf.greater(x, limit), limit, tf.where(tf.less(x, low), low, x))
}

/**
 * min(1, maxNorm / ‖all tensors together‖), with the norm taken as m·√Σ(x/m)², m = max|x|: no square under- or
 * overflows. Is 1 when the norm is not finite, so that Inf and NaN reach the weights and are reported there instead of
 * becoming zero.
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

/**
 * L2 norm of each output unit's weights: over all axes but the last, kept as axes of length 1. Scaled, so that no
 * square under- or overflows.
 */
export function unitNorm(tf: TF, x: Tensor): Tensor {
  const axes = x.shape.slice(0, -1).map((_, i) => i)
  const peak = tf.maximum(tf.max(tf.abs(x), axes, true), TINY)
  return tf.mul(peak, tf.sqrt(tf.sum(tf.square(tf.div(x, peak)), axes, true)))
}

/**
 * The Gram matrix is squared so often, and then so many rounds of power iteration follow: 2⁵ · 8 rounds with the matrix
 * itself.
 */
export const SQUARINGS = 5
export const ROUNDS = 8
/**
 * Largest singular value of a kernel read as a matrix [everything else, outputs]: power iteration from a fixed start
 * (Miyato 2018, §2.1) with a power of the smaller Gram matrix, which tells values apart that lie close together, as the
 * largest of a random matrix do. Never above the true one, up to rounding, and within 1 % of it.
 */
export function largestSingularValue(tf: TF, kernel: Tensor): Scalar {
  const columns = kernel.shape[kernel.shape.length - 1]!
  const rows = kernel.size / columns
  const peak = tf.maximum(tf.max(tf.abs(kernel)), TINY)
  const w = tf.reshape(tf.div(kernel, peak), [rows, columns]) as never
  const tall = rows >= columns
  const unit = <T extends Tensor>(t: T): T => tf.div(t, tf.maximum(tf.sqrt(tf.sum(tf.square(t))), TINY)) as T
  let power = unit(tf.matMul(w, w, tall, !tall))
  for (let i = 0; i < SQUARINGS; i++) power = unit(tf.matMul(power, power))
  // Irregular on purpose: a start of ones is orthogonal to the top vector of a centred matrix.
  const side = Math.min(rows, columns)
  let v = tf.tensor2d(
    Float32Array.from({ length: side }, (_, i) => 1 + 0.5 * Math.sin(12.9898 * (i + 1))),
    [side, 1]
  )
  for (let i = 0; i < ROUNDS; i++) v = unit(tf.matMul(power, v))
  return tf.mul(tf.sqrt(tf.sum(tf.square(tf.matMul(w, v, !tall)))), peak) as Scalar
}

/** Clipping in a training in PyTorch: gradients that a scaler has made larger are made smaller before. */
export const clipping = ({ isScaled }: ScriptSite, line: string): CodeChange[] => [
  { place: 'beforeStep', lines: [...(isScaled ? ['scaler.unscale_(optimizer)'] : []), line] }
]
