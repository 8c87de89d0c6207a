import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'residual',
  group: 'deep',
  name: { en: 'Residual: 50 layers deep', zh: '残差：50 层' },
  doc: {
    en: 'The same 50 layers with a skip past every one: it carries the gradient unchanged. Switch the remedy off and see what they do without it.',
    zh: '同样的 50 层，每层旁边有一条跳跃连接，把梯度原样带过。关闭该对策，看看没有它会怎样。'
  },
  finds: 'healthy',
  make: () =>
    stack(
      '50 layers with skips',
      50,
      { activation: 'relu', initializer: 'glorotUniform' },
      { optimizer: { id: 'sgd', learningRate: 0.05 } },
      [{ id: 'residual', every: 1, scale: 0.1 }]
    )
}
export default template
