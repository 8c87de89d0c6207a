import { simple } from './parts/simple'

export default simple({
  id: 'gradientNaN',
  name: { en: 'NaN in the gradient', zh: '梯度中的 NaN' },
  doc: { en: 'Number of entries of ∂loss/∂W that are NaN.', zh: '∂loss/∂W 中 NaN 的个数。' },
  symbol: 'NaN in ∂L/∂W',
  scale: 'count',
  of: 'kernelGradient',
  by: 'nans'
})
