import { caseOf, areTooFew, beatsAll, isRightMoreOften, type Case } from '../verdict/beats'
import { knownByHeart } from '../verdict/heart'
import type { Spec } from '../../base/params'
import { rounded } from '../../base/rounded'
import type { Text } from '../../base/text'
import type { Rule, RunView, Verdict } from './types'
import { sites } from '../remedies/parts/graph'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { chaoticStart } from './parts/chaos'
import { nothingNear } from './parts/near'
import { stepsAreWild } from './parts/odd'
import { hasOutliers } from './parts/outliers'
import { isHalfWay, isOnItsWay, isSureOfWrong } from './parts/progress'
import { isAdaptive } from './parts/rate'
import { median, show } from './parts/view'

/** Looks at held-out examples that have to agree, and steps between the first and the newest. */
const [LOOKS, ENOUGH] = [3, 50]
/** Training loss ÷ a guess's under which it is told before half of the run. */
const AT_ONCE = 0.1
/** Held-out loss ÷ its smallest, and ÷ the training loss, from which on a network that learns is said to overfit. */
const [RISEN, APART] = [1.5, 2]
/** The same ÷ a guess's, where training examples known by heart tell little of others. */
const FAR = 0.5
/** Share of the steps by which the smallest held-out loss has to lie behind. */
const BEHIND = 0.75
/** Share of the loss of a guess under which a held-out loss was better than it. */
const BETTER = 0.98
/**
 * λ that let networks that knew noise by heart learn what there was: of seven (classes and numbers, Adam and momentum)
 * the held-out loss fell in all, by 12 to 77 %; 0.1 left none of them anything.
 */
const PENALTY = 0.01
/** The same of a decay, as the share of a weight that each step takes. */
const TAKEN = 0.005

/** What was measured of a network that knows its training examples better than others. */
interface Overfit {
  training: number
  held: number
  /** Smallest held-out loss, and its step. */
  smallest: number
  at: number
  /** Loss on held-out examples of the best forecast that looks at no input. */
  guess: number
}
function overfit(of: Case, training: number): Overfit | undefined {
  const { trials, baselines } = of
  const newest = trials.slice(-LOOKS)
  const [first, end] = [trials[0], trials[trials.length - 1]]
  if (newest.length < LOOKS || !first || !end || end.step - first.step < ENOUGH) return undefined
  const lossOf = (t: Case['trials'][number]): number => t.metrics['loss'] ?? NaN
  const best = trials.reduce((a, b) => (lossOf(b) < lossOf(a) ? b : a))
  return {
    training,
    held: median(newest.map(lossOf)),
    smallest: lossOf(best),
    at: best.step,
    guess: baselines[0]!.metrics['loss']!
  }
}
/** The severity; undefined where it does no harm. */
function severityOf(of: Case, found: Overfit): Verdict['severity'] | undefined {
  const { training, held, smallest, at, guess } = found
  const { view, trials, baselines } = of
  const end = trials[trials.length - 1]!
  const learns = trials.slice(-LOOKS).some((t) => beatsAll(of, t)) || isRightMoreOften(of, end)
  const isDue = isHalfWay(view) || training < AT_ONCE * baselines[0]!.trainingLoss
  if (!learns) return isDue && held > guess && !areTooFew(of) ? 'bad' : undefined
  if (isDue && held > guess && isSureOfWrong(view)) return 'warn'
  // A tiny loss may double by chance.
  const isBehind =
    held > AT_ONCE * guess && at <= BEHIND * end.step && held > RISEN * smallest && held > APART * training
  if (!isHalfWay(view)) return undefined
  if (isFarOff(of, found)) return partingOf(of, found) === undefined ? 'info' : 'warn'
  return isBehind ? 'info' : undefined
}
/** Whether training examples are known by heart, and others are answered nearer to a guess than to them. */
const isFarOff = ({ baselines }: Case, { training, held, guess }: Overfit): boolean =>
  training < AT_ONCE * baselines[0]!.trainingLoss && held > FAR * guess
/** The gain of a start from which examples that are alike part, where that is why others are answered worse. */
const partingOf = (of: Case, found: Overfit): number | undefined =>
  isFarOff(of, found) ? chaoticStart(of.view) : undefined
/** The largest L2 penalty of a network. */
const penaltyOf = ({ experiment }: RunView): number =>
  Math.max(0, ...[...sites(experiment?.network.nodes ?? [])].map((s) => Number(s.node.params['l2'] ?? 0)))
/** Remedies against it: a larger penalty, or weight decay. */
function holding(view: RunView): Spec[] {
  const now = penaltyOf(view)
  return [
    { id: 'l2', lambda: rounded(Math.max(PENALTY, 3 * now), 1) },
    ...(isAdaptive(view) ? [{ id: 'weightDecay', lambda: rounded(Math.min(10, TAKEN / view.learningRate), 1) }] : [])
  ]
}
function textOf(of: Case, found: Overfit, severity: Verdict['severity']): Text {
  const { view } = of
  const { training, held, smallest, at, guess } = found
  const [a, b, c, g] = [show(training), show(held), show(smallest), show(guess)]
  const { trainingLoss } = view.schema.baselines![0]!
  const [known, knownZh] =
    training < AT_ONCE * trainingLoss
      ? [`The training examples are known by heart (loss ${a})`, `训练样本已被记住（损失 ${a}）`]
      : [
          `The training examples are answered far better than by a guess (loss ${a}, of a guess ${show(trainingLoss)})`,
          `训练样本的回答远优于猜测（损失 ${a}，猜测为 ${show(trainingLoss)}）`
        ]
  const stopped = smallest < BETTER * guess
  const [early, earlyZh] = stopped
    ? [`stop near step ${at}, where it was ${c}, `, `在第 ${at} 步附近停止（当时为 ${c}）、`]
    : ['', '']
  const hold = {
    en: ` Hold the network with an L2 penalty, ${early}make it smaller, or train on more examples.`,
    zh: `请用 L2 正则约束网络、${earlyZh}缩小网络，或用更多样本训练。`
  }
  const [said, saidZh] =
    severity === 'bad'
      ? [
          `${known}, and others are answered no better than by a guess, but for noise: held-out loss ${b}, that of a guess ${g}.`,
          `${knownZh}，而其他样本的回答并不明显优于猜测：留出样本的损失为 ${b}，猜测为 ${g}。`
        ]
      : severity === 'warn' && held > guess
        ? [
            `${known}; of others more are answered rightly than by a guess, but the wrong answers are given with certainty: held-out loss ${b}, that of a guess ${g}.`,
            `${knownZh}；其他样本答对的比猜测多，但错误的回答非常肯定：留出样本的损失为 ${b}，猜测为 ${g}。`
          ]
        : isFarOff(of, found)
          ? [
              `${known}, and others are answered far worse: held-out loss ${b}, that of a guess ${g}.`,
              `${knownZh}，而其他样本的回答差得多：留出样本的损失为 ${b}，猜测为 ${g}。`
            ]
          : [
              `The held-out loss has risen from ${c} (step ${at}) to ${b}, while that of the training examples is ${a}: what is learnt since then holds for these alone.`,
              `留出样本的损失由 ${c}（第 ${at} 步）升到 ${b}，而训练样本的损失为 ${a}：此后所学的只适用于训练样本。`
            ]
  const near = severity === 'bad' ? nothingNear(view)?.text : undefined
  const check = near && {
    en: ` Examples that are alike do not have targets that are alike (${near.en}): check that each target stands beside its own inputs, and that what tells the target is among them.`,
    zh: `相似的样本并没有相似的目标（${near.zh}）：请检查目标是否与各自的输入对应，以及能说明目标的量是否在输入之中。`
  }
  const gain = partingOf(of, found)
  const start = gain && {
    en: ` The weights start so large that examples that are alike part from layer to layer (in theory the gradient × ${show(gain)} per layer at the start, where 1 is best): what is learnt of one says little of the next. Start them smaller.`,
    zh: `权重的初始值过大，相似的样本逐层分离（初始时梯度每层的理论增益为 × ${show(gain)}，以 1 为最佳）：从一个样本学到的很少适用于下一个。请减小初始权重。`
  }
  const more = check ?? start
  return {
    en: said + (more ? more.en : '') + (start ? '' : hold.en),
    zh: saidZh + (more ? more.zh : '') + (start ? '' : hold.zh)
  }
}

const overfitting: Rule = {
  id: 'overfitting',
  kind: 'overfitting',
  short: { en: 'Overfitting', zh: '过拟合' },
  name: { en: 'Overfitting', zh: '过拟合' },
  doc: {
    en: 'The loss on the training examples is less than half of a guess’s, and that on held-out examples is above a guess’s: the first are known by heart. It is “bad” where no more of the others are answered rightly than by a guess, and a mere remark where the network learns and the held-out loss has risen to more than 1.5 × its smallest, or is more than half of a guess’s while the training examples are known by heart (a warning where tanh weights start so large that examples that are alike part). Where the nearest examples tell no more than a guess, that is said.',
    zh: '训练样本的损失不到猜测的一半，而留出样本的损失高于猜测：训练样本已被记住。若其他样本答对的并不比猜测多，则为“严重”；若网络在学习，而留出样本的损失升到其最小值的 1.5 倍以上，或训练样本已被记住而留出损失超过猜测的一半，则只作提示（若 tanh 层的初始权重过大，使相似样本分离，则为警告）。最近的样本也不比猜测更能说明目标时，会一并指出。'
  },
  fields: {
    risen: {
      type: 'number',
      default: RISEN,
      above: 1,
      label: { en: 'Held-out loss ÷ its smallest', zh: '留出损失 ÷ 其最小值' }
    }
  },
  measures: {
    training: { en: 'training loss', zh: '训练损失' },
    held: { en: 'held-out loss', zh: '留出样本的损失' },
    guess: { en: 'held-out loss of a guess', zh: '猜测在留出样本上的损失' },
    smallest: { en: 'smallest held-out loss', zh: '最小的留出损失' },
    at: { en: 'its step', zh: '其步数' },
    neighbours: { en: 'score of the nearest', zh: '最近样本的得分' }
  },
  judge(view) {
    const { schema } = view
    if (hasOutliers(view)) return undefined
    const of = caseOf(view)
    const isOneClass = schema.judged?.classes === 1 && (schema.data?.classes ?? []).filter((s) => s > 0).length > 1
    // With weighted classes the loss is small where only the frequent ones are known.
    const isRanked = of.metric && of.metric !== 'balancedAccuracy' && of.baselines.length
    if (!isRanked || schema.judged?.part !== 'validation' || isOneClass) return undefined
    const known = knownByHeart(view)
    // Weights that such steps have thrown far make wrong answers certain; that is told at half of the run.
    if (!known?.inUse || isOnItsWay(view) || stepsAreWild(view)) return undefined
    const found = overfit(of, known.loss)
    const severity = found && severityOf(of, found)
    if (!found || !severity || causes(view).length) return undefined
    const { neighbours } = schema.data ?? {}
    return {
      severity,
      layers: [],
      measured: { ...found, ...(neighbours !== undefined && { neighbours }) },
      threshold: severity === 'info' ? { held: RISEN * found.smallest } : { held: found.guess },
      text: textOf(of, found, severity),
      ...advise(view, ...(partingOf(of, found) === undefined ? [] : ['initializer', 'batchNorm']), ...holding(view))
    }
  }
}
export default overfitting
