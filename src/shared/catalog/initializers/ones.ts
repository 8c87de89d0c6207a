import { sizeOf } from '../../base/sizeOf'
import type { Initializer } from './types'

const ones: Initializer = {
  id: 'ones',
  name: { en: 'Ones', zh: '全一' },
  doc: { en: 'All weights 1. Meant for the scale of a normalisation.', zh: '全部权重为 1。用于归一化层的缩放参数。' },
  fields: {},
  sample: (shape) => new Float32Array(sizeOf(shape)).fill(1),
  python: { torch: (w) => `nn.init.ones_(${w})`, keras: () => 'ones' },
  variance: () => 0,
  mean: () => 1
}
export default ones
