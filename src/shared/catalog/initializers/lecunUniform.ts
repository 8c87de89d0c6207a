import { gain, scaled, lecunVariance } from './parts/fields'

export default scaled(
  {
    id: 'lecunUniform',
    name: { en: 'LeCun uniform', zh: 'LeCun 均匀' },
    doc: {
      en: 'Var = 1/fan-in (LeCun 1998): keeps the variance of pre-activations of a linear layer; what SELU needs.',
      zh: '方差 1/扇入（LeCun 1998）：保持线性层预激活的方差；SELU 需要它。'
    },
    fields: { gain }
  },
  'uniform',
  lecunVariance
)
