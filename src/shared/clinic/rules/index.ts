import { makeRegistry } from '../../base/registry'
import type { Rule } from './types'

export type * from './types'
/** Every file of this folder but index and types is one rule. */
export const rules = makeRegistry<Rule>(
  'rules',
  import.meta.glob<Rule>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['lossNaN', 'weightsNaN', 'exploding', 'vanishing', 'notUpdating', 'unstable', 'dead', 'saturated']
)
