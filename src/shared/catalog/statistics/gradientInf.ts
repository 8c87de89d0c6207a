import { simple } from './parts/simple'

export default simple({
  id: 'gradientInf',
  name: { en: 'Inf in the gradient', zh: '梯度中的 Inf' },
  doc: { en: 'Number of entries of ∂loss/∂W that are infinite.', zh: '∂loss/∂W 中 ±Inf 的个数。' },
  symbol: 'Inf in ∂L/∂W',
  scale: 'count',
  of: 'kernelGradient',
  by: 'infinities'
})
