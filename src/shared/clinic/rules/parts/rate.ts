import { optimizers } from '../../../catalog/optimizers'
import { defaultsOf, type NumberField, type Spec } from '../../../base/params'
import { rounded } from '../../../base/rounded'
import type { RunView } from '../types'
import { lossesAt, median, newest, oldest, S, valuesAt } from './view'

/**
 * ‖ΔW‖/‖W‖ of a first step. Where each weight’s step has the size of the rate, steps go on as they began, and a layer
 * is to be free to change some times over in the run: so much in all, within bounds for each step. Elsewhere steps
 * shrink with the gradient, and a first one of a hundredth is long enough; one of `MOST` is as long as is safe.
 */
const [IN_ALL, LEAST] = [12, 2e-3]
export const MOST = 5e-2
const PLAIN = 1e-2
/** Of the steps that momentum adds up, 1 ÷ (1 − μ), the share by which a step grows past the first one. */
const ADDED = 1 / 3
/** Frames from the first on that show the steps before anything went wrong. */
const FIRST = 3

/** The default learning rate of the run's optimizer; undefined where the optimizer isn't known. */
export const usualRate = (view: RunView): number | undefined => {
  const field = optimizers.find(view.experiment?.training.optimizer.id ?? '')?.fields['learningRate']
  return field?.type === 'number' ? field.default : undefined
}
/** The learning rate in a frame: what the schedule makes of it, where that was recorded. */
export const rateAt = (view: RunView, frame: number): number => view.scalar(frame, 'learningRate') ?? view.learningRate
/** The update/weight ratio of each layer with a kernel: medians over some frames. */
export const ratios = (view: RunView, frames = newest(view)): number[] =>
  view.main.map((l) => median(valuesAt(view, frames, l.index, S.update)))

/** Whether the optimizer’s step has the size of the rate, however large the gradient is. */
export function isAdaptive({ experiment }: RunView): boolean {
  const entry = optimizers.find(experiment?.training.optimizer.id ?? '')
  if (!entry) return false
  const params = { ...defaultsOf(entry.fields), ...experiment!.training.optimizer }
  const slots = Object.fromEntries(entry.slots.map((name) => [name, entry.slotInit ?? 0]))
  const step = (g: number): number => Math.abs(entry.reference({ w: 0, g, slots, learningRate: 1, t: 1 }, params).w)
  return step(1e4) < 10 * step(10)
}
/** The step, against a layer’s size, that suits this run where steps have the size of the rate. */
const pace = ({ experiment }: RunView): number =>
  Math.min(MOST, Math.max(LEAST, IN_ALL / (experiment?.training.steps ?? Infinity)))
/** The step, against a layer’s size, that suits this run. */
export const suits = (view: RunView): number => (isAdaptive(view) ? pace(view) : PLAIN)
/**
 * The remedy that raises the rate to the optimizer’s default at least, and on until the fastest layer takes steps that
 * suit the run, but to no more than ten times the default.
 * @param fastest its update/weight ratio now. @param least factor
 */
export function raise(view: RunView, fastest: number, least = 10): Spec {
  const usual = usualRate(view)
  const pace = fastest > 0 ? suits(view) / fastest : 1e3
  const factor =
    usual === undefined ? pace : Math.max(usual, Math.min(pace * view.learningRate, 10 * usual)) / view.learningRate
  return { id: 'learningRate', factor: Math.min(1e6, Math.max(least, rounded(factor, 1))) }
}
/** How many times as far as the first one steps go once momentum is under way. */
function heavier({ experiment }: RunView): number {
  const momentum = experiment?.training.optimizer['momentum']
  return typeof momentum === 'number' ? Math.max(1, ADDED / (1 - momentum)) : 1
}
/** The remedy that lowers the rate until the first step, before anything went wrong, is one that suits the run. */
export function lower(view: RunView): Spec {
  const first = median(ratios(view, [0]))
  const least = (usualRate(view) ?? view.learningRate) / 100 / view.learningRate
  const most = isAdaptive(view) ? pace(view) : MOST
  const factor = Math.min(0.1, Math.max(least, first > 0 ? most / first : 0)) / heavier(view)
  return { id: 'learningRate', factor: rounded(factor, 1) }
}
/**
 * The remedy by which steps get the size of the rate, and a rate by which they suit the run and the size that weights
 * start with; undefined where steps are like this already.
 */
export function adaptiveSteps(view: RunView): Spec | undefined {
  if (!view.experiment || isAdaptive(view)) return undefined
  // Biases are few: the number of parameters is about that of the weights.
  const sizes = view.main.map((l) => (view.value(0, l.index, S.weights) ?? NaN) / Math.sqrt(l.paramCount))
  const size = median(sizes.filter((v) => v > 0))
  const usual = (optimizers.get('adam').fields['learningRate'] as NumberField).default
  const rate = Math.min(10 * usual, Math.max(usual, size > 0 ? pace(view) * size : 0))
  return { id: 'optimizer', learningRate: rounded(rate, 1) }
}
/** A step that is to grow by less than this is not the matter. */
export const WORTH = 3
/**
 * The same where plain steps, sound ones of before the first update, will be too short once the targets are scaled: the
 * gradient shrinks as they do.
 */
export function scaledSteps(view: RunView): Spec | undefined {
  const target = view.schema.data?.target.rms ?? 0
  const first = median(ratios(view, [0]))
  return target > 1 && first > 0 && (first / target) * WORTH < PLAIN ? adaptiveSteps(view) : undefined
}
/** The loss over the first frames. */
export const firstLoss = (view: RunView): number => median(lossesAt(view, oldest(view, FIRST)))
