import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import type { Wanted } from './advice'
import { RANKED } from './ranking'
import { STATISTIC } from './time'

const START = { id: 'recurrentStart' }
/**
 * What keeps a recurrent layer’s state its size, best first: gates, which bound it, with a start that neither grows nor
 * shrinks it, as a bad one comes along into the gates; then that start alone. The identity under a ReLU adds up all
 * inputs, and needs clipping beside (Le 2015).
 */
export const steadied = ({ kind }: RunLayer): Wanted[] => [
  ...(kind === 'simpleRnn' ? [{ choice: { id: 'recurrentCell' }, on: [START] }] : []),
  START
]
/** What helps where there was no number before the first update. */
export function badStart(view: RunView): Wanted[] {
  const cell = view.schema.layers.find((l) => view.times?.(0, l.index, STATISTIC) !== undefined)
  return [...(cell ? steadied(cell) : []), ...RANKED.badStart]
}
