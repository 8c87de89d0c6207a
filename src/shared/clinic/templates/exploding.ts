import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'exploding',
  group: 'exploding',
  name: { en: 'Weights too large: exploding', zh: '权重过大：梯度爆炸' },
  doc: {
    en: 'ReLU with weights of standard deviation 0.25 on 64 inputs: each layer multiplies signal and gradient by about 1.4, and after a few steps all is NaN. Clipping by global norm keeps it alive; He weights cure it.',
    zh: 'ReLU，64 个输入，权重标准差 0.25：每层把信号和梯度放大约 1.4 倍，几步之后全是 NaN。按全局范数的梯度截断（梯度裁剪）可以保命，He 初始化可以治愈。'
  },
  finds: 'exploding',
  make: () =>
    stack(
      'ReLU with weights too large',
      20,
      { activation: 'relu', initializer: { id: 'normal', mean: 0, std: 0.25 } },
      { steps: 200, optimizer: { id: 'sgd', learningRate: 0.01 } }
    )
}
export default template
