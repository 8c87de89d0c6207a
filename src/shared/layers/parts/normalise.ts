import { native } from '../../native'
import type { TF, Tensor } from '../../tf'

/** y = γ·(x − mean)/√(var + ε) + β, and the mean and biased variance it used. */
export interface Normalised {
  y: Tensor
  mean: Tensor
  variance: Tensor
}

/**
 * Normalises over `axes`, with the gradient through mean and variance (Ioffe & Szegedy 2015, section 3):
 * ∂x = (g − mean(g) − x̂·mean(g·x̂))/√(var + ε), with g = γ·∂y.
 * @param scale γ, @param shift β: along the last axis.
 */
export function normalise(tf: TF, x: Tensor, scale: Tensor, shift: Tensor, axes: number[], epsilon: number): Normalised {
  const mean = tf.mean(x, axes, true)
  const centred = tf.sub(x, mean)
  const variance = tf.mean(tf.square(centred), axes, true)
  const inverse = tf.rsqrt(tf.add(variance, epsilon))
  const hat = tf.mul(centred, inverse)
  const all = Array.from({ length: x.rank - 1 }, (_, i) => i)
  const y = tf.customGrad((_x, a, b) => ({
    value: tf.add(tf.mul(hat, a as Tensor), b as Tensor),
    gradFunc: (dy: Tensor) => {
      const g = tf.mul(dy, scale)
      const through = tf.sub(tf.sub(g, tf.mean(g, axes, true)), tf.mul(hat, tf.mean(tf.mul(g, hat), axes, true)))
      return [tf.mul(through, inverse), tf.sum(tf.mul(dy, hat), all), tf.sum(dy, all)]
    }
  }))(x, scale, shift)
  return { y, mean, variance }
}

/** Normalises each channel (last axis) over the batch and all other axes; in one native call where there is one. */
export function normaliseBatch(tf: TF, x: Tensor, scale: Tensor, shift: Tensor, epsilon: number): Normalised {
  const channels = x.shape[x.rank - 1]!
  const flat = x.rank === 4 ? x : tf.reshape(x, [-1, 1, 1, channels])
  const n = native(tf)
  if (!n) {
    const all = Array.from({ length: x.rank - 1 }, (_, i) => i)
    const { y, mean, variance } = normalise(tf, x, scale, shift, all, epsilon)
    return { y, mean: tf.reshape(mean, [channels]), variance: tf.reshape(variance, [channels]) }
  }
  const none = tf.tensor1d([])
  const attrs = { U: { type: 'float32' as const }, epsilon, is_training: true, data_format: 'NHWC' }
  const [out, mean, , savedMean, savedVariance, saved] = n.run(
    'FusedBatchNormV3',
    [flat, scale, shift, none, none],
    { ...attrs, exponential_avg_factor: 1 },
    6
  )
  const y = tf.customGrad((input, a) => ({
    // The op has run already: its other outputs must outlive this scope.
    value: out!,
    gradFunc: (dy: Tensor) =>
      n.run('FusedBatchNormGradV3', [dy, input as Tensor, a as Tensor, savedMean!, savedVariance!, saved!], attrs, 5).slice(0, 3)
  }))(flat, scale, shift)
  return { y: x.rank === 4 ? y : tf.reshape(y, x.shape), mean: mean!, variance: savedVariance! }
}
