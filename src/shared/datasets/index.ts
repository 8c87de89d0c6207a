import { makeRegistry } from '../registry'
import type { Dataset } from './types'

export type * from './types'
/** Every file of this folder but index and types is one dataset. */
export const datasets = makeRegistry<Dataset>(
  'datasets',
  import.meta.glob<Dataset>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  ['randomPairs', 'circles', 'moons', 'spirals', 'blobs', 'digits', 'csv']
)
