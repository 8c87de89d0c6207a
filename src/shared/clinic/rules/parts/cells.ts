import { activations } from '../../../catalog/activations'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import type { Wanted } from './advice'
import { sumsGrow } from './farStart'
import { RANKED } from './ranking'
import { STATISTIC } from './time'

const START = { id: 'recurrentStart' }
/** A forget gate that keeps the memory for as long as a sequence lasts (Tallec & Ollivier 2018). */
const forgetBias = (length: number): number => Math.max(1, Math.round(Math.log(Math.max(2, length - 1))))
/**
 * Remedies that keep the size of a recurrent layer’s state, best first. Gates bound it; they come with a start that
 * neither grows nor shrinks it, because gates would keep a bad start. Then comes that start alone. The identity under a
 * ReLU adds up all inputs, and needs clipping, too (Le 2015).
 * @param opens whether a gated cell that has not learnt to keep its memory is to start with it kept
 */
export const steadied = ({ kind }: RunLayer, length: number, opens = false): Wanted[] => [
  ...(kind === 'simpleRnn' || (opens && kind === 'lstm')
    ? [{ choice: { id: 'recurrentCell', forgetBias: forgetBias(length) }, on: [START] }]
    : []),
  START
]
/**
 * The same for a layer that answers at every time step. A GRU learnt to copy symbols over 25 to 60 steps in each of
 * four networks whose simple cell did not, an LSTM of the same width in one.
 */
export const steadiedSequence = (layer: RunLayer, length: number, opens = false): Wanted[] => [
  ...(layer.kind === 'simpleRnn' ? [{ choice: { id: 'recurrentCell', to: 'gru' }, on: [START] }] : []),
  ...steadied(layer, length, opens)
]
/** f(20) of an activation of which two in a row overflow, whatever the weights. */
const STEEP = 1e6
const isSteep = ({ activation, activationParams }: RunLayer): boolean =>
  (activations.find(activation ?? 'linear')?.f(20, activationParams ?? {}) ?? 0) > STEEP
/** Remedies for a loss that was NaN before the first update. */
export function badStart(view: RunView): Wanted[] {
  const cell = view.schema.layers.find((l) => view.times?.(0, l.index, STATISTIC) !== undefined)
  return [
    ...(cell ? steadied(cell, view.times!(0, cell.index, STATISTIC)!.length) : []),
    ...(view.main.some(isSteep) ? ['activation'] : []),
    ...(sumsGrow(view) ? RANKED.explodingSums : []),
    ...RANKED.badStart
  ]
}
