import { activations } from '../../catalog/activations'
import { rangeText } from '../../experiment/output'
import { losses } from '../../catalog/losses'
import type { Text } from '../../base/text'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { outputFault, type OutputFault } from './parts/output'
import { isHarmed } from './parts/progress'
import { percent } from './parts/shares'
import { called, learnsWell, show } from './parts/view'

function sentence(view: RunView, fault: OutputFault): Text {
  const name = called(view, fault.layer.id)
  const f = activations.get(fault.activation.id).name
  if (fault.kind === 'squashed') {
    const by = losses.get(view.experiment!.training.loss.id).squashes!
    return {
      en: `The output ${name.en} ends with ${f.en}, and the loss applies ${by} to it once more: the logits are held to ${rangeText(fault.reach).en}, and the gradient with them.`,
      zh: `输出 ${name.zh} 以 ${f.zh} 结尾，而损失又对其施加一次 ${by}：logit 被限制为${rangeText(fault.reach).zh}，梯度也随之受限。`
    }
  }
  if (fault.kind === 'unreachable') {
    const { min, max } = view.schema.data!.target
    const { slope } = fault
    if (slope !== undefined)
      return {
        en: `The output ${name.en} ends with ${f.en}, which hardly goes below 0 (slope ${show(slope)}); the targets are ${show(min)} … ${show(max)}.`,
        zh: `输出 ${name.zh} 以 ${f.zh} 结尾，几乎不会低于 0（斜率 ${show(slope)}）；而目标为 ${show(min)} … ${show(max)}。`
      }
    return {
      en: `The output ${name.en} ends with ${f.en}, which gives values of ${rangeText(fault.reach).en}; the targets are ${show(min)} … ${show(max)}.`,
      zh: `输出 ${name.zh} 以 ${f.zh} 结尾，取值${rangeText(fault.reach).zh}；而目标为 ${show(min)} … ${show(max)}。`
    }
  }
  if (fault.kind === 'score') {
    const most = show(fault.reach[1] - fault.reach[0])
    return {
      en: `The output ${name.en} ends with ${f.en}, which gives values of ${rangeText(fault.reach).en}. The scores of a critic have no bounds, as the loss is their difference: so held, the estimated distance can’t get above ${most}.`,
      zh: `输出 ${name.zh} 以 ${f.zh} 结尾，取值${rangeText(fault.reach).zh}。评论家的评分没有界限，因为损失是评分之差：受此限制，距离估计不可能超过 ${most}。`
    }
  }
  if (fault.kind === 'saturated')
    return {
      en: `The output ${name.en}, ${f.en}, is saturated in ${percent(fault.share!)} of its values: hardly any gradient passes back through it.`,
      zh: `输出 ${name.zh}（${f.zh}）有 ${percent(fault.share!)} 的值处于饱和：几乎没有梯度能通过它返回。`
    }
  return {
    en: `The output ${name.en}, ${f.en}, is 0, or next to it, for every example in ${percent(fault.share!)} of its units: hardly any gradient comes back from them.`,
    zh: `输出 ${name.zh}（${f.zh}）有 ${percent(fault.share!)} 的单元对所有样本输出 0 或近乎 0：那里几乎没有梯度返回。`
  }
}

/**
 * A bounded output may answer half of the targets and never the others: only where hardly anything is left to answer
 * does the bound do no harm.
 */
const ANSWERED = 0.9
const BOUNDS: readonly OutputFault['kind'][] = ['unreachable', 'squashed']

const outputLayer: Rule = {
  id: 'outputLayer',
  kind: 'outputLayer',
  short: { en: 'Output layer', zh: '输出层' },
  name: { en: 'Output layer at fault', zh: '输出层有误' },
  doc: {
    en: 'The network ends with an activation that the loss applies itself, that can’t give what the targets are, or whose units are 0 or saturated for every example: hidden layers get little gradient or none, and are not to blame. Silent once the network learns.',
    zh: '网络以损失自身已包含的激活、取不到目标值的激活结尾，或输出单元对所有样本为 0 或饱和：隐藏层得到的梯度很少或没有，但原因不在它们。网络学会后不再提示。'
  },
  lasting: true,
  fields: {},
  measures: {
    low: { en: 'smallest target', zh: '最小目标' },
    high: { en: 'largest target', zh: '最大目标' },
    deadShare: { en: 'dead share', zh: '死亡占比' },
    saturatedShare: { en: 'saturated share', zh: '饱和占比' }
  },
  judge(view) {
    const fault = view.length ? outputFault(view) : undefined
    if (!fault || learnsWell(view, BOUNDS.includes(fault.kind) ? ANSWERED : undefined)) return undefined
    const target = view.schema.data?.target
    const [low, high] = fault.reach
    return {
      severity: fault.kind === 'dead' || (fault.kind !== 'score' && isHarmed(view)) ? 'bad' : 'warn',
      layers: [fault.layer.id],
      measured: {
        ...(fault.kind === 'unreachable' && { low: target!.min, high: target!.max }),
        ...(fault.share !== undefined && { [fault.kind === 'dead' ? 'deadShare' : 'saturatedShare']: fault.share })
      },
      threshold: {
        ...(fault.kind === 'unreachable' && Number.isFinite(low) && { low }),
        ...(fault.kind === 'unreachable' && Number.isFinite(high) && { high })
      },
      text: sentence(view, fault),
      ...advise(
        view,
        ...(fault.kind === 'dead' || fault.kind === 'saturated' ? [{ id: 'initializer', output: true }] : [])
      )
    }
  }
}
export default outputLayer
