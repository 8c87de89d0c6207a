import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { RANKED } from './ranking'
import { STATISTIC } from './time'

/**
 * What keeps a recurrent layer’s state its size, best first: gates, which bound it, then a start that neither grows nor
 * shrinks it. The identity under a ReLU adds up all inputs, and needs clipping beside (Le 2015).
 */
export const steadied = ({ kind }: RunLayer): string[] => [
  ...(kind === 'simpleRnn' ? ['recurrentCell'] : []),
  'recurrentStart'
]
/** What helps where there was no number before the first update. */
export function badStart(view: RunView): string[] {
  const cell = view.schema.layers.find((l) => view.times?.(0, l.index, STATISTIC) !== undefined)
  return [...(cell ? steadied(cell) : []), ...RANKED.badStart]
}
