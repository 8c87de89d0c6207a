import type { Experiment } from '../../experiment/types'
import { againstGenerator } from './parts/generator'
import type { Template } from './types'

/** A critic and a generator that finds all eight clouds. */
export const eightGaussiansExperiment = (): Experiment =>
  againstGenerator('Critic and generator on 8 Gaussians', 'eightGaussians')

const template: Template = {
  id: 'eightGaussians',
  group: 'adversarial',
  name: { en: '8 Gaussians: critic and generator', zh: '8 个高斯：评论家与生成器' },
  doc: {
    en: 'Three critic steps, then one of the generator. After some thousand steps it has found all eight clouds. The curve of the Wasserstein estimate says how far it still is.',
    zh: '评论家走三步，生成器走一步。一两千步之后，八个点云都被找到。Wasserstein 估计的曲线显示还差多远。'
  },
  finds: 'healthy',
  make: eightGaussiansExperiment
}
export default template
