import { counted, type Text } from '../../base/text'
import type { Evaluation, Finding, RunVerdict, VerdictState } from '../../run/types'
import type { RunView } from '../../run/view'
import { isFarAboveGuess, isSureOfWrong } from '../rules/parts/progress'
import { show } from '../rules/parts/view'
import { ofBatches } from './batches'
import { areTooFew, beatsAll, caseOf, isRightMoreOften, type Case } from './beats'
import { divergence } from './diverged'
import { knownByHeart } from './heart'
import { FELL } from './losses'
import {
  byHeart,
  CRITIC,
  FALLS,
  FAR_ABOVE,
  figures,
  joined,
  knowing,
  lead,
  NO_DISTANCE,
  ONE_CLASS,
  stillOpen,
  SURE_OF_WRONG,
  SWINGS,
  TOO_EARLY,
  TOO_FEW
} from './words'

/** What each state is called. */
export const VERDICTS: Record<VerdictState, Text> = {
  learned: { en: 'Learned', zh: '已学会' },
  learning: { en: 'Learning', zh: '学习中' },
  notLearning: { en: 'Not learning', zh: '没有学到' },
  diverged: { en: 'Diverged', zh: '已发散' },
  unclear: { en: 'Too early to say', zh: '尚难判断' }
}

/** `diverged at step 33 of 500`: what stands in place of the word for a state that sounds well. */
export const divergedText = ({ since }: RunVerdict, steps: number): Text => ({
  en: `diverged at step ${since} of ${steps}`,
  zh: `第 ${since} 步发散（共 ${steps} 步）`
})

/** Steps before which nothing is said of a run that neither beats its baseline nor diverges. */
const ENOUGH = 50
/** Halves of the run, each with the same share of the loss lost, that it is given to pass the baseline. */
const PATIENCE = 4
/** Newest evaluations of which most have to be above the baseline, for the last of them to be called an odd one. */
const RECENT_LOOKS = 5
/** Recorded steps for which a finding counts as open after it was last seen: long runs are judged at each fifth. */
const OPEN = 5

/** Newest evaluation, and the first, by name. */
function measuredOf(trials: readonly Evaluation[]): Record<string, number> {
  const [first, end] = [trials[0], trials[trials.length - 1]]
  return {
    ...end?.metrics,
    ...Object.fromEntries(Object.entries(first?.metrics ?? {}).map(([name, value]) => [`${name}AtStart`, value])),
    ...(end && { step: end.step })
  }
}
/**
 * Whether the loss on the same examples falls, over the newer half of the steps, and fast enough to pass the baseline
 * before long.
 */
function pace({ trials, baselines: [best] }: Case): 'falls' | 'tooSlow' | 'still' {
  const [first, end] = [trials[0]!, trials[trials.length - 1]!]
  const half = first.step + (end.step - first.step) / 2
  const before = [...trials].reverse().find((t) => t.step <= half)!.metrics['loss']!
  const now = end.metrics['loss']!
  if (!(now < (1 - FELL) * before)) return now < before ? 'tooSlow' : 'still'
  return !best || now * (now / before) ** PATIENCE <= best.metrics['loss']! ? 'falls' : 'tooSlow'
}
/** The step from which on no evaluation, or every one, has beaten the baseline. */
function sameSince(of: Case): number {
  const { trials } = of
  let i = trials.length - 1
  while (i > 0 && beatsAll(of, trials[i - 1]!) === beatsAll(of, trials[i]!)) i--
  return trials[i]?.step ?? 0
}
/** Classes that the training part has examples of. */
const classesThere = ({ schema }: RunView): number => (schema.data?.classes ?? []).filter((share) => share > 0).length
/** Looks from which on an estimate that says nothing is no accident. */
const FEWEST_LOOKS = 3
/** Whether every estimate of a critic over the newer half of its steps is one that no distance has. */
function isNoDistance(trials: readonly Evaluation[]): boolean {
  const [first, end] = [trials[0]!.step, trials[trials.length - 1]!.step]
  const half = trials.filter((t) => t.step >= (first + end) / 2)
  const newest = trials.slice(-Math.max(FEWEST_LOOKS, half.length))
  return newest.length >= FEWEST_LOOKS && newest.every((t) => (t.metrics['wasserstein'] ?? NaN) <= 0)
}
function judge(of: Case, open: Finding | undefined): Omit<RunVerdict, 'baseline'> {
  const { view, trials, metric } = of
  const measured = measuredOf(trials)
  const diverged = divergence(of)
  if (diverged) return { state: 'diverged', ...diverged, measured: { ...measured, ...diverged.measured } }
  const [first, end] = [trials[0], trials[trials.length - 1]]
  if (!first || !end) return ofBatches(of, open)
  const since = sameSince(of)
  const given = (state: VerdictState, ...texts: Text[]): Omit<RunVerdict, 'baseline'> => ({
    state,
    text: joined(...texts, figures(of)),
    measured,
    since
  })
  const isOneClass = view.schema.judged?.classes === 1 && classesThere(view) > 1
  if (isOneClass && !open && trials.length > 1 && end.step - first.step >= ENOUGH) return given('unclear', ONE_CLASS)
  if (trials.length > 1 && metric && !isOneClass && beatsAll(of, end)) {
    if (!open && isFarAboveGuess(view)) return given('learning', lead(of), FAR_ABOVE)
    if (!open && isSureOfWrong(view)) return given('learning', lead(of), SURE_OF_WRONG)
    if (!open) return given('learned', lead(of))
    return { ...given('learning', lead(of), stillOpen(open)), since: Math.max(since, open.from) }
  }
  if (trials.length < 2 || end.step - first.step < ENOUGH) return given('unclear', TOO_EARLY)
  if (!metric) {
    if (isNoDistance(trials)) return given('notLearning', NO_DISTANCE)
    return open ? given('unclear', CRITIC) : given('learning', CRITIC)
  }
  const usually = trials.slice(-RECENT_LOOKS)
  if (!open && usually.filter((t) => beatsAll(of, t)).length > RECENT_LOOKS / 2) return given('learning', SWINGS)
  const [best] = of.baselines
  const isBehind =
    !!best && end.metrics[metric]! < best.metrics[metric]! && end.metrics['loss']! > best.metrics['loss']!
  if (!open && areTooFew(of) && !isBehind) return given('unclear', TOO_FEW)
  const how = pace(of)
  if (how === 'falls') return given('learning', FALLS, ...(open ? [stillOpen(open)] : []))
  if (Number.isNaN(best?.metrics['r2']))
    // Targets that do not differ have none.
    return given('notLearning', {
      en: 'There is nothing to learn: the target is the same in all of these examples.',
      zh: '没有可学习的内容：这些样本的目标完全相同。'
    })
  // With weighted classes the loss is low where the frequent ones alone are known.
  const known = knownByHeart(view)
  if (known && metric !== 'balancedAccuracy') {
    const [loss, guess] = [show(known.loss), best!.trainingLoss]
    if (!open && isRightMoreOften(of, end)) return given('learning', lead(of), byHeart(known.loss, guess))
    // A norm that answers the same examples otherwise in use makes a gap of its own.
    const { en, zh } = knowing(known.loss, guess)
    return given(
      'notLearning',
      open?.kind === 'evaluationGap' || !known.inUse
        ? {
            en: `The training loss is ${loss}, but as the network answers in use it is no better than the baseline.`,
            zh: `训练损失为 ${loss}，但按实际使用时的回答，网络并不优于基线。`
          }
        : {
            en: `The training examples are ${en} (loss ${loss}), but on others it is no better than the baseline.`,
            zh: `训练样本${zh}（损失 ${loss}），但在其他样本上并不优于基线。`
          }
    )
  }
  const steps = end.step - first.step
  const [en, zh] =
    how === 'tooSlow'
      ? ['hardly falls any more', '几乎不再下降']
      : end.metrics['loss']! < first.metrics['loss']!
        ? ['falls no further', '不再下降']
        : ['does not fall', '没有下降']
  return given('notLearning', {
    en: `After ${counted(steps, 'step')} it is no better than the baseline, and the loss ${en}.`,
    zh: `${steps} 步之后仍不优于基线，且损失${zh}。`
  })
}

/**
 * Whether a run has learnt, and how much more than a forecast that looks at no input. It compares the first evaluation
 * with the newest, which are made on the same examples.
 * @param findings of the run so far: nothing is learnt for good while a bad one is open
 */
export function verdictOf(view: RunView, findings: readonly Finding[]): RunVerdict {
  const of = caseOf(view)
  const from = view.length ? view.step(Math.max(0, view.length - 1 - OPEN)) : 0
  const verdict = judge(
    of,
    findings.find((f) => f.severity === 'bad' && f.to >= from)
  )
  const [best] = of.baselines
  return { ...verdict, ...(best && { baseline: best }) }
}
