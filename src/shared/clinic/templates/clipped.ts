import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'clipped',
  group: 'exploding',
  name: { en: 'The same, clipped', zh: '同一网络，加梯度截断' },
  doc: {
    en: 'The exploding net with its gradient clipped by global norm. It no longer turns into NaN and learns slowly, but the profile still leans: clipping bounds the step, and leaves the ratio between the layers as it is.',
    zh: '同一个爆炸网络，按全局范数作梯度截断（梯度裁剪）。不再变成 NaN，能缓慢学习；但剖面仍是斜的：截断只限制步长，层与层之间的比例不变。'
  },
  finds: 'exploding',
  make: () =>
    stack(
      'Too large, but clipped',
      20,
      { activation: 'relu', initializer: { id: 'normal', mean: 0, std: 0.25 } },
      { steps: 200, optimizer: { id: 'sgd', learningRate: 0.01 } },
      ['clipByGlobalNorm']
    )
}
export default template
