import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'plain',
  group: 'deep',
  name: { en: 'Plain: 50 layers deep', zh: '无跳连：50 层' },
  doc: {
    en: '50 ReLU layers one after the other, Glorot weights, no skip. The first layers get less than a millionth of the gradient of the last, and it learns nothing. The residual net beside it has the same layers.',
    zh: '50 层 ReLU 直接相连，Glorot 初始化，没有跳连。前面几层的梯度不到最后一层的百万分之一，什么也学不到。旁边的残差网络层数相同。'
  },
  finds: 'vanishing',
  make: () =>
    stack(
      '50 layers, plain',
      50,
      { activation: 'relu', initializer: 'glorotUniform' },
      { optimizer: { id: 'sgd', learningRate: 0.05 } }
    )
}
export default template
