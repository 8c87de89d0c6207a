import { simple } from './parts/simple'

export default simple({
  id: 'activationMean',
  name: { en: 'Activation mean', zh: '激活均值' },
  doc: { en: 'Mean of the outputs over batch and units.', zh: '输出在批次与单元上的均值。' },
  symbol: 'mean h',
  scale: 'linear',
  of: 'activation',
  by: 'mean'
})
