import { rounded } from '../base/rounded'
import { counted, type Text } from '../base/text'
import { valueText } from '../clinic/settingWords'
import { remedies } from '../experiment/remedies'
import type { RemedyChoice } from '../experiment/types'
import { settingsOf } from './candidates'
import { proven } from './outcome'
import type { Goal, Group, Outcome, Prescription, Trial } from './types'

const GROUPS: Record<Group, Text> = {
  cures: { en: 'cures', zh: '治愈' },
  helps: { en: 'helps', zh: '有帮助' },
  none: { en: 'no effect', zh: '无效果' },
  backfires: { en: 'backfires', zh: '适得其反' },
  dropped: { en: 'dropped early', zh: '提前淘汰' }
}
/** What the group of a candidate is called: one that was only to show its cost was not dropped. */
export function groupName({ group, dropped }: Pick<Outcome, 'group' | 'dropped'>): Text {
  if (dropped === 'cost') return { en: 'its cost', zh: '代价' }
  return dropped === 'budget' ? { en: 'not finished', zh: '未完成' } : GROUPS[group]
}

const METRICS: Readonly<Record<string, Text>> = {
  accuracy: { en: 'accuracy', zh: '准确率' },
  balancedAccuracy: { en: 'balanced accuracy', zh: '平衡准确率' },
  loss: { en: 'loss', zh: '损失' },
  r2: { en: 'r²', zh: 'r²' },
  meanAbsoluteError: { en: 'mean absolute error', zh: '平均绝对误差' },
  wasserstein: { en: 'estimated distance', zh: '距离估计' }
}
/** What a metric is called; an unknown one by its id. */
export const metricName = (metric: string): Text => METRICS[metric] ?? { en: metric, zh: metric }

/** A figure of a goal as it is told: a share of right answers in per cent. */
export function toldFigure({ metric }: Goal, value: number): string {
  if (!Number.isFinite(value)) return String(value)
  return metric === 'accuracy' ? `${Number((100 * value).toFixed(1))} %` : signed(rounded(value, 3))
}
const signed = (x: number): string => String(x).replace(/^-/, '−')
/** A remedy as a person reads it: its name, with the settings that are not its defaults. */
function called(choice: RemedyChoice): Text {
  const { name, fields } = remedies.get(choice.id)
  const settings = settingsOf(choice)
  if (!settings.length) return name
  const say = (language: 'en' | 'zh'): string =>
    settings
      .map(([field]) => {
        const value = valueText(fields[field], choice[field])[language]
        // What an entry of a registry is need not be said: ELU is an activation.
        return fields[field]?.type === 'ref' ? value : `${fields[field]?.label[language] ?? field} ${value}`
      })
      .join(language === 'en' ? ', ' : '，')
  return { en: `${name.en} (${say('en')})`, zh: `${name.zh}（${say('zh')}）` }
}
/** The names of a candidate's remedies. */
export const calledBy = ({ remedies: choices }: Pick<Outcome, 'remedies'>): Text => ({
  en: choices.map((c) => called(c).en).join(' + '),
  zh: choices.map((c) => called(c).zh).join(' + ')
})
const share = ({ seeds }: Outcome): string => `${seeds.filter((t) => t.repaired).length}/${seeds.length}`
const repaired = (o: Outcome): string => `${share(o)} ${o.seeds.length === 1 ? 'seed' : 'seeds'} repaired`

/** Examples below which a gain in a figure is hardly ever more than chance. */
const FEW = 20
interface Circumstances {
  healthy: boolean
  /** It ended before it was through. */
  spent: boolean
  /** Not one remedy could be tried. */
  blocked: boolean
  /** Examples that a run is judged by. */
  judged: number | undefined
}
/** The sentence that a search ends with. */
export function verdictOn(
  goal: Goal,
  outcomes: readonly Outcome[],
  untreated: readonly Trial[],
  { healthy, spent, blocked, judged = Infinity }: Circumstances
): Prescription['verdict'] {
  const n = untreated.length
  const given = (state: Prescription['verdict']['state'], en: string, zh: string): Prescription['verdict'] => ({
    state,
    text: { en, zh }
  })
  if (healthy)
    return given(
      'healthy',
      `There is nothing to cure: untreated, ${n} of ${counted(n, 'seed')} ${n === 1 ? 'beats' : 'beat'} the baseline with a healthy gradient.`,
      `无需治疗：不加任何对策，${n} 个种子中有 ${n} 个以健康的梯度超过基线。`
    )
  const [best] = outcomes
  const called = best && calledBy(best)
  const figure = best && toldFigure(goal, best.mean)
  const metric = metricName(goal.metric)
  if (best && called && best.group === 'cures') {
    const all = proven(goal, outcomes, untreated)
    const sure = all.includes(best)
    return given(
      'cured',
      `${called.en} cures it: ${repaired(best)}, ${metric.en} ${figure}.${sure ? '' : ' Too few seeds tell its gain from chance among so many candidates: try more seeds.'}`,
      `${called.zh}可以治愈：${share(best)} 个种子已修复，${metric.zh}为 ${figure}。${sure ? '' : '种子太少，在众多候选中尚不能排除偶然：请增加种子数。'}`
    )
  }
  if (spent && !(best && best.group === 'helps'))
    return given(
      'unfinished',
      'The search ended before it was through: what was trained is kept, and the next search goes on from it.',
      '搜索在完成之前结束：已完成的训练会保留，再次搜索将从那里继续。'
    )
  if (best && called && best.group === 'helps')
    return given(
      'helped',
      `Nothing cures it. ${called.en} helps: ${repaired(best)}, ${metric.en} ${figure}.`,
      `没有找到治愈方法。${called.zh}有帮助：${share(best)} 个种子已修复，${metric.zh}为 ${figure}。`
    )
  if (blocked)
    return given(
      'nothing',
      'Nothing was tried: none of the remedies to be considered is possible here. Consider others.',
      '未作任何尝试：所考虑的对策在此均不可用。请考虑其他对策。'
    )
  const examples = judged === 1 ? 'example' : 'examples'
  const isFew = judged < FEW
  return given(
    'nothing',
    `Nothing ${isFew ? 'is proven to help' : 'helped'}.${best && called ? ` What came nearest: ${called.en}, ${metric.en} ${figure}.` : ''} ${isFew ? `It is judged by ${judged} ${examples}, too few to tell a gain from chance: get more data, or hold out more.` : 'Look at the data and its labels.'}`,
    `${isFew ? '没有任何对策被证明有帮助' : '没有任何对策有帮助'}。${best && called ? `最接近的是${called.zh}，${metric.zh}为 ${figure}。` : ''}${isFew ? `评判样本只有 ${judged} 个，无法区分提升与偶然：请增加数据或留出更多样本。` : '请检查数据与标签。'}`
  )
}
