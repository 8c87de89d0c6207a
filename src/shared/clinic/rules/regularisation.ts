import type { Text } from '../../base/text'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { DROPPED, LEFT, PULL, tooRegularised, type Regularised, type Setting } from './parts/regularisation'
import { few, show } from './parts/view'

const CALLED: Record<Setting, Text> = {
  l2: { en: 'The L2 penalty', zh: 'L2 正则' },
  l1: { en: 'The L1 penalty', zh: 'L1 正则' },
  weightDecay: { en: 'The weight decay', zh: '权重衰减' },
  optimizer: { en: 'The optimizer’s weight decay', zh: '优化器的权重衰减' },
  dropout: { en: 'The dropout', zh: '随机失活' }
}
/** What the setting does to the network, in measured figures. */
function harmOf(view: RunView, { setting, value, layers, pull, left }: Regularised): Text {
  const where = few(view, layers)
  if (setting === 'dropout') {
    const [kept, noise] = [show(100 * (1 - value)), show(Math.sqrt(value / (1 - value)))]
    return {
      en: `of ${where.en} leaves ${kept} % of the values at each step: what passes is ${noise} × as much noise as signal`,
      zh: `（${where.zh}）每步只留下 ${kept} % 的值：通过的信号中噪声是信号的 ${noise} 倍`
    }
  }
  const pulled =
    pull !== undefined && pull > 1
      ? {
          en: `pulled the weights ${show(pull)} × as hard as the loss at the start`,
          zh: `在开始时对权重的拉力是损失的 ${show(pull)} 倍`
        }
      : { en: 'pulls the weights to 0', zh: '把权重拉向 0' }
  return {
    en: `${pulled.en}${left === undefined ? '' : `, and of ${where.en} no more than ${show(100 * left)} % of the size is left`}`,
    zh: `${pulled.zh}${left === undefined ? '' : `，${where.zh} 的权重只剩原来大小的 ${show(100 * left)} %`}`
  }
}

/** Its harm. */
const cameOf = ({ outweighs, isMild }: Regularised): Text =>
  isMild
    ? { en: 'the loss stays near that of a guess', zh: '损失停留在与猜测相近处' }
    : outweighs === undefined
      ? { en: 'the network can hardly learn anything', zh: '网络几乎学不到东西' }
      : {
          en: `it weighs ${show(outweighs)} × as much as what is left of the loss, and holds the network back`,
          zh: `它是剩余损失的 ${show(outweighs)} 倍，限制了网络的学习`
        }

const regularisation: Rule = {
  id: 'regularisation',
  kind: 'regularisation',
  statistic: 'weightNorm',
  short: { en: 'Over-regularised', zh: '正则过强' },
  name: { en: 'Too much regularisation', zh: '正则化过强' },
  doc: {
    en: 'The network guesses or has at half of the run not got far below that, or its loss rises, while an L2 or L1 penalty or weight decay pulled its weights more than 5 × as hard as the loss did at the start, or has left a layer less than a fifth of its size (named at half of the run also where most answers are right, if the loss stays near a guess’s); or a dropout drops 80 % of the values or more; or by half of the run such a penalty has taken half of a layer, no longer falls, and measures more than a quarter of the loss that is left. Silent once the network learns.',
    zh: '网络只在猜测或训练过半仍与猜测相近，或损失上升，而 L2、L1 正则或权重衰减在开始时对权重的拉力超过损失的 5 倍，或使某层权重剩下不到五分之一（若损失停留在与猜测相近处，即使多数答案正确，训练过半时也会提示）；或随机失活丢弃 80 % 以上的值；或训练过半时这样的惩罚已使某层剩下不到一半，不再下降，且超过剩余损失的四分之一。网络学会后不再提示。'
  },
  fields: {
    pull: { type: 'number', default: PULL, above: 0, label: { en: 'Pull ÷ loss’s gradient', zh: '拉力 ÷ 损失梯度' } },
    left: { type: 'number', default: LEFT, above: 0, below: 1, label: { en: 'Weights left', zh: '剩余权重' } },
    dropped: { type: 'number', default: DROPPED, above: 0, below: 1, label: { en: 'Drop probability', zh: '失活概率' } }
  },
  measures: {
    lambda: { en: 'λ', zh: 'λ' },
    pull: { en: 'pull ÷ loss’s gradient', zh: '拉力 ÷ 损失梯度' },
    left: { en: 'weights left', zh: '剩余权重' },
    outweighs: { en: 'penalty ÷ loss', zh: '惩罚 ÷ 损失' },
    dropped: { en: 'drop probability', zh: '失活概率' }
  },
  judge(view) {
    const found = tooRegularised(view)
    if (!found) return undefined
    const { setting, value, layers, pull, left, outweighs } = found
    const [called, harm] = [CALLED[setting], harmOf(view, found)]
    const came = cameOf(found)
    const isDropout = setting === 'dropout'
    const sign = isDropout ? 'p' : 'λ'
    const limit: Record<string, number> = isDropout
      ? { dropped: DROPPED }
      : left === undefined
        ? { pull: PULL }
        : { left: LEFT }
    return {
      severity: outweighs === undefined && !found.isMild ? 'bad' : 'warn',
      layers,
      measured: {
        ...(isDropout ? { dropped: value } : { lambda: value }),
        ...(pull !== undefined && { pull }),
        ...(left !== undefined && { left }),
        ...(outweighs !== undefined && { outweighs })
      },
      threshold: limit,
      text: {
        en: `${called.en}, ${sign} = ${show(value)}, ${harm.en}: ${came.en}. Make it smaller.`,
        zh: `${called.zh}（${sign} = ${show(value)}）${harm.zh}：${came.zh}。请调小它。`
      },
      ...advise(view, 'lessRegularisation')
    }
  }
}
export default regularisation
