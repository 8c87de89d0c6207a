import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { fillUniform } from '../../base/random/fill'
import { gain, gainOf } from './parts/fields'
import type { Initializer } from './types'

const standardUniform: Initializer = {
  id: 'standardUniform',
  name: { en: 'Uniform ±1/√n', zh: '均匀 ±1/√n' },
  doc: {
    en: 'U(±gain/√fan-in), the "standard" start of Glorot & Bengio 2010 and the default of PyTorch: Var = 1/(3n), a third of what keeps a gradient alive.',
    zh: 'U(±gain/√扇入)，即 Glorot & Bengio 2010 中的“标准”初始化，也是 PyTorch 的默认值：方差 1/(3n)，仅为维持梯度所需的三分之一。'
  },
  fields: { gain },
  sample(shape, fanIn, _fanOut, rng, p) {
    const limit = gainOf(p) / Math.sqrt(fanIn)
    return fillUniform(shape, rng, -limit, limit)
  },
  python: {
    torch: (w, p, { fanIn }) => {
      const limit = number(gainOf(p) / Math.sqrt(fanIn))
      return `nn.init.uniform_(${w}, -${limit}, ${limit})`
    },
    keras: (p, { fanIn }) => {
      const limit = gainOf(p) / Math.sqrt(fanIn)
      return kerasObject('initializers', 'RandomUniform', { minval: -limit, maxval: limit })
    }
  },
  variance: (fanIn, _fanOut, p) => gainOf(p) ** 2 / (3 * fanIn)
}
export default standardUniform
