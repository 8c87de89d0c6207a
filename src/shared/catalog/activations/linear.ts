import type { Activation } from './types'

const linear: Activation = {
  id: 'linear',
  name: { en: 'Linear', zh: '线性' },
  doc: {
    en: 'f(z) = z: no activation. A stack of linear layers is one linear layer, but its gradients show what the weights alone do.',
    zh: 'f(z) = z：没有激活。多个线性层等同于一个线性层，但其梯度能单独显示权重的作用。'
  },
  fields: {},
  f: (z) => z,
  df: () => 1,
  d2f: () => 0,
  forward: (_tf, z) => z,
  regime: () => ({}),
  python: { torch: (z) => z, keras: () => 'linear' },
  initializer: () => ({ id: 'glorotUniform' })
}
export default linear
