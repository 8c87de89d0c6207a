import { kerasObject } from '../../base/keras'
import type { Spec } from '../../base/params'
import { ACTIVATION, activate, activationWeights } from './parts/activate'
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
  fields: { activation: ACTIVATION },
  inputs: { min: 1, max: 1 },
  infer: (_p, [s]) => [...s!],
  weights: (p, [s]) => activationWeights(p, s!),
  forward: (tf, p, [z], w) => ({ z: z!, h: activate(tf, p, z!, w) }),
  python: {
    channels: 'any',
    torch: (_p, { activate: f }, [x]) => ({ call: f(x!) }),
    keras: (_p, { activate: f }) => {
      const own = f()
      return own === undefined ? [] : [{ object: kerasObject('layers', 'Activation', { activation: own }) }]
    }
  },
  activation: (p) => p.activation as Spec,
  flops: () => 0
}
export default activation
