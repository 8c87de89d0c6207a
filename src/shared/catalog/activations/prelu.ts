import { kerasObject } from '../../base/keras'
import type { Params } from '../../base/params'
import type { Activation } from './types'

const start = (p: Params): number => p.alpha as number

const prelu: Activation = {
  id: 'prelu',
  name: { en: 'PReLU', zh: 'PReLU' },
  doc: {
    en: 'f(z) = z for z > 0, αz below, with α learnt (He 2015): one slope per channel, or one for the whole layer. No unit stays dead, since α gets a gradient wherever z < 0.',
    zh: 'z > 0 时 f(z) = z，否则 αz，α 由学习得到（He 2015）：每个通道一个斜率，或整层共用。只要 z < 0，α 就有梯度，单元不会一直死亡。'
  },
  fields: {
    alpha: {
      type: 'number',
      default: 0.25,
      min: 0.05,
      max: 1,
      label: { en: 'Slope α at start', zh: '斜率 α 初值' },
      help: { en: 'Slope for z < 0 before training.', zh: '训练前 z < 0 时的斜率。' }
    },
    shared: {
      type: 'bool',
      default: false,
      label: { en: 'One slope per layer', zh: '整层共用斜率' },
      help: { en: 'Otherwise each unit or channel learns its own.', zh: '否则每个单元或通道各学一个。' }
    }
  },
  f: (z, p) => (z > 0 ? z : start(p) * z),
  df: (z, p) => (z > 0 ? 1 : start(p)),
  weights(p, shape) {
    const count = p.shared ? 1 : shape[shape.length - 1]!
    return [
      {
        name: 'slope',
        shape: [count],
        init: { id: 'constant', value: start(p) },
        fanIn: count,
        fanOut: count,
        role: 'scale'
      }
    ]
  },
  forward: (tf, z, _p, w) => tf.prelu(z, w.slope!),
  regime: () => ({}),
  python: {
    // PyTorch's slopes belong to axis 1.
    torch: (z, _p, { weight, channelsLast }) =>
      channelsLast
        ? `F.prelu(${z}.movedim(-1, 1), ${weight('slope')}).movedim(1, -1)`
        : `F.prelu(${z}, ${weight('slope')})`,
    keras: (p, rank) => {
      // Axes of which all positions share a slope, counted from 1.
      const shared = Array.from({ length: p.shared ? rank : rank - 1 }, (_, i) => i + 1)
      return {
        object: kerasObject('layers', 'PReLU', {
          alpha_initializer: kerasObject('initializers', 'Constant', { value: start(p) }),
          ...(shared.length && { shared_axes: shared })
        }),
        weights: [{ name: 'slope', as: 'alpha', rank }]
      }
    }
  },
  initializer: (p) => ({ id: 'heNormal', a: start(p) })
}
export default prelu
