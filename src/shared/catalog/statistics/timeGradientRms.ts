import { simple } from './parts/simple'

export default {
  ...simple({
    id: 'timeGradientRms',
    name: { en: 'State gradient RMS by time', zh: '各时间步状态梯度 RMS' },
    doc: {
      en: '√mean(δ²) over batch and units for each time step, δ = ∂loss/∂hₜ: everything that comes back to the state of time t, by the output and by all later states. The signal in which vanishing or exploding through time shows; exactly 0 beyond a cut.',
      zh: '每个时间步对批次与单元求 √mean(δ²)，δ = ∂loss/∂hₜ：经输出及所有后续状态传回 t 时刻状态的全部梯度。梯度沿时间消失或爆炸就体现在这里；截断之外恰为 0。'
    },
    symbol: 'RMS ∂L/∂hₜ',
    scale: 'log',
    of: 'stateGradient',
    by: 'rms'
  }),
  perTime: true as const
}
