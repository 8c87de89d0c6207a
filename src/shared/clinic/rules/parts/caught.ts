import type { RunView } from '../types'
import { sumsGrow } from './farStart'
import { currentProfile } from './profile'
import { firstLoss, rateAt } from './rate'
import { shrunk } from './shrunk'
import { GIANT, type Step } from './thrown'
import { startsExplodingInTime } from './time'
import { examples, last, S } from './view'

/** The loss against its start. The noise of a batch stays far below, unless a step sees only a few examples. */
export const RISE = 10
const FEW = 8
/** ‖ΔW‖/‖W‖ that throws a layer to another place. Where the loss then multiplies, the step did it. */
export const STEP = 0.1
/** What is enough of a rise after a giant step. Units may be dead soon after. */
export const SOME_RISE = 2
/** Frames before the rise in which that step is looked for. */
const BEFORE = 5
/** First ÷ last hidden layer: beyond this the start explodes whatever the rate. */
const EXPLODES = 200

/** The frame at which the loss rose above a limit, or became NaN, and stayed there. */
function left(view: RunView, limit: number): number | undefined {
  const above = (i: number): boolean => !(view.scalar(i, 'loss')! <= limit)
  let i = last(view)
  if (i < 1 || !above(i)) return undefined
  while (i > 0 && above(i - 1)) i--
  // One batch of few examples says little.
  const lasting = last(view) - i + 1 >= (examples(view) < FEW ? 5 : 1)
  return i > 0 && (lasting || !Number.isFinite(view.scalar(last(view), 'loss'))) ? i : undefined
}
/** The largest step, and its layer, in the frames before a rise. */
function largestStep(view: RunView, at: number): Step | undefined {
  const from = Math.max(0, at - BEFORE)
  const frames = Array.from({ length: at - from }, (_, i) => from + i)
  return view.main
    .flatMap(({ id, index }) =>
      frames.flatMap((frame): Step[] => {
        const ratio = view.value(frame, index, S.update)
        return ratio !== undefined && Number.isFinite(ratio) ? [{ id, ratio, frame, rate: rateAt(view, frame) }] : []
      })
    )
    .sort((a, b) => b.ratio - a.ratio)[0]
}
/** The step behind a loss that is `rise` times its start. A known step stays the answer while the loss stays up. */
function caught(view: RunView, start: number, rise: number, size: number, known?: Step): Step | undefined {
  const frame = left(view, rise * start)
  if (frame === undefined) return undefined
  if (known) return known
  const step = largestStep(view, frame)
  const layer = view.main.find((l) => l.id === step?.id)
  return step && layer && step.ratio * shrunk(view, [step.frame], layer.index) > size ? step : undefined
}
/**
 * The smallest of the first losses, because the second may have risen already. With a few examples a step, chance
 * makes it small, so it is at least the loss of a guess.
 */
export function leastFirstLoss(view: RunView): number {
  const first = view.scalar(0, 'loss') ?? NaN
  const least = Math.min(first, firstLoss(view) || first)
  return examples(view) < FEW ? Math.max(least, view.schema.baselines?.[0]?.trainingLoss ?? least) : least
}
/** The step that was found: later its frames may no longer be at hand. */
const told = new WeakMap<RunView, Step>()
/** The step that multiplied the loss; undefined where it was not long enough, or the start is to blame. */
export function caughtStep(view: RunView): Step | undefined {
  const start = leastFirstLoss(view)
  const explodes = (currentProfile(view)?.ratio ?? 0) > EXPLODES || startsExplodingInTime(view) || sumsGrow(view)
  if (!(start > 0) || explodes) return undefined
  const known = told.get(view)
  const step = caught(view, start, SOME_RISE, GIANT, known) ?? caught(view, start, RISE, STEP, known)
  if (step) told.set(view, step)
  return step
}
