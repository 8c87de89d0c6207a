import type { RunView } from '../types'
import { onceFor } from './once'
import { currentProfile, profileOf } from './profile'
import { rateAt } from './rate'
import { areWeightsCut } from './regularisation'
import { learnsWell, S } from './view'

/** ‖ΔW‖/‖W‖ of a step that replaces most of a layer. */
export const GIANT = 0.5
/** The step is looked for in so many first frames. Later faults have other reasons. */
const FIRST = 5
/** First ÷ last hidden layer: a gradient is sound within these limits. */
const [LEAST, MOST] = [0.005, 200]

/** A step that threw a layer to another place. */
export interface Step {
  ratio: number
  id: string
  frame: number
  /** The learning rate of it. */
  rate: number
}
const isSound = (ratio: number): boolean => ratio > LEAST && ratio < MOST

/** The largest of the first steps, where it is a giant one. Weights that started at 0 have no size of their own. */
const giant = onceFor(
  (view) => Math.min(FIRST, view.length),
  (view, length): Step | undefined => {
    const step = view.main
      .filter((l) => view.value(0, l.index, S.weights)! > 0)
      .flatMap(({ id, index }) =>
        Array.from({ length }, (_, frame) => ({ id, frame, ratio: view.value(frame, index, S.update) ?? NaN }))
      )
      .filter((s) => Number.isFinite(s.ratio) && s.ratio > GIANT)
      .sort((a, b) => b.ratio - a.ratio)[0]
    return step && { ...step, rate: rateAt(view, step.frame) }
  }
)
/**
 * The step that broke a network. Its gradient was sound at the start, explodes or vanishes now, and the network does
 * not learn. Undefined where the start was not sound, or no step was large enough.
 */
export function thrown(view: RunView): Step | undefined {
  const step = giant(view)
  if (!step || step.frame >= view.length - 1 || learnsWell(view)) return undefined
  // It was no step of the optimizer where weights are cut to a limit.
  if (areWeightsCut(view)) return undefined
  const start = profileOf(view, [0])?.ratio
  const now = currentProfile(view)?.ratio
  return start !== undefined && isSound(start) && now !== undefined && !isSound(now) ? step : undefined
}
