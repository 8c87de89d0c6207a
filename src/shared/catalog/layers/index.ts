import { makeRegistry } from '../../base/registry'
import type { LayerKind } from './types'

export type * from './types'
/** Every file of this folder but index and types is one layer. */
export const layers = makeRegistry<LayerKind>(
  'layers',
  import.meta.glob<LayerKind>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['dense', 'activation', 'batchNorm', 'add']
)
