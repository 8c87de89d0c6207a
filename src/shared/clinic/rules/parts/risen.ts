import { learningRateAt, schedules } from '../../../catalog/schedules'
import type { Spec } from '../../../base/params'
import { rounded } from '../../../base/rounded'
import type { Text } from '../../../base/text'
import type { RunView } from '../types'
import { ratios, suits, usualRate } from './rate'
import { bestSoFar, isComparable, startLoss, unsteadyLoss } from './unsteady'
import { guesses, last, learnsWell, lossesAt, median, newest, S, WINDOW } from './view'

/**
 * The rate has risen too far if it is so many times that of the smallest loss. The second limit holds where most of the
 * progress has been lost since.
 */
const [RISEN, RISEN_THROWN] = [3, 1.2]
/** Loss now ÷ smallest loss, if half of the progress is lost, and if the network only guesses. */
const [LOST, GUESSED] = [2, 1.1]
/** ‖ΔW‖/‖W‖ above which a step is not small. */
const STEP = 0.1
/** Nothing has been learnt while the loss is above this share of its start. */
const LEARNT = 0.9
/** The rate of the smallest loss was at the limit already. A tenth of it is safe (Smith 2017). */
const SAFE = 0.1

/** A rate that its schedule has raised too far. */
export interface Risen {
  /** What raises it. */
  name: Text
  /** The rate, the loss and the step where the loss was smallest. */
  rate: number
  loss: number
  step: number
  /** The largest rate since, its step, and the loss now. */
  to: number
  toStep: number
  now: number
  /** The remedy: a rate that suits, and a schedule that does not raise it. */
  choice: Spec
}

/** Whether the loss has been thrown back. */
const isThrownBack = (view: RunView): boolean => isComparable(view) && unsteadyLoss(view) !== undefined
const isLost = (view: RunView, now: number, best: number): boolean =>
  !Number.isFinite(now) ||
  (now > LOST * best && now > startLoss(view) / 2) ||
  (now > GUESSED * best && guesses(view) && view.length > 2 * WINDOW)
/** What was found first: later the frames of that time may no longer be at hand. */
const told = new WeakMap<RunView, Risen>()

/**
 * The rise of the rate that has undone the progress: the schedule has raised it to more than three times the rate of
 * the smallest loss. Undefined where the schedule raises nothing, or the network learns.
 */
export function raisedTooFar(view: RunView): Risen | undefined {
  const { experiment } = view
  const end = last(view)
  if (!experiment || view.length < WINDOW || view.schema.info.task === 'critic') return undefined
  const { schedule, steps } = experiment.training
  const rises = schedule.id === 'rise'
  if ((!rises && !(Number(schedule['warmUp']) > 1)) || (learnsWell(view) && !isThrownBack(view))) return undefined
  const newestLoss = view.scalar(end, 'loss') ?? NaN
  const now = Number.isFinite(newestLoss) ? median(lossesAt(view, newest(view))) : newestLoss
  const best = bestSoFar(view)
  const isThrown = isThrownBack(view)
  if (!Number.isFinite(best.loss) || !(isThrown || isLost(view, now, best.loss))) return undefined
  const known = told.get(view)
  if (known) return { ...known, now }
  const at = (frame: number): number => learningRateAt(view.learningRate, schedule, view.step(frame), steps)
  const since = Array.from({ length: end - best.frame + 1 }, (_, i) => best.frame + i)
  const peak = since.reduce((a, i) => (at(i) > at(a) ? i : a), best.frame)
  const rate = at(best.frame)
  const largest = Math.max(
    ...since.flatMap((i) => view.main.map((l) => view.value(i, l.index, S.update) ?? 0).filter(Number.isFinite))
  )
  if (!(at(peak) > (isThrown ? RISEN_THROWN : RISEN) * rate) || !(largest > STEP)) return undefined
  const usual = usualRate(view) ?? rate
  // Nothing was learnt at any rate, so the first step has to tell how long steps are.
  const fits = best.loss > LEARNT * startLoss(view) ? (at(0) * suits(view)) / median(ratios(view, [0])) : SAFE * rate
  const wanted = usual < rate / RISEN ? Math.max(usual, fits) : Math.min(usual, rate / RISEN)
  const found: Risen = {
    name: rises ? schedules.get(schedule.id).name : { en: 'warm-up', zh: '预热' },
    rate,
    loss: best.loss,
    step: view.step(best.frame),
    to: at(peak),
    toStep: view.step(peak),
    now,
    choice: {
      id: 'learningRate',
      factor: rounded(wanted / view.learningRate, 1),
      ...(rises && { steady: true })
    }
  }
  told.set(view, found)
  return found
}
