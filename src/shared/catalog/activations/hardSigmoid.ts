import { elementwise, native } from '../../base/native'
import type { Activation } from './types'

const hardSigmoid: Activation = {
  id: 'hardSigmoid',
  name: { en: 'Hard sigmoid', zh: '硬 Sigmoid' },
  doc: {
    en: 'f(z) = z/6 + ½, cut off at 0 and 1 (the form of PyTorch and Keras 3): beyond ±3 no gradient passes at all.',
    zh: 'f(z) = z/6 + ½，截断到 0 和 1（与 PyTorch、Keras 3 相同）：超过 ±3 完全没有梯度。'
  },
  fields: {},
  f: (z) => (z <= -3 ? 0 : z >= 3 ? 1 : z / 6 + 0.5),
  df: (z) => (z > -3 && z < 3 ? 1 / 6 : 0),
  d2f: () => 0,
  forward(tf, z) {
    const n = native(tf)
    const forward = (x: typeof z): typeof z => tf.div(tf.relu6(tf.add(x, 3)), 6)
    return n ? elementwise(tf, z, forward, (dy, x) => n.op('Relu6Grad', [tf.div(dy, 6), tf.add(x, 3)]), 0) : forward(z)
  },
  regime: () => ({ saturatedBelow: -3, saturatedAbove: 3 }),
  python: { torch: (z) => `F.hardsigmoid(${z})`, keras: () => 'hard_sigmoid' },
  initializer: () => ({ id: 'glorotUniform' })
}
export default hardSigmoid
