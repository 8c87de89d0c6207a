import { parseExperiment } from '../../../experiment/parse'
import type { Experiment } from '../../../experiment/types'
import { stack } from './stack'

/**
 * The starter article's two-layer net: N, D_in, H, D_out = 64, 1000, 100, 10, no bias, standard normal everything,
 * gradient descent at 1e-6.
 */
export function starterExperiment(): Experiment {
  const dense = (units: number, activation: string): unknown => ({
    units,
    activation,
    initializer: { id: 'normal', mean: 0, std: 1 },
    bias: false
  })
  return parseExperiment({
    name: 'Two layers, one learning rate',
    seed: 42,
    data: { dataset: { id: 'randomPairs', count: 64, inputs: 1000, outputs: 10 }, validation: 0, standardize: false },
    network: {
      nodes: [
        { id: 'w1', kind: 'dense', name: 'Dense 1', params: dense(100, 'relu') },
        { id: 'w2', kind: 'dense', name: 'Dense 2', params: dense(10, 'linear') }
      ]
    },
    training: { steps: 500, batchSize: 0, loss: 'sumOfSquares', optimizer: { id: 'sgd', learningRate: 1e-6 } }
  })
}

/** A deep sigmoid net on the digits: the gradient vanishes before the eyes. */
export const vanishingExperiment = (depth = 20): Experiment =>
  stack('Deep sigmoid on digits', depth, { activation: 'sigmoid', initializer: 'glorotUniform' })
