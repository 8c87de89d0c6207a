import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'dying',
  group: 'vanishing',
  name: { en: 'Dying ReLU', zh: 'ReLU 神经元死亡' },
  doc: {
    en: 'Five ReLU layers whose Adam takes steps far too large, 0.1. Units are pushed to where they are off for every example; from there no gradient brings them back. See “Dead units” under Activations. A leaky ReLU, or a smaller rate, keeps them alive.',
    zh: '五层 ReLU，Adam 的步长 0.1 过大。神经元被推到对所有样本都不激活的位置，梯度再也拉不回来。看“激活”下的“死亡单元”。Leaky ReLU 或更小的学习率可让它们存活。'
  },
  finds: 'dead',
  shows: 'deadShare',
  make: () =>
    stack(
      'Dying ReLU',
      6,
      { activation: 'relu', initializer: 'heNormal' },
      { steps: 200, optimizer: { id: 'adam', learningRate: 0.1 } }
    )
}
export default template
