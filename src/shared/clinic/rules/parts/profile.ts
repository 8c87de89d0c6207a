import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { lossesAt, median, newest, parts, S, valuesAt } from './view'
import { once } from './once'

/** The activation gradient's RMS by hidden layer, forward order: medians over some frames whose loss is a number. */
export interface Profile {
  layers: RunLayer[]
  /** Where each was measured: the layer itself, or the sum behind its residual branch. */
  places: RunLayer[]
  rms: number[]
  /** Frames it rests on. */
  frames: number
  /** First ÷ last hidden layer. NaN when the last one is 0. */
  ratio: number
  /** Geometric mean of the gain per layer on the way back. */
  gain: number
  /** Layers on the way back. */
  steps: number
}

/**
 * @param frames by default the newest. Undefined with fewer than two hidden layers: then there is nothing to compare.
 */
export function profileOf(view: RunView, frames = newest(view)): Profile | undefined {
  const { hidden, places } = parts(view)
  const measured = hidden
    .map((layer, i) => ({ layer, place: places[i]!, at: places[i]!.index }))
    .filter((l) => view.value(view.length - 1, l.at, S.gradient) !== undefined)
  const end = measured[measured.length - 1]
  if (measured.length < 2 || !end) return undefined
  const losses = lossesAt(view, frames)
  const finite = frames.filter((_, i) => Number.isFinite(losses[i]))
  // An output layer that starts at zero sends back exactly 0 for a step, and trains perfectly well.
  const moving = finite.filter((i) => view.value(i, end.at, S.gradient) !== 0)
  const used = moving.length ? moving : finite
  if (!used.length) return undefined
  const rms = measured.map((l) => median(valuesAt(view, used, l.at, S.gradient)))
  const ratio = rms[0]! / rms[rms.length - 1]!
  const steps = measured.length - 1
  return {
    layers: measured.map((l) => l.layer),
    places: measured.map((l) => l.place),
    rms,
    frames: used.length,
    ratio,
    gain: ratio ** (1 / steps),
    steps
  }
}
/** That of the newest frames. */
export const currentProfile = once((view: RunView): Profile | undefined => profileOf(view))
