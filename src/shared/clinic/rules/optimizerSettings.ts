import { optimizers } from '../../catalog/optimizers'
import { rounded } from '../../base/rounded'
import type { Text } from '../../base/text'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { oddSetting, type OddSetting, type Setting } from './parts/odd'
import { last, learnsWell, lossesAt, median, newest, show } from './parts/view'

const CALLED: Record<Setting, Text> = {
  momentum: { en: 'momentum μ', zh: '动量 μ' },
  beta1: { en: 'β₁', zh: 'β₁' },
  beta2: { en: 'β₂', zh: 'β₂' },
  rho: { en: 'ρ', zh: 'ρ' },
  epsilon: { en: 'ε', zh: 'ε' }
}
/** A setting as it was typed, without the rounding error of a subtraction. */
const exactly = (x: number): string => String(rounded(x, 6))
/** What the setting does to the steps. */
function harmOf({ setting, measure, usual }: OddSetting, rate: string): Text {
  const size = show(measure)
  switch (setting) {
    case 'momentum':
    case 'beta1': {
      const before = show(1 / (1 - usual))
      return {
        en: `carries gradients on for ${size} steps, where ${before} are usual: steps go on long after the gradient has turned`,
        zh: `使梯度延续 ${size} 步，而通常为 ${before} 步：梯度已转向，步子仍沿原方向前进`
      }
    }
    case 'beta2':
      return {
        en: `is below β₁² (β₁ = ${size}), so that the size of gradients is forgotten before their mean: steps get far longer than the learning rate, ${rate}, says`,
        zh: `小于 β₁²（β₁ = ${size}），梯度的大小比其均值更快被遗忘：步长远超学习率 ${rate}`
      }
    case 'rho':
      return {
        en: `makes the first step ${size} × as long as the learning rate, ${rate}, says: the mean of squares starts at 0`,
        zh: `使第一步达到学习率 ${rate} 的 ${size} 倍：平方的均值从 0 开始`
      }
    case 'epsilon':
      return {
        en: `is far above the gradients it is added to: of the step that the learning rate, ${rate}, sets, ${show(100 * measure)} % is left`,
        zh: `远大于与之相加的梯度：学习率 ${rate} 所定的步长只剩 ${show(100 * measure)} %`
      }
  }
}
/** Its harm. */
function outcome(view: RunView, { came }: OddSetting): Text {
  const loss = view.scalar(last(view), 'loss') ?? NaN
  const step = view.step(last(view))
  const now = show(Number.isFinite(loss) ? median(lossesAt(view, newest(view))) : loss)
  switch (came) {
    case 'stuck':
      return {
        en: `By step ${step} hardly anything has been learnt (loss ${now}).`,
        zh: `到第 ${step} 步几乎没有学到东西（损失 ${now}）。`
      }
    case 'slow':
      return {
        en: `The network learns slowly (loss ${now} at step ${step}).`,
        zh: `网络学得很慢（第 ${step} 步损失 ${now}）。`
      }
    case 'sure': {
      const trials = view.trials ?? view.evaluations
      const held = show(trials[trials.length - 1]?.metrics['loss'] ?? NaN)
      return {
        en: `Weights were thrown so far that wrong answers are given with certainty: on examples it was not trained on the loss is ${held}.`,
        zh: `权重被推得太远，错误的回答非常肯定：在未用于训练的样本上损失为 ${held}。`
      }
    }
    case 'unsteady':
      return { en: `The loss is thrown back, and stands at ${now}.`, zh: `损失被抛回，现为 ${now}。` }
  }
}

const optimizerSettings: Rule = {
  id: 'optimizerSettings',
  kind: 'optimizerSettings',
  statistic: 'updateRatio',
  short: { en: 'Optimizer setting', zh: '优化器设置' },
  name: { en: 'Unusual optimizer setting', zh: '异常的优化器设置' },
  doc: {
    en: 'The run does not learn or blows up under a momentum or β₁ above 0.99, a β₂ below β₁², or a ρ that makes the first step 30 × as long, or is sure of wrong answers then; or it hardly moves, as ε leaves less than a tenth of the step that the learning rate sets. Silent once the network learns.',
    zh: '动量或 β₁ 超过 0.99、β₂ 小于 β₁²、或 ρ 使第一步长达 30 倍时，训练没有学到东西、发散，或对错误的回答非常肯定；或 ε 使步长不足学习率所定的十分之一，网络几乎不动。网络学会后不再提示。'
  },
  fields: {},
  measures: {
    value: { en: 'setting', zh: '设定值' },
    usual: { en: 'usual value', zh: '通常值' },
    memory: { en: 'steps added up', zh: '累加的步数' },
    beta1: { en: 'β₁', zh: 'β₁' },
    times: { en: 'first step ÷ learning rate', zh: '第一步 ÷ 学习率' },
    left: { en: 'share of the step left', zh: '剩余步长' }
  },
  judge(view) {
    const found = oddSetting(view)
    if (!found) return undefined
    const { setting, value, usual, measure } = found
    const name = CALLED[setting]
    const optimizer = optimizers.get(view.experiment!.training.optimizer.id).name
    const harm = harmOf(found, show(view.learningRate))
    const came = outcome(view, found)
    const measured = { momentum: 'memory', beta1: 'memory', beta2: 'beta1', rho: 'times', epsilon: 'left' }[setting]
    return {
      severity: found.came === 'slow' || learnsWell(view) ? 'warn' : 'bad',
      layers: [],
      measured: { value, usual, [measured]: measure },
      threshold: {},
      text: {
        en: `${optimizer.en}: ${name.en} = ${exactly(value)} ${harm.en}. ${came.en} Set it to ${exactly(usual)}.`,
        zh: `${optimizer.zh}：${name.zh} = ${exactly(value)} ${harm.zh}。${came.zh}请设为 ${exactly(usual)}。`
      },
      ...advise(view, found.choice)
    }
  }
}
export default optimizerSettings
