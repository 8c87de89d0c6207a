import { optimizers } from '../../../catalog/optimizers'
import { defaultsOf, type Params, type Spec } from '../../../base/params'
import { rounded } from '../../../base/rounded'
import type { RunView } from '../types'
import { caughtStep } from './caught'
import { heldProgress, isHalfWay, isOnItsWay, isSureOfWrong, progress } from './progress'
import { MOST, rateAt, ratios, usualRate } from './rate'
import { thrown } from './thrown'
import { isComparable, unsteadyLoss } from './unsteady'
import { examples, guesses, last, learnsWell, median, newest, S, valuesAt, WINDOW } from './view'
import { once } from './once'

/** Momentum over at least so many steps, 1 ÷ (1 − μ), is far from usual. */
const MEMORY = 99
/** The first step may be so many times as long as the rate says, because its averages are not corrected yet. */
const FIRST = 30
/** ε is to blame if it leaves less than this share of the step, and is so many times its default. */
const [LEFT, TIMES] = [0.1, 1e3]
/** If all steps together change the fastest layer by less than this share, ε leaves too little of them. */
const STIRRED = 0.3
/** The loss against its start: more progress than this is progress. */
const STILL = 0.95
/** Fewer examples in a step than this say little by themselves. */
const FEW = 8
/** Share of a guess's loss under which a loss is better than that. */
const BETTER = 0.98

/** A setting of the optimizer beside its rate. */
export type Setting = 'momentum' | 'beta1' | 'beta2' | 'rho' | 'epsilon'
/**
 * The harm: nothing is learnt, learning is slow, the loss rises again, or wrong answers are given with certainty.
 */
type Outcome = 'stuck' | 'slow' | 'unsteady' | 'sure'
/** A setting that nobody trains with, and its harm. */
export interface OddSetting {
  setting: Setting
  value: number
  usual: number
  /** ε: share of the step that is left. Momentum: steps added up. ρ: how many times as long the first step is. */
  measure: number
  came: Outcome
  /** The optimizer with its usual settings. */
  choice: Spec
}
type Odd = Pick<OddSetting, 'setting' | 'value' | 'measure'>

/** Optimizers that the remedy offers. It replaces others by Adam. */
const OFFERED = ['adam', 'nadam', 'rmsprop', 'momentum']

/** All settings of the optimizer. */
function settingsOf({ experiment }: RunView): Params {
  const spec = experiment!.training.optimizer
  return { ...defaultsOf(optimizers.get(spec.id).fields), ...spec }
}
/** Settings by which steps get far longer than the rate says. */
function wild(p: Params): Odd[] {
  const number = (name: string): number | undefined => (typeof p[name] === 'number' ? p[name] : undefined)
  const [momentum, beta1, beta2, rho] = ['momentum', 'beta1', 'beta2', 'rho'].map(number)
  const memory = (value: number | undefined): number => (value === undefined ? 0 : 1 / (1 - value))
  return [
    ...(['momentum', 'beta1'] as const).flatMap((setting): Odd[] => {
      const value = setting === 'momentum' ? momentum : beta1
      return memory(value) > MEMORY ? [{ setting, value: value!, measure: memory(value) }] : []
    }),
    // The mean of the gradients outlives their size: m/√v has no bound (Reddi 2018 asks for β₁ < √β₂).
    ...(beta1 !== undefined && beta2 !== undefined && beta1 > Math.sqrt(beta2)
      ? [{ setting: 'beta2' as const, value: beta2, measure: beta1 }]
      : []),
    ...(rho !== undefined && p['id'] === 'rmsprop' && Math.sqrt(memory(rho)) > FIRST
      ? [{ setting: 'rho' as const, value: rho, measure: Math.sqrt(memory(rho)) }]
      : [])
  ]
}
/**
 * The share of the step that ε leaves: ‖ΔW‖ ÷ (α√n), the median over the layers. Undefined where ε is as usual, or the
 * step does not have the size of the rate anyway.
 */
function shrinking(view: RunView, p: Params): Odd | undefined {
  const field = optimizers.get(p['id'] as string).fields['epsilon']
  const value = p['epsilon']
  if (typeof value !== 'number' || field?.type !== 'number' || p['id'] === 'adadelta') return undefined
  if (!(value > TIMES * field.default)) return undefined
  const frames = newest(view)
  const rate = median(frames.map((i) => rateAt(view, i)))
  const left = median(
    view.main.map(
      ({ index, paramCount }) =>
        (median(valuesAt(view, frames, index, S.update)) * median(valuesAt(view, frames, index, S.weights))) /
        (rate * Math.sqrt(paramCount))
    )
  )
  return left < LEFT ? { setting: 'epsilon', value, measure: left } : undefined
}
/** Whether the examples that the run is judged by are answered no better than by a forecast that looks at no input. */
function isNoBetter({ trials = [], schema }: RunView): boolean {
  const [now, guess] = [trials[trials.length - 1], schema.baselines?.[0]]
  return !!now && !!guess && now.metrics['loss']! > BETTER * guess.metrics['loss']!
}
/** The harm of long steps. Single batches are answered well or badly under any setting. */
function afterLong(view: RunView): Outcome | undefined {
  if (!Number.isFinite(view.scalar(last(view), 'loss'))) return 'stuck'
  if (isComparable(view) && unsteadyLoss(view)) return examples(view) < FEW && learnsWell(view) ? undefined : 'unsteady'
  if (learnsWell(view)) return isHalfWay(view) && isSureOfWrong(view) ? 'sure' : undefined
  return caughtStep(view) || thrown(view)
    ? 'unsteady'
    : isHalfWay(view) && (guesses(view) || isNoBetter(view))
      ? 'stuck'
      : undefined
}
/** The harm of short steps: at half of the run the loss still falls, or has not begun to. */
function afterShort(view: RunView): Outcome | undefined {
  if (learnsWell(view)) return undefined
  const whole = Math.max(...ratios(view)) * view.experiment!.training.steps
  if (whole < STIRRED && (heldProgress(view) ?? progress(view)) > STILL) return 'stuck'
  if (!isHalfWay(view)) return undefined
  return guesses(view) ? 'stuck' : isOnItsWay(view) ? 'slow' : undefined
}
/** The rate for the usual optimizer: the present one, if it is usual and its first step was not too long. */
function choiceFor(view: RunView, p: Params, setting: Setting): Spec {
  const id = p['id'] as string
  const own = OFFERED.includes(id)
  const to = own ? id : 'adam'
  const field = optimizers.get(to).fields['learningRate']
  const usual = field?.type === 'number' ? field.default : (usualRate(view) ?? view.learningRate)
  const isUsual = (own || id === 'adamW') && view.learningRate >= usual / 10 && view.learningRate <= 10 * usual
  const first = setting === 'momentum' ? median(ratios(view, [0])) : 0
  const rate = (isUsual ? view.learningRate : usual) * Math.min(1, first > 0 ? MOST / first : 1)
  return { id: 'optimizer', to, learningRate: rounded(rate, 1) }
}
/**
 * A setting of the optimizer other than its rate that is far from usual and has done harm. Long steps make the run fail
 * to learn or diverge. Short ones make it hardly move.
 */
export const oddSetting = once((view: RunView): OddSetting | undefined => look(view))
/** Whether a setting makes steps far longer than the rate says, harmful or not. */
export const stepsAreWild = (view: RunView): boolean =>
  !!view.experiment && !!optimizers.find(view.experiment.training.optimizer.id) && wild(settingsOf(view)).length > 0
function look(view: RunView): OddSetting | undefined {
  const { experiment, schema } = view
  if (!experiment || !view.length || schema.info.task === 'critic') return undefined
  if (!optimizers.find(experiment.training.optimizer.id)) return undefined
  const p = settingsOf(view)
  const usualOf = (setting: Setting): number => {
    const field = optimizers.get(p['id'] as string).fields[setting]
    return field?.type === 'number' ? field.default : NaN
  }
  const whole = (odd: Odd, came: Outcome): OddSetting => ({
    ...odd,
    came,
    usual: usualOf(odd.setting),
    choice: choiceFor(view, p, odd.setting)
  })
  const [first] = wild(p)
  const long = first && afterLong(view)
  if (long) return whole(first, long)
  const short = view.length >= WINDOW ? shrinking(view, p) : undefined
  const came = short && afterShort(view)
  return came ? whole(short, came) : undefined
}
