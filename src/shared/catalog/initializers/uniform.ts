import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { fillUniform } from '../../base/random/fill'
import type { Initializer } from './types'

const uniform: Initializer = {
  id: 'uniform',
  name: { en: 'Uniform', zh: '均匀' },
  doc: { en: 'U(centre − limit, centre + limit), whatever the width.', zh: 'U(中心 − 界, 中心 + 界)，与层宽无关。' },
  fields: {
    limit: {
      type: 'number',
      default: 0.05,
      min: 0,
      max: 1e6,
      label: { en: 'Limit', zh: '界' },
      help: { en: 'Half the width of the range.', zh: '区间宽度的一半。' }
    },
    centre: { type: 'number', default: 0, min: -1e6, max: 1e6, label: { en: 'Centre', zh: '中心' }, advanced: true }
  },
  sample(shape, _fanIn, _fanOut, rng, p) {
    const [c, l] = [p.centre as number, p.limit as number]
    return fillUniform(shape, rng, c - l, c + l)
  },
  python: {
    torch: (w, p) => {
      const [c, l] = [p.centre as number, p.limit as number]
      return `nn.init.uniform_(${w}, ${number(c - l)}, ${number(c + l)})`
    },
    keras: (p) => {
      const [c, l] = [p.centre as number, p.limit as number]
      return kerasObject('initializers', 'RandomUniform', { minval: c - l, maxval: c + l })
    }
  },
  variance: (_fanIn, _fanOut, p) => (p.limit as number) ** 2 / 3,
  mean: (_fanIn, _fanOut, p) => p.centre as number
}
export default uniform
