import { rounded } from '../../base/rounded'
import { counted, type Text } from '../../base/text'
import type { Finding } from '../../run/types'
import { kindName } from '../rules'
import { show } from '../rules/parts/view'
import type { Case } from './beats'

/** Share of a guess’s loss below which training examples are known by heart. */
const WELL = 0.1

const percent = (share: number): string => (Number.isNaN(share) ? 'NaN' : `${Number((100 * share).toFixed(1))} %`)
/** A share of the variance that is nothing but the rounding of sums. */
const NOTHING = 1e-6
const isShare = (metric: Case['metric']): boolean => metric === 'accuracy' || metric === 'balancedAccuracy'
/** A metric's value as it is told. */
const told = (metric: Case['metric'], value: number): string =>
  isShare(metric) ? percent(value) : show(Math.abs(value) < NOTHING ? 0 : value)

/** What was measured at both ends, beside the baseline. */
export function figures({ view, trials, metric, baselines: [best] }: Case): Text {
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
export function lead({ metric, trials, baselines: [best] }: Case): Text {
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
/** One text after the other. */
export const joined = (...texts: Text[]): Text => ({
  en: texts.map((t) => t.en).join(' '),
  zh: texts.map((t) => t.zh).join('')
})

export const TOO_EARLY: Text = { en: 'Too early to say.', zh: '尚难判断。' }
export const FAR_ABOVE: Text = {
  en: 'Its training loss is far above that of the baseline, though: wrong answers are given with certainty.',
  zh: '但训练损失远高于基线：错误的回答仍非常肯定。'
}
export const SURE_OF_WRONG: Text = {
  en: 'Its loss on examples it was not trained on is far above the baseline’s, though: wrong answers are given with certainty.',
  zh: '但在未用于训练的样本上，损失远高于基线：错误的回答非常肯定。'
}
export const TOO_FEW: Text = {
  en: 'The examples it is judged by are too few: even right answers to all of them could be luck. Hold out more of them.',
  zh: '用于评判的样本太少：即使全部答对也可能是运气。请留出更多样本。'
}
export const SWINGS: Text = {
  en: 'It has beaten the baseline, but the newest evaluation has not: the loss swings.',
  zh: '此前曾超过基线，但最近一次评估没有：损失起伏不定。'
}
/** How well training examples are known. @param loss on them. @param guess loss of the baseline */
export const knowing = (loss: number, guess: number): Text =>
  loss < WELL * guess ? { en: 'known by heart', zh: '已被记住' } : { en: 'answered far better', zh: '的回答好得多' }
/** Said of a run that knows the training examples and is sure of wrong answers to others. */
export const byHeart = (loss: number, guess: number): Text => ({
  en: `The training examples are ${knowing(loss, guess).en}, though (loss ${show(loss)}), and the loss on others is no better than the baseline’s: wrong answers are given with certainty.`,
  zh: `但训练样本${knowing(loss, guess).zh}（损失 ${show(loss)}），而在其他样本上损失并不优于基线：错误的回答非常肯定。`
})
export const ONE_CLASS: Text = {
  en: 'The examples it is judged by are all of one class: they cannot show whether the network tells classes apart. Hold out more of them.',
  zh: '用于评判的样本全属同一类：无法说明网络能否区分各类。请留出更多样本。'
}
export const CRITIC: Text = {
  en: 'A critic has no baseline: its loss is a distance to a generator that moves.',
  zh: '评论家没有基线：其损失是到一个不断变化的生成器的距离。'
}
export const NO_DISTANCE: Text = {
  en: 'The estimated distance stays at or below 0, and a distance is none: the critic scores generated points no lower than real ones.',
  zh: '距离估计一直不大于 0，而距离不会如此：评论家给生成点的评分并不低于真实点。'
}
export const FALLS: Text = {
  en: 'The loss falls, but has not beaten the baseline by more than noise yet.',
  zh: '损失在下降，但尚未以超出噪声的幅度超过基线。'
}
/** Said of a run that beats its baseline while a bad finding is open. */
export const stillOpen = ({ kind }: Finding): Text => ({
  en: `A fault is open, though: ${kindName(kind).en}.`,
  zh: `但仍有故障：${kindName(kind).zh}。`
})
