import { kerasObject } from '../../base/keras'
import { fillNormal } from '../../base/random/fill'
import type { Initializer } from './types'

const standardNormal: Initializer = {
  id: 'standardNormal',
  name: { en: 'Standard normal', zh: '标准正态' },
  doc: { en: 'N(0, 1), as the starter article draws its weights.', zh: 'N(0, 1)，即入门文章中的权重。' },
  fields: {},
  sample: (shape, _fanIn, _fanOut, rng) => fillNormal(shape, rng, 1),
  python: {
    torch: (w) => `nn.init.normal_(${w})`,
    keras: () => kerasObject('initializers', 'RandomNormal', { stddev: 1 })
  },
  variance: () => 1
}
export default standardNormal
