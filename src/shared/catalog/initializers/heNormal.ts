import { gain, kaiming, negativeSlope, scaled, heVariance } from './parts/fields'

export default scaled(
  {
    id: 'heNormal',
    name: { en: 'He normal', zh: 'He 正态' },
    doc: {
      en: 'Var = 2/fan-in (He 2015, "Kaiming"): makes up for the half that ReLU cuts away; with a slope a, 2/((1 + a²)·fan-in) for leaky ReLU.',
      zh: '方差 2/扇入（He 2015，又称 Kaiming）：补偿 ReLU 截掉的一半；给定斜率 a 时为 2/((1 + a²)·扇入)，用于 Leaky ReLU。'
    },
    fields: { a: negativeSlope, gain }
  },
  'normal',
  heVariance,
  kaiming('kaiming_normal_')
)
