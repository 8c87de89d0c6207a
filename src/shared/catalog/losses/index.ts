import { makeRegistry } from '../../base/registry'
import type { Loss } from './types'

export type * from './types'
/** Every file of this folder but index and types is one loss. */
export const losses = makeRegistry<Loss>(
  'losses',
  import.meta.glob<Loss>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['meanSquaredError', 'sumOfSquares', 'softmaxCrossEntropy', 'sigmoidCrossEntropy', 'wasserstein']
)
