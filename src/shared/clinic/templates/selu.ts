import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'selu',
  group: 'deep',
  name: { en: 'SELU: normalises itself', zh: 'SELU：自归一化' },
  doc: {
    en: '20 SELU layers with LeCun weights: means and spreads of the activations stay near 0 and 1 through all layers without a normalising layer (Klambauer 2017), and so does the size of the gradient. See “Activation std”.',
    zh: '20 层 SELU，LeCun 初始化：无需归一化层，各层激活的均值和标准差保持在 0 和 1 附近（Klambauer 2017），梯度大小也随之保持。看“激活标准差”。'
  },
  finds: 'healthy',
  shows: 'activationStd',
  make: () =>
    stack(
      'Self-normalising SELU',
      20,
      { activation: 'selu', initializer: 'lecunNormal' },
      { steps: 300, optimizer: { id: 'sgd', learningRate: 0.01 } }
    )
}
export default template
