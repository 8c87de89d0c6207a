import type { RunView } from '../types'
import { guesses, last, lossesAt, median, newest } from './view'

const FIRST = 3
/**
 * The loss now against its start: medians of the newest and of the first recorded steps. NaN where the newest one is no
 * number.
 */
export function progress(view: RunView): number {
  const now = view.scalar(last(view), 'loss')
  if (now === undefined || !Number.isFinite(now)) return NaN
  const first = Array.from({ length: Math.min(FIRST, view.length) }, (_, i) => i)
  return median(lossesAt(view, newest(view))) / median(lossesAt(view, first))
}

/** The same of the examples that the run is judged by, without the noise of batches; undefined before a second look. */
export function heldProgress({ trials = [] }: RunView): number | undefined {
  const [first, end] = [trials[0], trials[trials.length - 1]]
  return first && end && first !== end ? end.metrics['loss']! / first.metrics['loss']! : undefined
}
/** Recorded steps after which a loss that has hardly fallen counts as harm. */
const PATIENCE = 9
const STILL = 0.9
/** Recorded steps after which a network that only guesses does. */
const LONG = 30
/** The loss is no number, stays where it was, or the network still guesses. */
export function isHarmed(view: RunView): boolean {
  const loss = progress(view)
  return !Number.isFinite(loss) || (view.length >= PATIENCE && loss > STILL) || (view.length >= LONG && guesses(view))
}
