import { makeRegistry } from '../../base/registry'
import type { Dataset } from './types'

export type * from './types'
export { inspectCsv } from './table/inspect'
/** Every file of this folder but index and types is one dataset. */
export const datasets = makeRegistry<Dataset>(
  'datasets',
  import.meta.glob<Dataset>(['./*.ts', '!./index.ts', '!./types.ts'], { eager: true, import: 'default' }),
  [
    'randomPairs',
    'randomData',
    'circles',
    'moons',
    'spirals',
    'blobs',
    'xor',
    'checkerboard',
    'swissRoll',
    'eightGaussians',
    'digits',
    'iris',
    'wine',
    'breastCancer',
    'diabetes',
    'addingProblem',
    'temporalOrder',
    'copyMemory',
    'sineForecast',
    'digitRows',
    'csv',
    'idx'
  ]
)
