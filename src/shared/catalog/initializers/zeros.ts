import { sizeOf } from '../../base/sizeOf'
import type { Initializer } from './types'

const zeros: Initializer = {
  id: 'zeros',
  name: { en: 'Zeros', zh: '全零' },
  doc: {
    en: 'All weights 0. In a hidden layer every unit then stays the same as its neighbours, and no gradient passes through it.',
    zh: '全部权重为 0。隐藏层中各单元将始终相同，且没有梯度能通过。'
  },
  fields: {},
  sample: (shape) => new Float32Array(sizeOf(shape)),
  python: { torch: (w) => `nn.init.zeros_(${w})`, keras: () => 'zeros' },
  variance: () => 0
}
export default zeros
