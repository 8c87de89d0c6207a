import { optimizers } from '../../../catalog/optimizers'
import type { Spec } from '../../../base/params'
import type { RunView } from '../types'
import { lossesAt, median, newest, S, valuesAt } from './view'

/** ‖ΔW‖/‖W‖ per step at which layers usually learn. */
const USUAL = 1e-3
/** The largest with which a start is still a small step. */
const SMALL = 1e-2
/** Frames from the first on that show the steps before anything went wrong. */
const FIRST = 3

/** The default learning rate of the run's optimizer; undefined where the optimizer isn't known. */
export const usualRate = (view: RunView): number | undefined => {
  const field = optimizers.find(view.experiment?.training.optimizer.id ?? '')?.fields['learningRate']
  return field?.type === 'number' ? field.default : undefined
}
/** The update/weight ratio of each layer with a kernel: medians over some frames. */
export const ratios = (view: RunView, frames = newest(view)): number[] =>
  view.main.map((l) => median(valuesAt(view, frames, l.index, S.update)))

const powerOfTen = (x: number): number => Number((10 ** Math.round(Math.log10(x))).toPrecision(1))
/**
 * The remedy that raises the rate to the optimizer’s default at least, and on until the fastest layer learns at the
 * usual pace, but by no more than a power of ten.
 * @param fastest its update/weight ratio now
 */
export function raise(view: RunView, fastest: number): Spec {
  const usual = usualRate(view)
  const pace = fastest > 0 ? USUAL / fastest : 1e3
  const factor =
    usual === undefined ? pace : Math.max(usual, Math.min(pace * view.learningRate, 10 * usual)) / view.learningRate
  return { id: 'learningRate', factor: Math.min(1e6, Math.max(10, powerOfTen(factor))) }
}
/** The remedy that lowers the rate until the first step, before anything went wrong, is a small one. */
export function lower(view: RunView): Spec {
  const first = Math.max(0, ...ratios(view, [0]).filter(Number.isFinite))
  const least = (usualRate(view) ?? view.learningRate) / 100 / view.learningRate
  const factor = Math.min(0.1, Math.max(least, first > 0 ? SMALL / first : 0))
  return { id: 'learningRate', factor: Number((10 ** Math.floor(Math.log10(factor) + 1e-9)).toPrecision(1)) }
}
/** The loss over the first frames. */
export const startLoss = (view: RunView): number =>
  median(
    lossesAt(
      view,
      Array.from({ length: Math.min(FIRST, view.length) }, (_, i) => i)
    )
  )
