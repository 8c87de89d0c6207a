import { learningRateAt, schedules } from '../../../catalog/schedules'
import type { Text } from '../../../base/text'
import type { Spec } from '../../../base/params'
import { rounded } from '../../../base/rounded'
import type { Experiment } from '../../../experiment/types'
import type { RunView } from '../types'
import { usualRate } from './rate'
import { last, S } from './view'

/** The most steps at which a schedule is sampled. */
const SAMPLES = 1000
/** Below this share of the largest rate so far, the schedule has used up the rate. */
const GONE = 0.01
/** The relative change of the fastest layer over all steps from which on it has had time to learn. */
export const STIRRED = 0.3

/** A rate that its schedule has taken away. */
export interface Decay {
  /** What the schedule is called. */
  name: Text
  /** The largest rate so far, and the rate now. */
  from: number
  to: number
  /** Step by which it was gone. */
  step: number
}
const shares = new WeakMap<Experiment, number[]>()
/** The schedule's share of the rate, at evenly spread steps of the whole run. */
function sharesOf(experiment: Experiment): number[] {
  const known = shares.get(experiment)
  if (known) return known
  const { steps, schedule } = experiment.training
  const count = Math.min(steps, SAMPLES)
  const list = Array.from({ length: count }, (_, i) =>
    learningRateAt(1, schedule, Math.floor((i * steps) / count), steps)
  )
  shares.set(experiment, list)
  return list
}
/** Mean of the learning rate over the whole run, as a share of the one that was set: the same at every step. */
export const meanShare = (experiment: Experiment): number =>
  sharesOf(experiment).reduce((sum, share, _i, { length }) => sum + share / length, 0)

/** A schedule that has left next to nothing of the rate; undefined where it has left more. */
export function decayOf(view: RunView): Decay | undefined {
  const { experiment } = view
  if (!experiment || view.length < 1) return undefined
  const { steps, schedule } = experiment.training
  const list = sharesOf(experiment)
  const at = Math.min(list.length - 1, Math.floor((view.step(last(view)) * list.length) / steps))
  const peak = list.slice(0, at + 1).reduce((a, b) => Math.max(a, b), 0)
  if (!(list[at]! < GONE * peak)) return undefined
  let gone = at
  while (gone > 0 && list[gone - 1]! < GONE * peak) gone--
  return {
    name: schedules.get(schedule.id).name,
    from: view.learningRate * peak,
    to: view.learningRate * list[at]!,
    step: Math.floor((gone * steps) / list.length)
  }
}
/** The relative change of the fastest layer if all steps so far went in one direction. */
function movedSoFar(view: RunView): number {
  const all = view.main.map(({ index }) => {
    let sum = 0
    for (let i = 0; i < view.length; i++) {
      const ratio = view.value(i, index, S.update)
      const steps = i > 0 ? view.step(i) - view.step(i - 1) : 1
      if (ratio !== undefined && Number.isFinite(ratio)) sum += ratio * steps
    }
    return sum
  })
  return Math.max(0, ...all)
}
/**
 * The relative change of the fastest layer over the whole run, estimated from the steps so far and the schedule. Less
 * than `STIRRED` is little.
 */
export function wholeMove(view: RunView): { whole: number; isLittle: boolean } {
  const { experiment } = view
  if (!experiment || !view.length) return { whole: Infinity, isLittle: false }
  const list = sharesOf(experiment)
  const at = Math.ceil(((view.step(last(view)) + 1) * list.length) / experiment.training.steps)
  const sum = (shares: number[]): number => shares.reduce((a, b) => a + b, 0)
  const whole = (movedSoFar(view) * sum(list)) / sum(list.slice(0, at))
  return { whole, isLittle: whole < STIRRED }
}
/** A rate that was used up before the network had time to learn, and the relative change of the fastest layer. */
export function goneEarly(view: RunView): (Decay & { moved: number }) | undefined {
  const decay = decayOf(view)
  const moved = decay ? movedSoFar(view) : Infinity
  return decay && moved < STIRRED ? { ...decay, moved } : undefined
}
/** The remedy that keeps the rate as it was set, but not below the optimizer's default. */
export function steady(view: RunView): Spec {
  const usual = usualRate(view) ?? view.learningRate
  return { id: 'learningRate', factor: Math.max(1, rounded(usual / view.learningRate, 1)), steady: true }
}
