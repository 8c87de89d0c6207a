import { makeRegistry } from '../../base/registry'
import type { Initializer } from './types'

export type * from './types'
/** Every file of this folder but index and types is one initializer. */
export const initializers = makeRegistry<Initializer>(
  'initializers',
  import.meta.glob<Initializer>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  [
    'zeros',
    'normal',
    'uniform',
    'glorotUniform',
    'glorotNormal',
    'heNormal',
    'heUniform',
    'lecunNormal',
    'lecunUniform',
    'orthogonal'
  ]
)
