import { elementwise, native } from '../../base/native'
import type { Activation } from './types'

const relu: Activation = {
  id: 'relu',
  name: { en: 'ReLU', zh: 'ReLU' },
  doc: {
    en: 'f(z) = max(z, 0). Slope 1 or 0: it passes the gradient unchanged or not at all; a unit that is never positive is dead.',
    zh: 'f(z) = max(z, 0)。斜率为 1 或 0：梯度要么原样通过，要么完全不通过；从不为正的单元即死亡。'
  },
  fields: {},
  f: (z) => (z > 0 ? z : z === z ? 0 : z),
  df: (z) => (z > 0 ? 1 : 0),
  d2f: () => 0,
  forward(tf, z) {
    const n = native(tf)
    return n ? elementwise(tf, z, tf.relu, (dy, _x, y) => n.op('ReluGrad', [dy, y]), 0) : tf.relu(z)
  },
  regime: () => ({ saturatedBelow: 0, canDie: true }),
  python: { torch: (z) => `torch.relu(${z})`, keras: () => 'relu' },
  initializer: () => ({ id: 'heNormal' })
}
export default relu
