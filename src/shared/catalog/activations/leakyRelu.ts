import { kerasObject } from '../../base/keras'
import type { Params } from '../../base/params'
import { elementwise, native } from '../../base/native'
import { number } from '../../base/python'
import type { Activation } from './types'

const slope = (p: Params): number => p.alpha as number

const leakyRelu: Activation = {
  id: 'leakyRelu',
  name: { en: 'Leaky ReLU', zh: 'Leaky ReLU' },
  doc: {
    en: 'f(z) = z for z > 0, αz below: a small slope keeps the gradient alive on the negative side.',
    zh: 'z > 0 时 f(z) = z，否则 αz：负半轴上的小斜率使梯度不会断绝。'
  },
  fields: {
    alpha: {
      type: 'number',
      default: 0.01,
      min: 0,
      max: 1,
      label: { en: 'Slope α', zh: '斜率 α' },
      help: { en: 'Slope for z < 0.', zh: 'z < 0 时的斜率。' }
    }
  },
  f: (z, p) => (z > 0 ? z : slope(p) * z),
  df: (z, p) => (z > 0 ? 1 : slope(p)),
  d2f: () => 0,
  forward(tf, z, p) {
    const n = native(tf)
    const alpha = slope(p)
    return n
      ? elementwise(
          tf,
          z,
          (x) => tf.leakyRelu(x, alpha),
          (dy, x) => n.op('LeakyReluGrad', [dy, x], { alpha }),
          0
        )
      : tf.leakyRelu(z, alpha)
  },
  regime: (p) => ({ ...(slope(p) < 0.05 && { saturatedBelow: 0 }), ...(slope(p) === 0 && { canDie: true }) }),
  python: {
    torch: (z, p) => `F.leaky_relu(${z}, ${number(p.alpha)})`,
    keras: (p) => ({ object: kerasObject('layers', 'LeakyReLU', { negative_slope: slope(p) }) })
  },
  initializer: (p) => ({ id: 'heNormal', a: slope(p) })
}
export default leakyRelu
