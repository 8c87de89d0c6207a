import { logistic } from '../../base/gaussian'
import { elementwise, native } from '../../base/native'
import type { Activation } from './types'

const softplus: Activation = {
  id: 'softplus',
  name: { en: 'Softplus', zh: 'Softplus' },
  doc: {
    en: 'f(z) = ln(1 + eᶻ): a smooth ReLU whose slope is the sigmoid; its outputs are always positive.',
    zh: 'f(z) = ln(1 + eᶻ)：平滑的 ReLU，其斜率为 Sigmoid；输出恒为正。'
  },
  fields: {},
  f: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  df: logistic,
  d2f: (z) => logistic(z) * logistic(-z),
  forward(tf, z) {
    const n = native(tf)
    if (!n) return tf.softplus(z)
    return elementwise(
      tf,
      z,
      tf.softplus,
      (dy, x) => n.op('SoftplusGrad', [dy, x]),
      (x) => tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x)))
    )
  },
  regime: () => ({ saturatedBelow: Math.log(0.05 / 0.95) }),
  python: { torch: (z) => `F.softplus(${z})`, keras: () => 'softplus' },
  initializer: () => ({ id: 'glorotUniform' })
}
export default softplus
