import { makeRegistry } from '../../base/registry'
import type { Statistic } from './types'

export type * from './types'
/** Every file of this folder but index and types is one statistic. */
export const statistics = makeRegistry<Statistic>(
  'statistics',
  import.meta.glob<Statistic>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['activationGradientRms', 'weightGradientNorm', 'updateRatio', 'gain']
)
