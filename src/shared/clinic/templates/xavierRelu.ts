import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'xavierRelu',
  group: 'vanishing',
  name: { en: 'ReLU with weights meant for tanh', zh: 'ReLU 配了 tanh 的初始化' },
  doc: {
    en: '30 ReLU layers with Glorot weights. ReLU drops half of the signal, which Glorot does not make up for: each layer passes on about 0.7 of the gradient, 30 of them 1e-5. Switch on “Swap initializer”: He weights are twice as large in variance, and nothing is lost.',
    zh: '30 层 ReLU，Glorot 初始化。ReLU 丢掉一半信号，Glorot 没有补上：每层约传回 0.7 倍梯度，30 层只剩 1e-5。打开“更换初始化”：He 的方差是两倍，不再损失。'
  },
  finds: 'vanishing',
  make: () =>
    stack(
      '30 ReLU layers, Glorot',
      31,
      { activation: 'relu', initializer: 'glorotUniform' },
      { steps: 200, optimizer: { id: 'sgd', learningRate: 0.05 } }
    )
}
export default template
