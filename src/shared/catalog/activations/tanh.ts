import { elementwise, native } from '../../base/native'
import type { Activation } from './types'

const EDGE = Math.atanh(Math.sqrt(0.95))

const tanh: Activation = {
  id: 'tanh',
  name: { en: 'Tanh', zh: 'Tanh' },
  doc: {
    en: 'f(z) = tanh z, between −1 and 1. Its slope is 1 at zero and falls quickly on both sides.',
    zh: 'f(z) = tanh z，取值 −1 到 1。零点处斜率为 1，向两侧迅速减小。'
  },
  fields: {},
  f: Math.tanh,
  df(z) {
    // sech²: 1 − tanh² would lose every digit in the tails.
    const e = Math.exp(-2 * Math.abs(z))
    return (4 * e) / ((1 + e) * (1 + e))
  },
  d2f: (z) => -2 * Math.tanh(z) * tanh.df(z, {}),
  forward(tf, z) {
    const n = native(tf)
    if (!n) return tf.tanh(z)
    return elementwise(
      tf,
      z,
      tf.tanh,
      (dy, _x, y) => n.op('TanhGrad', [y, dy]),
      (x) => {
        const y = tf.tanh(x)
        return tf.mul(tf.mul(y, -2), tf.sub(1, tf.square(y)))
      }
    )
  },
  regime: () => ({ saturatedBelow: -EDGE, saturatedAbove: EDGE }),
  python: { torch: (z) => `torch.tanh(${z})`, keras: () => 'tanh' },
  initializer: () => ({ id: 'glorotUniform' })
}
export default tanh
