import { kerasObject } from '../../base/keras'
import { number, options } from '../../base/python'
import { normalise } from './parts/normalise'
import type { LayerKind } from './types'

const layerNorm: LayerKind = {
  id: 'layerNorm',
  name: { en: 'Layer norm', zh: '层归一化' },
  doc: {
    en: 'Each example to mean 0 and variance 1 over its last axis, then γ·x̂ + β (Ba 2016): independent of the batch, the same in training and validation.',
    zh: '对每个样本的最后一个轴归一化为均值 0、方差 1，再乘 γ 加 β（Ba 2016）：与批次无关，训练和验证时相同。'
  },
  group: 'normalise',
  icon: 'norm',
  stem: 'ln',
  fields: {
    epsilon: {
      type: 'number',
      default: 1e-5,
      min: 1e-12,
      max: 1,
      log: true,
      label: { en: 'ε', zh: 'ε' },
      help: { en: 'Added to the variance.', zh: '加在方差上。' },
      advanced: true
    }
  },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights(_p, [s]) {
    const channels = s![s!.length - 1]!
    const fans = { fanIn: channels, fanOut: channels }
    return [
      { name: 'gamma', shape: [channels], init: { id: 'ones' }, ...fans, role: 'scale' },
      { name: 'beta', shape: [channels], init: { id: 'zeros' }, ...fans, role: 'bias' }
    ]
  },
  forward: (tf, p, [x], w) => ({ h: normalise(tf, x!, w.gamma!, w.beta!, [x!.rank - 1], p.epsilon as number).y }),
  python: {
    torch(p, { self, inputs: [s] }, [x]) {
      const more = options({ eps: [number(p.epsilon), number(1e-5)] })
      return {
        make: `nn.LayerNorm(${s![s!.length - 1]!}${more && `, ${more}`})`,
        call: `${self}(${x!})`,
        weights: { gamma: { at: 'weight', isDefault: true }, beta: { at: 'bias', isDefault: true } }
      }
    },
    keras: (p) => [
      {
        object: kerasObject('layers', 'LayerNormalization', { epsilon: p.epsilon as number }),
        weights: [
          { name: 'gamma', as: 'gamma' },
          { name: 'beta', as: 'beta' }
        ]
      }
    ]
  },
  flops: () => 0
}
export default layerNorm
