import { stack } from './parts/stack'
import type { Template } from './types'

const template: Template = {
  id: 'healthy',
  group: 'deep',
  name: { en: 'ReLU + He: healthy', zh: 'ReLU + He：健康' },
  doc: {
    en: 'The same 20 layers with ReLU and He weights: slope 1 where a unit is on, variance 2/n. Every layer gets as much gradient as the last.',
    zh: '同样的 20 层，改用 ReLU 与 He 初始化：激活处斜率为 1，方差为 2/n。每层得到的梯度与最后一层相当。'
  },
  finds: 'healthy',
  make: () => stack('ReLU with He weights', 20, { activation: 'relu', initializer: 'heNormal' })
}
export default template
