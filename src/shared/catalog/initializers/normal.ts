import { kerasObject } from '../../base/keras'
import { number } from '../../base/python'
import { fillNormal } from '../../base/random/fill'
import type { Initializer } from './types'

const normal: Initializer = {
  id: 'normal',
  name: { en: 'Normal', zh: '正态' },
  doc: {
    en: 'N(mean, std²), whatever the width. With std 1 it is the standard normal of many first examples, which explodes in a wide or deep net.',
    zh: 'N(均值, 标准差²)，与层宽无关。标准差为 1 即许多入门例子的标准正态，在宽或深的网络中会爆炸。'
  },
  fields: {
    mean: { type: 'number', default: 0, min: -1e6, max: 1e6, label: { en: 'Mean', zh: '均值' } },
    std: { type: 'number', default: 0.05, min: 0, max: 1e6, label: { en: 'Standard deviation', zh: '标准差' } }
  },
  sample: (shape, _fanIn, _fanOut, rng, p) => fillNormal(shape, rng, p.std as number, p.mean as number),
  python: {
    torch: (w, p) => `nn.init.normal_(${w}, ${number(p.mean)}, ${number(p.std)})`,
    keras: (p) => kerasObject('initializers', 'RandomNormal', { mean: p.mean as number, stddev: p.std as number })
  },
  variance: (_fanIn, _fanOut, p) => (p.std as number) ** 2,
  mean: (_fanIn, _fanOut, p) => p.mean as number
}
export default normal
