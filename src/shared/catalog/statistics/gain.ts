import type { Statistic } from './types'

const gain: Statistic = {
  id: 'gain',
  name: { en: 'Gain', zh: '增益' },
  doc: {
    en: 'Activation gradient RMS of this layer over that of the next one towards the loss: the factor that compounds with depth. Below 1 the gradient shrinks on its way back, above 1 it grows.',
    zh: '本层激活梯度 RMS 与靠近损失一侧下一层之比：随深度连乘的因子。小于 1 时梯度在回传中缩小，大于 1 时放大。'
  },
  symbol: 'δₗ/δₗ₊₁',
  scale: 'ratio',
  fields: {},
  needs: ['activationGradient'],
  derive(own, next) {
    const [a, b] = [own('activationGradientRms'), next('activationGradientRms')]
    // Nothing over nothing is no gain, not a broken one.
    return a === undefined || b === undefined || (a === 0 && b === 0) ? undefined : a / b
  }
}
export default gain
