import type { RunLayer } from '../../../run/types'
import { cellSites } from '../../remedies/parts/recurrent'
import type { RunView } from '../types'
import { scaleFault } from './scale'
import { last, learnsWell, median, newest, S } from './view'
import { once } from './once'

/**
 * The gradient of a recurrent layer’s state by time step: medians over the newest frames in which it is finite at the
 * last time step. A loss that overflows still sends back a gradient.
 */
export interface TimeProfile {
  layer: RunLayer
  /** RMS at time 1 … T. */
  rms: number[]
  /**
   * First time (from 0) at which a finite gradient comes back: what is before it is exactly 0, as beyond a cut, or has
   * overflowed.
   */
  first: number
  /** Earliest that isn't 0 ÷ last. */
  ratio: number
  /** Geometric mean of the gain per time step on the way back. */
  gain: number
  /** Number of last time steps that get at least a hundredth of the largest. */
  reach: number
  frames: number
}
/** The same back to the time step with the smallest gradient, where that is not the first. */
export interface Narrowing extends Pick<TimeProfile, 'ratio' | 'gain' | 'reach'> {
  /** That time, from 0. */
  at: number
}
/** The statistic with a value for each time step. */
export const STATISTIC = 'timeGradientRms'
/** Shorter ones say little. */
const SHORTEST = 5

/** Of every recurrent layer to whose last state something comes back. */
export const timeProfiles = once((view: RunView): TimeProfile[] => {
  if (!view.times || !view.length) return []
  const recorded = newest(view)
  return view.schema.layers.flatMap((layer) => {
    if (!view.times!(last(view), layer.index, STATISTIC)) return []
    const byFrame = recorded
      .map((i) => view.times!(i, layer.index, STATISTIC))
      .filter((v): v is number[] => v !== undefined && Number.isFinite(v[v.length - 1]))
    const length = byFrame[0]?.length ?? 0
    if (length < SHORTEST) return []
    const rms = Array.from({ length }, (_, t) => median(byFrame.map((v) => v[t]!)))
    const end = rms[length - 1]!
    // Overflowed steps are left out: the later ones say how the gradient grew.
    const first = rms.findIndex((v, t) => v > 0 && rms.slice(t).every(Number.isFinite))
    if (first < 0 || !(end > 0) || length - first < SHORTEST) return []
    const ratio = rms[first]! / end
    const most = Math.max(...rms.slice(first))
    const reach = length - rms.findIndex((v, t) => t >= first && v >= most / 100)
    return [{ layer, rms, first, ratio, gain: ratio ** (1 / (length - 1 - first)), reach, frames: byFrame.length }]
  })
})
/** Whether an experiment cuts a recurrent layer's gradient: little comes back beyond a cut, as it should. */
const isCut = ({ experiment }: RunView): boolean =>
  !!experiment &&
  (experiment.remedies.some((r) => r.id === 'truncatedBptt') ||
    cellSites(experiment).some(({ node }) => Number(node.params['truncate']) > 0))
/**
 * The bottleneck of the gradient through time in a layer that returns its sequence. Each of its time steps may get a
 * gradient from a loss of its own. But the gradient from later to earlier steps passes every state between them, so the
 * smallest of these bounds what arrives.
 */
export function narrowing(view: RunView, { layer, rms, first }: TimeProfile): Narrowing | undefined {
  if (layer.outputShape.length < 2 || isCut(view)) return undefined
  const least = Math.min(...rms.slice(first))
  const at = rms.indexOf(least, first)
  const steps = rms.length - 1 - at
  if (at === first || steps < SHORTEST) return undefined
  const ratio = least / rms[rms.length - 1]!
  const most = Math.max(...rms.slice(at))
  const tail = [...rms.slice(at)].reverse()
  return { at, ratio, gain: ratio ** (1 / steps), reach: tail.findIndex((v) => v < most / 100) }
}
/** One or two frames count only when they are beyond doubt, as in the rules by layer. */
export const enoughFrames = (p: TimeProfile, beyondDoubt: boolean): boolean => p.frames >= 3 || beyondDoubt
/** State gradient at the first ÷ at the last time step from which on it explodes. */
export const EXPLODES_IN_TIME = 200
/**
 * Whether a recurrent layer’s gradient exploded through time, or its state overflowed, before the first update: then no
 * step is to blame.
 */
export function startsExplodingInTime(view: RunView, layers: readonly RunLayer[] = view.schema.layers): boolean {
  if (!view.times || !view.length) return false
  const isFinite = Number.isFinite(view.scalar(0, 'loss'))
  return layers.some(({ index }) => {
    const rms = view.times!(0, index, STATISTIC)
    return rms !== undefined && (!isFinite || rms.some((v) => v > EXPLODES_IN_TIME * rms[rms.length - 1]!))
  })
}

/** RMS of a state, of inputs in scale, that comes from nothing but growth over the time steps. */
const SWOLLEN = 1e3
const sizeAt = (view: RunView, i: number, { index }: RunLayer): number =>
  Math.hypot(view.value(i, index, S.mean) ?? NaN, view.value(i, index, S.std) ?? NaN)
/**
 * The recurrent layer whose state grew over its time steps before the first update, and is still as large, while what
 * reads it is so saturated that no gradient comes back to say so. Undefined where there is none, and where its inputs
 * were as large.
 * @returns the layer, the RMS of its state before the first update, and its number of time steps
 */
export function swollenState(view: RunView): { layer: RunLayer; size: number; length: number } | undefined {
  if (!view.times || !view.length || learnsWell(view) || scaleFault(view)?.input) return undefined
  for (const layer of view.schema.layers) {
    const back = view.times(last(view), layer.index, STATISTIC)
    if (!back || back[back.length - 1] !== 0) continue
    const sources = view.schema.layers.filter((l) => layer.inputs.includes(l.id))
    const most = SWOLLEN * Math.max(1, ...sources.map((l) => sizeAt(view, 0, l)))
    const size = sizeAt(view, 0, layer)
    if (size > most && sizeAt(view, last(view), layer) > most) return { layer, size, length: back.length }
  }
  return undefined
}
