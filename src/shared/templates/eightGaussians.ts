import { parseExperiment } from '../experiment/parse'
import type { Experiment } from '../experiment/types'
import type { Template } from './types'

/** A critic and a generator that finds all eight clouds. */
export function eightGaussiansExperiment(): Experiment {
  const params = { units: 64, activation: 'relu', initializer: 'heNormal' }
  const optimizer = { id: 'adam', learningRate: 0.002, beta1: 0.5, beta2: 0.9 }
  return parseExperiment({
    name: 'Critic and generator on 8 Gaussians',
    seed: 42,
    data: { dataset: { id: 'eightGaussians', criticSteps: 3, generatorOptimizer: optimizer } },
    network: {
      nodes: [
        { id: 'hidden', kind: 'repeat', name: 'Hidden stack', times: 3, body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }] },
        { id: 'output', kind: 'dense', name: 'Output', params: { units: 1, activation: 'linear', initializer: 'glorotUniform' } }
      ]
    },
    training: { steps: 2000, batchSize: 128, loss: 'wasserstein', optimizer },
    record: { evaluateEvery: 100 },
    remedies: [{ id: 'gradientPenalty', lambda: 0.1 }]
  })
}

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
