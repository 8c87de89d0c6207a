import { makeRegistry } from '../registry'
import type { Remedy } from './types'

export type * from './types'
/** Every file of this folder but index and types is one remedy. */
export const remedies = makeRegistry<Remedy>(
  'remedies',
  import.meta.glob<Remedy>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  [
    'activation',
    'initializer',
    'batchNorm',
    'layerNorm',
    'residual',
    'fewerLayers',
    'clipByValue',
    'clipByNorm',
    'clipByGlobalNorm',
    'adaptiveClip',
    'learningRate',
    'warmUp',
    'smallerBatch',
    'l2',
    'l1',
    'weightDecay',
    'weightClip',
    'gradientPenalty',
    'spectralNorm',
    'selu'
  ]
)
