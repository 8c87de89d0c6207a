import { simple } from './parts/simple'

export default simple({
  id: 'weightGradientNorm',
  name: { en: 'Weight gradient norm', zh: '权重梯度范数' },
  doc: {
    en: 'L2 norm of ∂loss/∂W, before any clipping. It can look flat while the activation gradient vanishes.',
    zh: '∂loss/∂W 的 L2 范数（梯度截断之前）。即使激活梯度消失，它也可能看起来平坦。'
  },
  symbol: '‖∂L/∂W‖',
  scale: 'log',
  of: 'kernelGradient',
  by: 'norm'
})
