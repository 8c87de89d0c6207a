import { native, withGradient } from '../../../base/native'
import type { TF, Tensor } from '../../../base/tf'

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
export function normalise(
  tf: TF,
  x: Tensor,
  scale: Tensor,
  shift: Tensor,
  axes: number[],
  epsilon: number
): Normalised {
  const mean = tf.mean(x, axes, true)
  const centred = tf.sub(x, mean)
  const variance = tf.mean(tf.square(centred), axes, true)
  const inverse = tf.rsqrt(tf.add(variance, epsilon))
  const hat = tf.mul(centred, inverse)
  const all = Array.from({ length: x.rank - 1 }, (_, i) => i)
  const y = withGradient(
    tf,
    [x, scale, shift],
    (keep) => {
      keep(hat, inverse, scale)
      return tf.add(tf.mul(hat, scale), shift)
    },
    (dy, kept) => {
      const [h, inv, gamma] = kept as [Tensor, Tensor, Tensor]
      const g = tf.mul(dy, gamma)
      const through = tf.sub(tf.sub(g, tf.mean(g, axes, true)), tf.mul(h, tf.mean(tf.mul(g, h), axes, true)))
      return [tf.mul(through, inv), tf.sum(tf.mul(dy, h), all), tf.sum(dy, all)]
    }
  )
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
  const inputs = [flat, scale, shift]
  const made = n.run('FusedBatchNormV3', [...inputs, none, none], { ...attrs, exponential_avg_factor: 1 }, 6)
  // Mean (for the running average) and the op's own notes for its gradient: mean, biased variance, a third that is
  // empty on the CPU.
  const [out, mean, , ...notes] = made as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
  const y = withGradient(
    tf,
    inputs,
    (keep) => {
      keep(flat, scale, ...notes)
      return out
    },
    (dy, kept) => n.run('FusedBatchNormGradV3', [dy, ...kept], attrs, 5).slice(0, 3)
  )
  return { y: x.rank === 4 ? y : tf.reshape(y, x.shape), mean, variance: notes[1] }
}
