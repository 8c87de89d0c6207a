import { outputPart } from './layers'
import type { RunLayer } from './types'

/** Kinds of layer that make sums of what they read, unless an activation bends them. */
const SUMS = new Set([
  'dense',
  'conv1d',
  'conv2d',
  'batchNorm',
  'flatten',
  'reshape',
  'add',
  'concatenate',
  'averagePool',
  'globalAveragePool',
  'dropout',
  'activation'
])
/**
 * Whether nothing bends between the inputs and the output layer: however many layers there are, the network is a linear
 * model.
 */
export function isLinear(layers: readonly RunLayer[]): boolean {
  const output = outputPart(layers)
  return layers.every((l) => SUMS.has(l.kind) && (output.has(l.id) || !l.activation || l.activation === 'linear'))
}
