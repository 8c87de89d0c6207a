import { simple } from './parts/simple'

export default simple({
  id: 'activationStd',
  name: { en: 'Activation spread', zh: '激活标准差' },
  doc: {
    en: 'Standard deviation of the outputs over batch and units: when it falls to 0 the layer says the same whatever it sees.',
    zh: '输出在批次与单元上的标准差：降为 0 时，该层对任何输入给出相同结果。'
  },
  symbol: 'std h',
  scale: 'log',
  of: 'activation',
  by: 'std'
})
