import { counted, type Text } from '../../base/text'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { DROPPED, isCut, LEFT, PULL, tooRegularised, type Regularised, type Setting } from './parts/regularisation'
import { isNoBetter } from './parts/progress'
import { few, show } from './parts/view'

const CALLED: Record<Setting, Text> = {
  l2: { en: 'The L2 penalty', zh: 'L2 正则' },
  l1: { en: 'The L1 penalty', zh: 'L1 正则' },
  weightDecay: { en: 'The weight decay', zh: '权重衰减' },
  optimizer: { en: 'The optimizer’s weight decay', zh: '优化器的权重衰减' },
  dropout: { en: 'The dropout', zh: '随机失活' },
  weightClip: { en: 'The limit on each weight', zh: '对每个权重的限制' },
  spectralNorm: { en: 'The limit on the spectral norm', zh: '对谱范数的限制' }
}
/** What the setting does to the network, in measured figures. */
function harmOf(view: RunView, { setting, value, layers, pull, left, noise }: Regularised): Text {
  const where = few(view, layers)
  if (noise !== undefined)
    return {
      en: `at ${counted(layers.length, 'place')} one behind the other (${where.en}), adds up: what passes all of them is ${show(noise)} × as much noise as signal`,
      zh: `在前后相继的 ${layers.length} 处（${where.zh}）叠加：通过全部之后，噪声是信号的 ${show(noise)} 倍`
    }
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
      : isCut(setting)
        ? { en: 'cuts them down after each step', zh: '每步之后都把权重削小' }
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
    en: 'The network guesses or has at half of the run not got far below that, or its loss rises, while an L2 or L1 penalty or weight decay pulled its weights more than 5 × as hard as the loss did at the start, or has left a layer less than a fifth of its size (named at half of the run also where most answers are right, if the loss stays near a guess’s); or a limit on weights has left less than a fifth of a layer whose gradient was sound before; or a dropout drops 80 % of the values or more, or by half of the run several, one behind the other, leave as little; or by half of the run such a penalty has taken half of a layer, no longer falls, and measures more than a quarter of the loss that is left. Silent once the network learns.',
    zh: '网络只在猜测或训练过半仍与猜测相近，或损失上升，而 L2、L1 正则或权重衰减在开始时对权重的拉力超过损失的 5 倍，或使某层权重剩下不到五分之一（若损失停留在与猜测相近处，即使多数答案正确，训练过半时也会提示）；或对权重的限制使某层（此前梯度正常）剩下不到五分之一；或随机失活丢弃 80 % 以上的值，或训练过半时前后相继的多个随机失活合起来剩下同样少；或训练过半时这样的惩罚已使某层剩下不到一半，不再下降，且超过剩余损失的四分之一。网络学会后不再提示。'
  },
  fields: {
    pull: { type: 'number', default: PULL, above: 0, label: { en: 'Pull ÷ loss’s gradient', zh: '拉力 ÷ 损失梯度' } },
    left: { type: 'number', default: LEFT, above: 0, below: 1, label: { en: 'Weights left', zh: '剩余权重' } },
    dropped: { type: 'number', default: DROPPED, above: 0, below: 1, label: { en: 'Drop probability', zh: '失活概率' } }
  },
  measures: {
    lambda: { en: 'λ', zh: 'λ' },
    limit: { en: 'limit on weights', zh: '权重上限' },
    pull: { en: 'pull ÷ loss’s gradient', zh: '拉力 ÷ 损失梯度' },
    left: { en: 'weights left', zh: '剩余权重' },
    outweighs: { en: 'penalty ÷ loss', zh: '惩罚 ÷ 损失' },
    dropped: { en: 'drop probability', zh: '失活概率' },
    noise: { en: 'noise ÷ signal behind all dropouts', zh: '全部失活之后的噪声 ÷ 信号' }
  },
  judge(view) {
    const found = tooRegularised(view)
    if (!found) return undefined
    const { setting, value, layers, pull, left, outweighs, noise } = found
    const [called, harm] = [CALLED[setting], harmOf(view, found)]
    const came = cameOf(found)
    const isDropout = setting === 'dropout'
    const isLimit = isCut(setting)
    const [sign, key] = isDropout ? ['p', 'dropped'] : isLimit ? ['c', 'limit'] : ['λ', 'lambda']
    const limit: Record<string, number> = isDropout
      ? noise === undefined
        ? { dropped: DROPPED }
        : { noise: Math.sqrt(DROPPED / (1 - DROPPED)) }
      : left === undefined
        ? { pull: PULL }
        : { left: LEFT }
    return {
      severity: outweighs !== undefined || found.isMild || (noise !== undefined && !isNoBetter(view)) ? 'warn' : 'bad',
      layers,
      measured: {
        [key]: value,
        ...(noise !== undefined && { noise }),
        ...(pull !== undefined && { pull }),
        ...(left !== undefined && { left }),
        ...(outweighs !== undefined && { outweighs })
      },
      threshold: limit,
      text: {
        en: `${called.en}, ${sign} = ${show(value)}, ${harm.en}: ${came.en}. Make it ${isLimit ? 'larger' : 'smaller'}.`,
        zh: `${called.zh}（${sign} = ${show(value)}）${harm.zh}：${came.zh}。请调${isLimit ? '大' : '小'}它。`
      },
      ...advise(view, 'lessRegularisation')
    }
  }
}
export default regularisation
