import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'glorot',
  group: 'vanishing',
  name: { en: 'Five tanh layers, the old way', zh: '五层 tanh，旧式初始化' },
  doc: {
    en: 'The network of Glorot and Bengio (2010): five hidden tanh layers of 1000 units, with weights from U(±1/√n) as was usual then. The profile leans: each layer back keeps 1/√3 of the gradient, as theory says. “Swap initializer” to Glorot straightens it.',
    zh: 'Glorot 与 Bengio（2010）的网络：五个 1000 单元的 tanh 隐藏层，权重取当时惯用的 U(±1/√n)。剖面是斜的：每往回一层只留 1/√3 的梯度，与理论一致。“更换初始化”为 Glorot 即可拉直。'
  },
  finds: 'healthy',
  make: () =>
    stack(
      'Five tanh layers',
      6,
      { units: 1000, activation: 'tanh', initializer: { id: 'uniform', limit: 1 / Math.sqrt(1000) } },
      { steps: 100, batchSize: 32, optimizer: { id: 'sgd', learningRate: 0.1 } }
    )
}
export default template
