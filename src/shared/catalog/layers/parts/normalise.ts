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
  const n = native(tf)
  if (!n?.hasOwn) {
    const [channels, all] = [x.shape[x.rank - 1]!, Array.from({ length: x.rank - 1 }, (_, i) => i)]
    const { y, mean, variance } = normalise(tf, x, scale, shift, all, epsilon)
    return { y, mean: tf.reshape(mean, [channels]), variance: tf.reshape(variance, [channels]) }
  }
  const [out, mean, variance] = n.run('ClinicBatchNorm', [x, scale, shift], { epsilon }, 3) as [Tensor, Tensor, Tensor]
  const y = withGradient(
    tf,
    [x, scale, shift],
    (keep) => {
      keep(x, scale, mean, variance)
      return out
    },
    (dy, kept) => n.run('ClinicBatchNormGrad', [dy, ...kept], { epsilon }, 3)
  )
  return { y, mean, variance }
}
