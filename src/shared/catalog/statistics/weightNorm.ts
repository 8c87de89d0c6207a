import { simple } from './parts/simple'

export default simple({
  id: 'weightNorm',
  name: { en: 'Weight norm', zh: '权重范数' },
  doc: { en: 'L2 norm of the weights.', zh: '权重的 L2 范数。' },
  symbol: '‖W‖',
  scale: 'log',
  of: 'kernel',
  by: 'norm'
})
