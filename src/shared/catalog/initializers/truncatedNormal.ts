import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { fill, truncatedNormal as draw } from '../../base/random/fill'
import { gaussian, gaussianCdf } from '../../base/gaussian'
import type { Initializer } from './types'

const LIMIT = 2
/** Var of N(0, 1) cut at ±2: 1 − 4φ(2)/(2Φ(2) − 1). */
const SHRINK = 1 - (2 * LIMIT * gaussian(LIMIT)) / (2 * gaussianCdf(LIMIT) - 1)

const truncatedNormal: Initializer = {
  id: 'truncatedNormal',
  name: { en: 'Truncated normal', zh: '截断正态' },
  doc: {
    en: 'N(mean, std²) with values beyond two standard deviations drawn again; its variance is 0.774·std².',
    zh: 'N(均值, 标准差²)，超出两倍标准差的值重新抽取；方差为 0.774·std²。'
  },
  fields: {
    mean: { type: 'number', default: 0, min: -1e6, max: 1e6, label: { en: 'Mean', zh: '均值' } },
    std: {
      type: 'number',
      default: 0.05,
      min: 0,
      max: 1e6,
      label: { en: 'Standard deviation', zh: '标准差' },
      help: { en: 'Before truncation.', zh: '截断之前。' }
    }
  },
  sample: (shape, _fanIn, _fanOut, rng, p) =>
    fill(shape, () => (p.mean as number) + (p.std as number) * draw(rng, LIMIT)),
  python: {
    torch: (w, p) => {
      const [mean, std] = [p.mean as number, p.std as number]
      const all = [mean, std, mean - LIMIT * std, mean + LIMIT * std]
      return `nn.init.trunc_normal_(${w}, ${all.map(number).join(', ')})`
    },
    keras: (p) => kerasObject('initializers', 'TruncatedNormal', { mean: p.mean as number, stddev: p.std as number })
  },
  variance: (_fanIn, _fanOut, p) => SHRINK * (p.std as number) ** 2,
  mean: (_fanIn, _fanOut, p) => p.mean as number
}
export default truncatedNormal
