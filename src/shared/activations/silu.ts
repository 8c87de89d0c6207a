import { leftTail, logistic } from '../theory/functions'
import { elementwise } from '../native'
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
      (dy, x, y) => {
        const s = tf.sigmoid(x)
        // σ(1 + z(1 − σ)) = y + σ(1 − y)
        return tf.mul(dy, tf.add(y, tf.mul(s, tf.sub(1, y))))
      },
      (x) => {
        const [s, rest] = [tf.sigmoid(x), tf.sigmoid(tf.neg(x))]
        return tf.mul(tf.mul(s, rest), tf.add(2, tf.mul(x, tf.sub(rest, s))))
      }
    ),
  regime: () => ({ saturatedBelow: EDGE }),
  initializer: 'heNormal'
}
export default silu
