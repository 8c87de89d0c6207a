import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { sizeOf } from '../../base/sizeOf'
import type { Initializer } from './types'

const constant: Initializer = {
  id: 'constant',
  name: { en: 'Constant', zh: '常数' },
  doc: { en: 'All weights the same value.', zh: '全部权重取同一个值。' },
  fields: { value: { type: 'number', default: 0.1, min: -1e6, max: 1e6, label: { en: 'Value', zh: '值' } } },
  sample: (shape, _fanIn, _fanOut, _rng, p) => new Float32Array(sizeOf(shape)).fill(p.value as number),
  python: {
    torch: (w, p) => (p.value === 0 ? `nn.init.zeros_(${w})` : `nn.init.constant_(${w}, ${number(p.value)})`),
    keras: (p) => (p.value === 0 ? 'zeros' : kerasObject('initializers', 'Constant', { value: p.value as number }))
  },
  variance: () => 0,
  mean: (_fanIn, _fanOut, p) => p.value as number
}
export default constant
