import { activations } from '../activations'
import type { Spec } from '../params'
import type { LayerKind } from './types'

const activation: LayerKind = {
  id: 'activation',
  name: { en: 'Activation', zh: '激活' },
  doc: {
    en: 'An activation on its own, for use behind a normalisation or an addition: h = f(z).',
    zh: '单独的激活层，放在归一化或相加之后：h = f(z)。'
  },
  group: 'activation',
  icon: 'act',
  stem: 'act',
  fields: { activation: { type: 'ref', registry: 'activations', default: { id: 'relu' }, label: { en: 'Activation', zh: '激活函数' } } },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights: () => [],
  forward(tf, p, [z]) {
    const { id, ...params } = p.activation as Spec
    return { z: z!, h: activations.get(id).forward(tf, z!, params) }
  },
  activation: (p) => p.activation as Spec,
  flops: () => 0
}
export default activation
