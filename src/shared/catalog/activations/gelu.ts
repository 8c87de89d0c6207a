import { gaussian, gaussianCdf, leftTail } from '../../base/gaussian'
import { elementwise, native } from '../../base/native'
import type { TF, Tensor } from '../../base/tf'
import type { Activation } from './types'

const df = (z: number): number => gaussianCdf(z) + z * gaussian(z)
/** The slope is steepest at √2. */
const EDGE = leftTail(df, df(Math.SQRT2), -12, -Math.SQRT2)

/** Φ(z) on tensors. */
function cdf(tf: TF, z: Tensor): Tensor {
  const n = native(tf)
  // erfc keeps its digits in the left tail, where 1 + erf cancels.
  return n
    ? tf.mul(n.op('Erfc', [tf.mul(z, -Math.SQRT1_2)]), 0.5)
    : tf.mul(tf.add(tf.erf(tf.mul(z, Math.SQRT1_2)), 1), 0.5)
}

/** φ(z) on tensors. */
const density = (tf: TF, z: Tensor): Tensor => tf.mul(tf.exp(tf.mul(tf.square(z), -0.5)), 1 / Math.sqrt(2 * Math.PI))

const gelu: Activation = {
  id: 'gelu',
  name: { en: 'GELU', zh: 'GELU' },
  doc: {
    en: 'f(z) = z·Φ(z), with Φ the standard normal distribution function (Hendrycks 2016, the exact form): a smooth ReLU.',
    zh: 'f(z) = z·Φ(z)，Φ 为标准正态分布函数（Hendrycks 2016，精确形式）：平滑的 ReLU。'
  },
  fields: {},
  f: (z) => z * gaussianCdf(z),
  df,
  d2f: (z) => gaussian(z) * (2 - z * z),
  forward: (tf, z) =>
    elementwise(
      tf,
      z,
      (x) => tf.mul(x, cdf(tf, x)),
      (dy, x) => {
        return tf.mul(dy, tf.add(cdf(tf, x), tf.mul(x, density(tf, x))))
      },
      (x) => tf.mul(density(tf, x), tf.sub(2, tf.square(x)))
    ),
  regime: () => ({ saturatedBelow: EDGE }),
  python: { torch: (z) => `F.gelu(${z})`, keras: () => 'gelu' },
  initializer: () => ({ id: 'heNormal' })
}
export default gelu
