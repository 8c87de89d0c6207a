import type { Evaluation } from '../../../run/types'
import type { RunView } from '../types'
import { guesses, last, lossesAt, median, newest, oldest } from './view'
import { once } from './once'

const FIRST = 3
/**
 * The loss now against its start: medians of the newest and of the first recorded steps. NaN where the newest one is no
 * number.
 */
export function progress(view: RunView): number {
  const now = view.scalar(last(view), 'loss')
  if (now === undefined || !Number.isFinite(now)) return NaN
  const first = oldest(view, FIRST)
  return median(lossesAt(view, newest(view))) / median(lossesAt(view, first))
}

/** The same of the examples that the run is judged by, without the noise of batches; undefined before a second look. */
export function heldProgress({ trials = [] }: RunView): number | undefined {
  const [first, end] = [trials[0], trials[trials.length - 1]]
  return first && end && first !== end ? end.metrics['loss']! / first.metrics['loss']! : undefined
}
/** Whether half of the run's steps have been made. */
export const isHalfWay = (view: RunView): boolean =>
  2 * (view.step(last(view)) + 1) >= (view.experiment?.training.steps ?? Infinity)
/** The newest look at held-out examples, and the last one in the older half of the steps; undefined before both are. */
export function newerHalf(trials: readonly Evaluation[]): { before: Evaluation; end: Evaluation } | undefined {
  const end = trials[trials.length - 1]
  const before = [...trials].reverse().find((t) => t.step <= (end?.step ?? 0) / 2)
  return end && before && end !== before ? { before, end } : undefined
}
/** Share by which the loss on the same examples still falls over the newer half of the steps where it is on its way. */
const FELL = 0.02
/** Whether the loss on the same examples is still on its way. */
export function isOnItsWay({ trials = [] }: RunView): boolean {
  const half = newerHalf(trials)
  return !!half && half.end.metrics['loss']! < (1 - FELL) * half.before.metrics['loss']!
}
/** Looks in the newer half of the steps that all have to be below the one before. */
const FEWEST = 4
/** Whether the loss on the same examples still falls, however little: at each look of the newer half of the steps. */
export function isCreeping({ trials = [] }: RunView): boolean {
  const end = trials[trials.length - 1]?.step ?? 0
  const losses = trials.filter((t) => t.step >= end / 2).map((t) => t.metrics['loss']!)
  return losses.length >= FEWEST && losses.every((l, i) => !i || l < losses[i - 1]!)
}
/** How many times the loss of a guess is far above it. */
const ABOVE = 3
/**
 * Whether the loss is far above that of the best forecast that looks at no input: that of the newest batches, or that
 * of the examples the run is judged by while the batches’ is above it at all. What is known by heart is not.
 */
export function isFarAboveGuess(view: RunView): boolean {
  const guess = view.schema.baselines?.[0]
  if (!guess || !(guess.trainingLoss > 0) || view.length < LONG) return false
  const now = median(lossesAt(view, newest(view))) / guess.trainingLoss
  const trials = view.trials ?? view.evaluations
  const held = (trials[trials.length - 1]?.metrics['loss'] ?? 0) / guess.metrics['loss']!
  return now > ABOVE || (now > 1 && held > ABOVE)
}
/**
 * Whether the examples the run is judged by are answered with a loss that is far above that of the best forecast that
 * looks at no input, however the training examples are: wrong answers are given with certainty. Where balanced accuracy
 * counts, always the most frequent class has a small loss; there that of equal shares is one, too.
 */
export function isSureOfWrong({ trials, evaluations, schema }: RunView): boolean {
  const guess = schema.baselines?.[0]?.metrics
  const list = trials ?? evaluations
  const held = list[list.length - 1]?.metrics['loss']
  if (!guess || !(guess['loss']! > 0) || held === undefined) return false
  const even = guess['balancedAccuracy'] === undefined ? 0 : Math.log(Math.max(2, schema.info.classes?.length ?? 2))
  return held > ABOVE * Math.max(guess['loss']!, even)
}
/** Recorded steps after which a loss that has hardly fallen counts as harm. */
const PATIENCE = 9
const STILL = 0.9
/** Recorded steps after which a network that only guesses does. */
const LONG = 30
/** The loss is no number, stays where it was, or the network still guesses. */
export const isHarmed = once((view: RunView): boolean => {
  const loss = progress(view)
  return !Number.isFinite(loss) || (view.length >= PATIENCE && loss > STILL) || (view.length >= LONG && guesses(view))
})
/** What noise adds to the share of right answers of a guess, or to its r². */
const LUCK = 0.05
/**
 * Whether the examples that the run is judged by are answered no better than by the best forecast that looks at no
 * input; by the newest batches where neither right answers nor r² are known of them.
 */
export function isNoBetter(view: RunView): boolean {
  const trials = view.trials ?? view.evaluations
  const [now, least] = [trials[trials.length - 1]?.metrics, view.schema.baselines?.[0]?.metrics]
  for (const name of ['balancedAccuracy', 'accuracy', 'r2'])
    if (now?.[name] !== undefined && least?.[name] !== undefined) return !(now[name] > least[name] + LUCK)
  return isHarmed(view)
}
