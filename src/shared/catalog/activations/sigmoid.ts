import { logistic } from '../../base/gaussian'
import { elementwise, native } from '../../base/native'
import type { Activation } from './types'

/** f′ = 5 % of its maximum ¼: σ(1 − σ) = 0.0125. */
const EDGE = Math.log((1 + Math.sqrt(0.95)) / (1 - Math.sqrt(0.95)))

const sigmoid: Activation = {
  id: 'sigmoid',
  name: { en: 'Sigmoid', zh: 'Sigmoid' },
  doc: {
    en: 'f(z) = 1/(1 + e⁻ᶻ), between 0 and 1. Its slope is at most ¼, so a deep stack of it makes the gradient vanish.',
    zh: 'f(z) = 1/(1 + e⁻ᶻ)，取值 0 到 1。斜率最大为 ¼，因此深层堆叠会导致梯度消失。'
  },
  fields: {},
  f: logistic,
  df: (z) => logistic(z) * logistic(-z),
  d2f: (z) => logistic(z) * logistic(-z) * (logistic(-z) - logistic(z)),
  forward(tf, z) {
    const n = native(tf)
    if (!n) return tf.sigmoid(z)
    return elementwise(
      tf,
      z,
      tf.sigmoid,
      (dy, _x, y) => n.op('SigmoidGrad', [y, dy]),
      (x) => {
        const [s, rest] = [tf.sigmoid(x), tf.sigmoid(tf.neg(x))]
        return tf.mul(tf.mul(s, rest), tf.sub(rest, s))
      }
    )
  },
  regime: () => ({ saturatedBelow: -EDGE, saturatedAbove: EDGE }),
  python: { torch: (z) => `torch.sigmoid(${z})`, keras: () => 'sigmoid' },
  initializer: () => ({ id: 'glorotUniform' })
}
export default sigmoid
