import { simple } from './parts/simple'

export default simple({
  id: 'weightGradientMeanAbs',
  name: { en: 'Weight gradient mean |g|', zh: '权重梯度平均 |g|' },
  doc: { en: 'Mean of |∂loss/∂W|: what most other tools look at.', zh: '|∂loss/∂W| 的平均值：多数工具所看的量。' },
  symbol: 'mean |∂L/∂W|',
  scale: 'log',
  of: 'kernelGradient',
  by: 'meanAbs'
})
