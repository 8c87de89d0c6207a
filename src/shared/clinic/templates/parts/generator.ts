import { parseExperiment } from '../../../experiment/parse'
import type { Experiment } from '../../../experiment/types'

/**
 * A critic of three hidden layers, held by a gradient penalty, against a generator that learns after every third of its
 * steps. @param dataset real points
 */
export function againstGenerator(name: string, dataset: string): Experiment {
  const params = { units: 64, activation: 'relu', initializer: 'heNormal' }
  const optimizer = { id: 'adam', learningRate: 0.002, beta1: 0.5, beta2: 0.9 }
  return parseExperiment({
    name,
    seed: 42,
    data: { dataset: { id: dataset, criticSteps: 3, generatorOptimizer: optimizer } },
    network: {
      nodes: [
        {
          id: 'hidden',
          kind: 'repeat',
          name: 'Hidden stack',
          times: 3,
          body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }]
        },
        {
          id: 'output',
          kind: 'dense',
          name: 'Output',
          params: { units: 1, activation: 'linear', initializer: 'glorotUniform' }
        }
      ]
    },
    training: { steps: 2000, batchSize: 128, loss: 'wasserstein', optimizer },
    record: { evaluateEvery: 100 },
    remedies: [{ id: 'gradientPenalty', lambda: 0.1 }]
  })
}
