import { elementwise, native } from '../../base/native'
import type { Activation } from './types'

/** Klambauer 2017, eq. 14: the fixed point (0, 1) of mean and variance. */
const ALPHA = 1.6732632423543772
const LAMBDA = 1.0507009873554805

const selu: Activation = {
  id: 'selu',
  name: { en: 'SELU', zh: 'SELU' },
  doc: {
    en: 'f(z) = λz for z > 0, λα(eᶻ − 1) below, with λ = 1.0507, α = 1.6733 (Klambauer 2017): with LeCun normal weights, mean and variance stay at 0 and 1 by themselves.',
    zh: 'z > 0 时 f(z) = λz，否则 λα(eᶻ − 1)，λ = 1.0507，α = 1.6733（Klambauer 2017）：配合 LeCun 正态初始化，均值和方差自行保持为 0 和 1。'
  },
  fields: {},
  f: (z) => LAMBDA * (z > 0 ? z : ALPHA * Math.expm1(z)),
  df: (z) => LAMBDA * (z > 0 ? 1 : ALPHA * Math.exp(z)),
  d2f: (z) => (z > 0 ? 0 : LAMBDA * ALPHA * Math.exp(z)),
  forward(tf, z) {
    const n = native(tf)
    if (!n) return tf.selu(z)
    return elementwise(
      tf,
      z,
      tf.selu,
      (dy, _x, y) => n.op('SeluGrad', [dy, y]),
      (x) => tf.mul(tf.exp(tf.minimum(x, 0)), tf.mul(tf.cast(tf.less(x, 0), 'float32'), LAMBDA * ALPHA))
    )
  },
  // Its steepest point is just below zero: slope λα.
  regime: () => ({ saturatedBelow: Math.log(0.05) }),
  python: { torch: (z) => `F.selu(${z})`, keras: () => 'selu' },
  initializer: () => ({ id: 'lecunNormal' })
}
export default selu
