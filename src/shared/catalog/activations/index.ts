import { makeRegistry } from '../../base/registry'
import type { Activation } from './types'

export type * from './types'
/** Every file of this folder but index and types is one activation. */
export const activations = makeRegistry<Activation>(
  'activations',
  import.meta.glob<Activation>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['linear', 'sigmoid', 'tanh', 'relu', 'leakyRelu', 'elu', 'selu']
)
