import { makeRegistry } from '../../base/registry'
import type { Optimizer } from './types'

export type * from './types'
/** Every file of this folder but index and types is one optimizer. */
export const optimizers = makeRegistry<Optimizer>(
  'optimizers',
  import.meta.glob<Optimizer>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['sgd', 'momentum', 'rmsprop', 'adam']
)
