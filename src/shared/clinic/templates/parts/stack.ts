import { parseExperiment } from '../../../experiment/parse'
import type { Experiment } from '../../../experiment/types'

/** A stack of equal hidden layers on the digits. @param depth layers with a kernel, the output included */
export function stack(
  name: string,
  depth: number,
  hidden: Record<string, unknown>,
  training: Record<string, unknown> = {},
  remedies: unknown[] = []
): Experiment {
  const params = { units: 64, ...hidden }
  return parseExperiment({
    name,
    seed: 42,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', name: 'Dense 1', params },
        {
          id: 'hidden',
          kind: 'repeat',
          name: 'Hidden stack',
          times: depth - 2,
          body: [{ id: 'dense', kind: 'dense', name: 'Dense', params }]
        },
        {
          id: 'output',
          kind: 'dense',
          name: 'Output',
          params: { units: 10, activation: 'linear', initializer: 'glorotUniform' }
        }
      ]
    },
    training: {
      steps: 400,
      batchSize: 64,
      loss: 'softmaxCrossEntropy',
      optimizer: { id: 'sgd', learningRate: 0.1 },
      ...training
    },
    remedies
  })
}
