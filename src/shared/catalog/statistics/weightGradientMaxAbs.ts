import { simple } from './parts/simple'

export default simple({
  id: 'weightGradientMaxAbs',
  name: { en: 'Weight gradient max |g|', zh: '权重梯度最大 |g|' },
  doc: { en: 'Largest |∂loss/∂W|.', zh: '|∂loss/∂W| 的最大值。' },
  symbol: 'max |∂L/∂W|',
  scale: 'log',
  of: 'kernelGradient',
  by: 'maxAbs'
})
