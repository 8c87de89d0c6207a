import type { Experiment } from '../../experiment/types'
import { againstGenerator } from './parts/generator'
import type { Template } from './types'

/** A critic and a generator that unrolls its points along the Swiss roll. */
export const swissRollExperiment = (): Experiment =>
  againstGenerator('Critic and generator on the Swiss roll', 'swissRoll')

const template: Template = {
  id: 'swissRoll',
  group: 'adversarial',
  name: { en: 'Swiss roll: critic and generator', zh: '瑞士卷：评论家与生成器' },
  doc: {
    en: 'Three critic steps, then one of the generator, a small network that starts from a cloud of normal noise. Its points spread along the roll; the curve of the Wasserstein estimate says how far they still are.',
    zh: '评论家走三步，生成器走一步；生成器是一个从正态噪声开始的小网络。它的点逐渐沿卷曲线散开；Wasserstein 估计的曲线显示还差多远。'
  },
  finds: 'healthy',
  make: swissRollExperiment
}
export default template
