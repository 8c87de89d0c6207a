import { simple } from './parts/simple'

export default simple({
  id: 'activationGradientRms',
  name: { en: 'Activation gradient RMS', zh: '激活梯度 RMS' },
  doc: {
    en: '√mean(δ²) over batch and units, with δ = ∂loss/∂h: the signal in which a vanishing or exploding gradient shows.',
    zh: '对批次与单元求 √mean(δ²)，δ = ∂loss/∂h：梯度消失或爆炸就体现在这里。'
  },
  symbol: 'RMS ∂L/∂h',
  scale: 'log',
  of: 'activationGradient',
  by: 'rms'
})
