import { kerasObject } from '../../base/keras'
import type { Params } from '../../base/params'
import { elementwise, native } from '../../base/native'
import { number } from '../../base/python'
import type { Activation } from './types'

const scale = (p: Params): number => p.alpha as number

const elu: Activation = {
  id: 'elu',
  name: { en: 'ELU', zh: 'ELU' },
  doc: {
    en: 'f(z) = z for z > 0, α(eᶻ − 1) below (Clevert 2016): smooth, with negative outputs that keep the mean near zero.',
    zh: 'z > 0 时 f(z) = z，否则 α(eᶻ − 1)（Clevert 2016）：平滑，负输出使均值接近零。'
  },
  fields: {
    alpha: {
      type: 'number',
      default: 1,
      above: 0,
      max: 10,
      label: { en: 'Scale α', zh: '系数 α' },
      help: { en: '−α is the limit for very negative z.', zh: 'z 很小时趋于 −α。' }
    }
  },
  f: (z, p) => (z > 0 ? z : scale(p) * Math.expm1(z)),
  df: (z, p) => (z > 0 ? 1 : scale(p) * Math.exp(z)),
  d2f: (z, p) => (z > 0 ? 0 : scale(p) * Math.exp(z)),
  forward(tf, z, p) {
    const n = native(tf)
    const alpha = scale(p)
    const bend = (x: typeof z): typeof z =>
      tf.mul(tf.exp(tf.minimum(x, 0)), tf.mul(tf.cast(tf.less(x, 0), 'float32'), alpha))
    if (alpha === 1) return n ? elementwise(tf, z, tf.elu, (dy, _x, y) => n.op('EluGrad', [dy, y]), bend) : tf.elu(z)
    // TensorFlow's Elu has α = 1; a leaky ReLU behind it scales the negative side.
    if (n)
      return elementwise(
        tf,
        z,
        (x) => tf.leakyRelu(tf.elu(x), alpha),
        (dy, x) => {
          const e = tf.elu(x)
          return n.op('EluGrad', [n.op('LeakyReluGrad', [dy, e], { alpha }), e])
        },
        bend
      )
    return tf.leakyRelu(tf.elu(z), alpha)
  },
  regime(p) {
    const a = scale(p)
    return { saturatedBelow: Math.min(0, Math.log((0.05 * Math.max(1, a)) / a)) }
  },
  python: {
    torch: (z, p) => `F.elu(${z}${scale(p) === 1 ? '' : `, ${number(p.alpha)}`})`,
    keras: (p) => (scale(p) === 1 ? 'elu' : { object: kerasObject('layers', 'ELU', { alpha: scale(p) }) })
  },
  initializer: () => ({ id: 'heNormal' })
}
export default elu
