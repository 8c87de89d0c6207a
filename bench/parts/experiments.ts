import { parseExperiment, type Experiment } from '../../src/shared/experiment'
import type { Case } from './cases'

export const LEARNING_RATE = 1e-3

/** The network of a case with random pairs, all in one batch. @param every how often a step is recorded */
export function experimentOf(c: Case, steps = 1, every = 1): Experiment {
  const initializer = c.activation === 'relu' ? 'heNormal' : 'glorotNormal'
  const dense = (id: string, units: number, activation: string): unknown => ({
    id,
    kind: 'dense',
    params: { units, activation, initializer }
  })
  const unit =
    c.with === 'batchNorm'
      ? [
          { id: 'dense', kind: 'dense', params: { units: c.width, activation: 'linear', initializer, bias: false } },
          { id: 'norm', kind: 'batchNorm' },
          { id: 'active', kind: 'activation', params: { activation: c.activation } }
        ]
      : c.with === 'maxout'
        ? [{ id: 'maxout', kind: 'maxout', params: { units: c.width, pieces: 2 } }]
        : [dense('dense', c.width, c.activation)]
  const hidden =
    c.kind === 'dense'
      ? [{ id: 'hidden', kind: 'repeat', times: c.depth, body: unit }]
      : c.kind === 'conv'
        ? [
            {
              id: 'hidden',
              kind: 'repeat',
              times: c.depth,
              body: [
                {
                  id: 'conv',
                  kind: 'conv2d',
                  params: { filters: c.width, kernelSize: 3, activation: c.activation, initializer }
                }
              ]
            },
            { id: 'mean', kind: 'globalAveragePool' }
          ]
        : Array.from({ length: c.depth }, (_, i) => ({
            id: `cell${i}`,
            kind: c.kind === 'lstm' ? 'lstm' : 'simpleRnn',
            params: { units: c.width, returnSequences: i < c.depth - 1 }
          }))
  return parseExperiment({
    data: {
      dataset: { id: 'randomData', count: c.batch, shape: c.shape.join(', '), outputs: c.outputs },
      validation: 0
    },
    network: {
      nodes: [...hidden, dense('out', c.outputs, 'linear')]
    },
    record: { every },
    training: {
      steps,
      batchSize: 0,
      loss: 'meanSquaredError',
      optimizer: { id: c.optimizer ?? 'sgd', learningRate: LEARNING_RATE }
    }
  })
}
