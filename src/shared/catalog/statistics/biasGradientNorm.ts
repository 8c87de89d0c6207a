import { simple } from './parts/simple'

export default simple({
  id: 'biasGradientNorm',
  name: { en: 'Bias gradient norm', zh: '偏置梯度范数' },
  doc: { en: 'L2 norm of ∂loss/∂b.', zh: '∂loss/∂b 的 L2 范数。' },
  symbol: '‖∂L/∂b‖',
  scale: 'log',
  of: 'biasGradient',
  by: 'norm'
})
