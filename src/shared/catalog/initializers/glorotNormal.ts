import { gain, scaled, glorotVariance, xavier } from './parts/fields'

export default scaled(
  {
    id: 'glorotNormal',
    name: { en: 'Glorot normal', zh: 'Glorot 正态' },
    doc: {
      en: 'Var = 2/(fan-in + fan-out) (Glorot & Bengio 2010, "Xavier"): a compromise between keeping activations and gradients, for tanh and linear layers.',
      zh: '方差 2/(扇入 + 扇出)（Glorot & Bengio 2010，又称 Xavier）：兼顾激活与梯度，适合 tanh 和线性层。'
    },
    fields: { gain }
  },
  'normal',
  glorotVariance,
  xavier('xavier_normal_')
)
