// Longer than 300 lines, because each state is worded in two languages beside what it rests on.
import { rounded } from '../../base/rounded'
import { counted, type Text } from '../../base/text'
import type { Evaluation, Finding, RunVerdict, VerdictState } from '../../run/types'
import type { RunView } from '../../run/view'
import { kindName } from '../rules'
import { isFarAboveGuess, isSureOfWrong } from '../rules/parts/progress'
import { median, show } from '../rules/parts/view'
import { areTooFew, beatsAll, caseOf, isRightMoreOften, type Case } from './beats'
import { BY_HEART, knownByHeart } from './heart'
import { aboveSince, lossesOf, newestLosses, outSince, RECENT } from './losses'

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
/** Share by which the loss has to fall over the newer half of the steps, to be called falling. */
const FELL = 0.02
/** Halves of the run, each with the same share of the loss lost, that it is given to pass the baseline. */
const PATIENCE = 4
/** Newest evaluations of which most have to be above the baseline, for the last of them to be called an odd one. */
const RECENT_LOOKS = 5
/** How many times the loss of its start, and the baseline's, a run has diverged above. */
const ABOVE = 3
/** The same where they are known for certain. */
const WELL = 0.1
/** Recorded steps for which a finding counts as open after it was last seen: long runs are judged at each fifth. */
const OPEN = 5
/** Share of the first loss under which a loss of changing batches has fallen: there is nothing better to go by. */
const BATCHES_FELL = 0.9

const percent = (share: number): string => (Number.isNaN(share) ? 'NaN' : `${Number((100 * share).toFixed(1))} %`)
/** A share of the variance that is nothing but the rounding of sums. */
const NOTHING = 1e-6
const isShare = (metric: Case['metric']): boolean => metric === 'accuracy' || metric === 'balancedAccuracy'
/** A metric's value as it is told. */
const told = (metric: Case['metric'], value: number): string =>
  isShare(metric) ? percent(value) : show(Math.abs(value) < NOTHING ? 0 : value)

/** What was measured at both ends, beside the baseline. */
function figures({ view, trials, metric, baselines: [best] }: Case): Text {
  const { judged, info } = view.schema
  const [a, b] = [trials[0]!.metrics, trials[trials.length - 1]!.metrics]
  const n = judged?.count ?? 0
  const count = n.toLocaleString('en')
  const on =
    judged?.part === 'training'
      ? { en: `On ${count} training examples (nothing is held out)`, zh: `在 ${count} 个训练样本上（没有留出数据）` }
      : n
        ? { en: `On ${count} held-out example${n === 1 ? '' : 's'}`, zh: `在 ${count} 个留出样本上` }
        : { en: 'On the held-out examples', zh: '在留出样本上' }
  const name = info.task === 'critic' ? 'wasserstein' : metric!
  const called = {
    accuracy: { en: 'accuracy', zh: '准确率' },
    balancedAccuracy: { en: 'balanced accuracy', zh: '平衡准确率' },
    loss: { en: 'loss', zh: '损失' },
    r2: { en: 'r²', zh: 'r²' },
    wasserstein: { en: 'estimated distance', zh: '距离估计' }
  }[name]
  const change = (key: string, say: (v: number) => string): string =>
    trials.length > 1 ? `${say(a[key]!)} → ${say(b[key]!)}` : say(b[key]!)
  // More digits where three show no change.
  const exactly = (v: number): string =>
    show(a['loss']!) === show(b['loss']!) && Math.abs(v) < 1e4 ? String(rounded(v, 6)) : show(v)
  const isLoss = name === 'loss'
  // Targets that are all the same have no variance to explain.
  const isDefined = !Number.isNaN(b[name]) && !Number.isNaN(best?.metrics[name])
  const score = !isLoss && name in b && isDefined ? change(name, (v) => told(metric, v)) : undefined
  const loss = change('loss', exactly)
  const [least, lossThere] = best
    ? [told(metric, best.metrics[name]!), show(best.metrics['loss']!)]
    : [undefined, undefined]
  return {
    en: `${on.en}: ${score ? `${called.en} ${score}${least ? ` (baseline, ${best!.name.en}: ${least})` : ''}, ` : ''}loss ${loss}${lossThere ? ` (baseline${isLoss ? `, ${best!.name.en}:` : ''} ${lossThere})` : ''}.`,
    zh: `${on.zh}：${score ? `${called.zh} ${score}${least ? `（基线，${best!.name.zh}：${least}）` : ''}，` : ''}损失 ${loss}${lossThere ? `（基线${isLoss ? `，${best!.name.zh}：` : ' '}${lossThere}）` : ''}。`
  }
}
/** By how much the newest evaluation is above the baseline. */
function lead({ metric, trials, baselines: [best] }: Case): Text {
  const end = trials[trials.length - 1]!
  const [now, least] = [end.metrics[metric!]!, best!.metrics[metric!]!]
  const by = now - least
  if (metric === 'loss' || Number.isNaN(by)) {
    const share = percent(1 - end.metrics['loss']! / best!.metrics['loss']!)
    return { en: `The loss is ${share} below the baseline’s.`, zh: `损失比基线低 ${share}。` }
  }
  if (isShare(metric)) {
    const points = Number((100 * by).toFixed(1))
    if (metric === 'balancedAccuracy')
      return {
        en: `Balanced accuracy is ${counted(points, 'point')} above the baseline.`,
        zh: `平衡准确率高出基线 ${points} 个百分点。`
      }
    return { en: `${counted(points, 'point')} above the baseline.`, zh: `高出基线 ${points} 个百分点。` }
  }
  return { en: `r² is ${show(by)} above the baseline’s.`, zh: `r² 高出基线 ${show(by)}。` }
}

/** Newest evaluation, and the first, by name. */
function measuredOf(trials: readonly Evaluation[]): Record<string, number> {
  const [first, end] = [trials[0], trials[trials.length - 1]]
  return {
    ...end?.metrics,
    ...Object.fromEntries(Object.entries(first?.metrics ?? {}).map(([name, value]) => [`${name}AtStart`, value])),
    ...(end && { step: end.step })
  }
}
/** The loss that a run has diverged above: of its start, and of the baseline. */
function ceilingOf({ view, baselines: [best] }: Case): number {
  const first = view.lossAt?.(view.step(0)) ?? view.scalar(0, 'loss') ?? NaN
  return ABOVE * Math.max(first, best?.trainingLoss ?? 0)
}
/** A loss that is no number, or far above where it began. */
function divergence(of: Case): Pick<RunVerdict, 'text' | 'since' | 'measured'> | undefined {
  const { view, trials } = of
  const losses = lossesOf(view)
  const now = newestLosses(losses)
  const [loss] = now
  if (loss !== undefined && !Number.isFinite(loss)) {
    const since = outSince(losses, (l) => !Number.isFinite(l))
    const value = show(view.lossAt?.(since) ?? loss)
    return {
      text: { en: `The loss is ${value} from step ${since} on.`, zh: `自第 ${since} 步起损失为 ${value}。` },
      since,
      measured: { trainingLoss: loss }
    }
  }
  const trial = trials[trials.length - 1]
  const [step, held] = [trial?.step ?? 0, trial?.metrics['loss'] ?? 0]
  if (!Number.isFinite(held))
    return {
      text: {
        en: `The loss after ${counted(step, 'step')} is ${show(held)} on the examples it is judged by.`,
        zh: `${step} 步之后，评判样本上的损失为 ${show(held)}。`
      },
      since: step,
      measured: {}
    }
  const ceiling = ceilingOf(of)
  const middle = median(now)
  // A critic's loss has no bounds: it is as large as the points are apart.
  if (view.schema.info.task === 'critic' || now.length < RECENT || !(middle > ceiling)) return undefined
  const since = aboveSince(losses, ceiling)
  return {
    text: {
      en: `The training loss is ${show(middle)}, more than ${ABOVE} × what it was at the start and what the baseline has (since step ${since}).`,
      zh: `训练损失为 ${show(middle)}，超过开始时与基线的 ${ABOVE} 倍（自第 ${since} 步起）。`
    },
    since,
    measured: { trainingLoss: middle }
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
const joined = (...texts: Text[]): Text => ({
  en: texts.map((t) => t.en).join(' '),
  zh: texts.map((t) => t.zh).join('')
})

/** Whether the loss of changing batches still fell over the newest quarter of what was recorded, against the second. */
function stillFell(view: RunView): boolean {
  const quarter = Math.floor(view.length / 4)
  const middle = (from: number): number =>
    median(Array.from({ length: quarter }, (_, i) => view.scalar(from + i, 'loss') ?? NaN))
  return quarter < RECENT || middle(view.length - quarter) < (1 - FELL) * middle(quarter)
}
/** Of a recording without evaluations: the loss of changing batches, which proves little. */
function ofBatches({ view }: Case, open: Finding | undefined): Omit<RunVerdict, 'baseline'> {
  const first = median([0, 1, 2].filter((i) => i < view.length).map((i) => view.scalar(i, 'loss') ?? NaN))
  const losses = newestLosses(lossesOf(view))
  const now = median(losses)
  const since = view.length ? view.step(0) : 0
  if (view.length && !losses.length) return { state: 'unclear', text: NO_LOSS, measured: {}, since }
  const measured: Record<string, number> = view.length ? { trainingLoss: now, trainingLossAtStart: first } : {}
  if (!(view.length > RECENT && now < BATCHES_FELL * first))
    return {
      state: 'unclear',
      text: {
        en: 'No examples were evaluated at both ends, and the loss of changing batches does not fall.',
        zh: '首尾没有对同一批样本评估，各批次的损失也没有下降。'
      },
      measured,
      since
    }
  // A start is far above what guessing has: the first steps take the loss there in a network that learns nothing.
  if (open && now > BY_HEART * first && !stillFell(view))
    return {
      state: 'notLearning',
      text: {
        en: `The loss fell from ${show(first)} to ${show(now)} in the first steps and stands since: that may be no more than guessing.`,
        zh: `损失在最初几步由 ${show(first)} 降到 ${show(now)}，此后不再下降：这可能只是猜测的水平。`
      },
      measured,
      since
    }
  return {
    state: 'learning',
    text: {
      en: `The loss falls from ${show(first)} to ${show(now)}, of changing batches: no examples were evaluated at both ends.`,
      zh: `损失由 ${show(first)} 降到 ${show(now)}，但来自不同批次：首尾没有对同一批样本评估。`
    },
    measured,
    since
  }
}
const NO_LOSS: Text = {
  en: 'No loss was seen: the recorder takes it from loss.backward(), which this training does not call. Findings are of gradients and weights alone.',
  zh: '没有看到损失：记录器从 loss.backward() 取得损失，而此训练没有调用它。诊断仅依据梯度与权重。'
}
const TOO_EARLY: Text = { en: 'Too early to say.', zh: '尚难判断。' }
const FAR_ABOVE: Text = {
  en: 'Its training loss is far above that of the baseline, though: wrong answers are given with certainty.',
  zh: '但训练损失远高于基线：错误的回答仍非常肯定。'
}
const SURE_OF_WRONG: Text = {
  en: 'Its loss on examples it was not trained on is far above the baseline’s, though: wrong answers are given with certainty.',
  zh: '但在未用于训练的样本上，损失远高于基线：错误的回答非常肯定。'
}
const TOO_FEW: Text = {
  en: 'The examples it is judged by are too few: even right answers to all of them could be luck. Hold out more of them.',
  zh: '用于评判的样本太少：即使全部答对也可能是运气。请留出更多样本。'
}
const SWINGS: Text = {
  en: 'It has beaten the baseline, but the newest evaluation has not: the loss swings.',
  zh: '此前曾超过基线，但最近一次评估没有：损失起伏不定。'
}
/** How training examples are known whose loss is so much below a guess’s. */
const knowing = (loss: number, guess: number): Text =>
  loss < WELL * guess ? { en: 'known by heart', zh: '已被记住' } : { en: 'answered far better', zh: '的回答好得多' }
const byHeart = (loss: number, guess: number): Text => ({
  en: `The training examples are ${knowing(loss, guess).en}, though (loss ${show(loss)}), and the loss on others is no better than the baseline’s: wrong answers are given with certainty.`,
  zh: `但训练样本${knowing(loss, guess).zh}（损失 ${show(loss)}），而在其他样本上损失并不优于基线：错误的回答非常肯定。`
})
const ONE_CLASS: Text = {
  en: 'The examples it is judged by are all of one class: they cannot show whether the network tells classes apart. Hold out more of them.',
  zh: '用于评判的样本全属同一类：无法说明网络能否区分各类。请留出更多样本。'
}
/** Classes that the training part has examples of. */
const classesThere = ({ schema }: RunView): number => (schema.data?.classes ?? []).filter((share) => share > 0).length
const CRITIC: Text = {
  en: 'A critic has no baseline: its loss is a distance to a generator that moves.',
  zh: '评论家没有基线：其损失是到一个不断变化的生成器的距离。'
}
const NO_DISTANCE: Text = {
  en: 'The estimated distance stays at or below 0, and a distance is none: the critic scores generated points no lower than real ones.',
  zh: '距离估计一直不大于 0，而距离不会如此：评论家给生成点的评分并不低于真实点。'
}
/** Looks from which on an estimate that says nothing is no accident. */
const FEWEST_LOOKS = 3
/** Whether every estimate of a critic over the newer half of its steps is one that no distance has. */
function isNoDistance(trials: readonly Evaluation[]): boolean {
  const [first, end] = [trials[0]!.step, trials[trials.length - 1]!.step]
  const half = trials.filter((t) => t.step >= (first + end) / 2)
  const newest = trials.slice(-Math.max(FEWEST_LOOKS, half.length))
  return newest.length >= FEWEST_LOOKS && newest.every((t) => (t.metrics['wasserstein'] ?? NaN) <= 0)
}
const FALLS: Text = {
  en: 'The loss falls, but has not beaten the baseline by more than noise yet.',
  zh: '损失在下降，但尚未以超出噪声的幅度超过基线。'
}
const stillOpen = ({ kind }: Finding): Text => ({
  en: `A fault is open, though: ${kindName(kind).en}.`,
  zh: `但仍有故障：${kindName(kind).zh}。`
})
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
