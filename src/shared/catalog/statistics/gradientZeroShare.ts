import { simple } from './parts/simple'

export default simple({
  id: 'gradientZeroShare',
  name: { en: 'Zero share of the gradient', zh: '梯度零占比' },
  doc: {
    en: 'Share of the entries of ∂loss/∂W that are exactly 0; NaN when one is NaN.',
    zh: '∂loss/∂W 中恰为 0 的元素占比；含 NaN 时为 NaN。'
  },
  symbol: '∂L/∂W = 0',
  scale: 'share',
  of: 'kernelGradient',
  by: 'zeroShare'
})
