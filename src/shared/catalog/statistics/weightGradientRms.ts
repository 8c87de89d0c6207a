import { simple } from './parts/simple'

export default simple({
  id: 'weightGradientRms',
  name: { en: 'Weight gradient RMS', zh: '权重梯度 RMS' },
  doc: {
    en: '√mean over all entries of (∂loss/∂W)²: the norm, made comparable between layers of different size.',
    zh: '所有元素 (∂loss/∂W)² 均值的平方根：可在不同大小的层之间比较。'
  },
  symbol: 'RMS ∂L/∂W',
  scale: 'log',
  of: 'kernelGradient',
  by: 'rms'
})
