import { leftTail, logistic } from '../../base/gaussian'
import { elementwise } from '../../base/native'
import type { Activation } from './types'

const df = (z: number): number => logistic(z) * (1 + z * logistic(-z))
/** f″ = 0: the steepest and, mirrored, the most negative slope. */
const STEEPEST = 2.399357280520548
const EDGE = leftTail(df, df(STEEPEST), -60, -STEEPEST)

const silu: Activation = {
  id: 'silu',
  name: { en: 'SiLU (Swish)', zh: 'SiLU（Swish）' },
  doc: {
    en: 'f(z) = z·σ(z): smooth, close to ReLU for large |z|, slightly negative just below zero.',
    zh: 'f(z) = z·σ(z)：平滑，|z| 大时接近 ReLU，略小于零处取负值。'
  },
  fields: {},
  f: (z) => z * logistic(z),
  df,
  d2f: (z) => logistic(z) * logistic(-z) * (2 + z * (logistic(-z) - logistic(z))),
  forward: (tf, z) =>
    elementwise(
      tf,
      z,
      (x) => tf.mul(x, tf.sigmoid(x)),
      (dy, x) => {
        const s = tf.sigmoid(x)
        // Not as y + σ(1 − y): beyond 2²⁴ that rounds to 0.
        return tf.mul(dy, tf.mul(s, tf.add(1, tf.mul(x, tf.sub(1, s)))))
      },
      (x) => {
        const [s, rest] = [tf.sigmoid(x), tf.sigmoid(tf.neg(x))]
        return tf.mul(tf.mul(s, rest), tf.add(2, tf.mul(x, tf.sub(rest, s))))
      }
    ),
  regime: () => ({ saturatedBelow: EDGE }),
  python: { torch: (z) => `F.silu(${z})`, keras: () => 'silu' },
  initializer: () => ({ id: 'heNormal' })
}
export default silu
