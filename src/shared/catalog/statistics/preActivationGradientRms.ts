import { simple } from './parts/simple'

export default simple({
  id: 'preActivationGradientRms',
  name: { en: 'Pre-activation gradient RMS', zh: '预激活梯度 RMS' },
  doc: {
    en: '√mean(δ²) over batch and units, with δ = ∂loss/∂z, before the activation.',
    zh: '对批次与单元求 √mean(δ²)，δ = ∂loss/∂z，即激活之前。'
  },
  symbol: 'RMS ∂L/∂z',
  scale: 'log',
  of: 'preActivationGradient',
  by: 'rms'
})
