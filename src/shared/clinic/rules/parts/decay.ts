import { learningRateAt, schedules } from '../../../catalog/schedules'
import type { Text } from '../../../base/text'
import type { Spec } from '../../../base/params'
import { rounded } from '../../../base/rounded'
import type { Experiment } from '../../../experiment/types'
import type { RunView } from '../types'
import { usualRate } from './rate'
import { last, S } from './view'

/** Steps at most at which a schedule is looked at. */
const SAMPLES = 1000
/** Share of the largest rate so far under which a schedule has taken the rate away. */
const GONE = 0.01
/** What all steps together have changed the fastest layer by, of its size, where it has had time to learn. */
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

/** What the schedule has left of the rate, where that is next to nothing; undefined where it is more. */
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
/** What all steps so far have changed the fastest layer by, as a share of its size, were they all in one direction. */
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
 * What all steps of the run together will change the fastest layer by, as a share of its size, as far as the steps so
 * far and the schedule tell. Fewer than `STIRRED` is little.
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
/** A rate that was gone before the network had the time to learn, and what the fastest layer has changed by. */
export function goneEarly(view: RunView): (Decay & { moved: number }) | undefined {
  const decay = decayOf(view)
  const moved = decay ? movedSoFar(view) : Infinity
  return decay && moved < STIRRED ? { ...decay, moved } : undefined
}
/** The remedy that keeps the rate where it was set, and at the optimizer's default at least. */
export function steady(view: RunView): Spec {
  const usual = usualRate(view) ?? view.learningRate
  return { id: 'learningRate', factor: Math.max(1, rounded(usual / view.learningRate, 1)), steady: true }
}
