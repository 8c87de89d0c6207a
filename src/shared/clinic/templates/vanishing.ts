import { vanishingExperiment } from './parts/opening'
import type { Template } from './types'

const template: Template = {
  id: 'vanishing',
  group: 'vanishing',
  name: { en: '20 sigmoid layers: vanishing', zh: '20 层 sigmoid：梯度消失' },
  doc: {
    en: 'Each sigmoid passes on a quarter of the gradient at best. After 20 layers nothing is left for the first ones, and the loss stays where guessing puts it.',
    zh: '每层 sigmoid 至多传回四分之一的梯度。经过 20 层，前面几层几乎什么也收不到，损失停在随机猜测的水平。'
  },
  finds: 'vanishing',
  make: () => vanishingExperiment()
}
export default template
