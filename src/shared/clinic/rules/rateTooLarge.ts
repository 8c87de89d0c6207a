import type { Rule, RunView, Verdict } from './types'
import { advise } from './parts/advice'
import { caughtStep, leastFirstLoss, RISE, SOME_RISE, STEP } from './parts/caught'
import { causes } from './parts/causes'
import { currentProfile } from './parts/profile'
import { RANKED } from './parts/ranking'
import { lower } from './parts/rate'
import { raisedTooFar, type Risen } from './parts/risen'
import { GIANT, thrown, type Step } from './parts/thrown'
import { unsteadyLoss } from './parts/unsteady'
import { called, last, learnsWell, show } from './parts/view'

/** The loss need not have risen where a step has made the gradient explode or vanish. */
function spoilt(view: RunView, step: Step, start: number): Verdict {
  const at = view.step(step.frame)
  const now = view.scalar(last(view), 'loss')!
  const ratio = currentProfile(view)!.ratio
  const name = called(view, step.id)
  const since = Number.isFinite(ratio)
    ? {
        en: `the gradient at the first hidden layer is ${show(ratio)} × that at the last one since`,
        zh: `此后第一个隐藏层的梯度是最后一个的 ${show(ratio)} 倍`
      }
    : { en: 'no hidden layer gets a gradient since', zh: '此后隐藏层不再得到梯度' }
  return {
    severity: 'bad',
    layers: [step.id],
    measured: { loss: now, start, updateRatio: step.ratio, step: at },
    threshold: { updateRatio: GIANT },
    text: {
      en: `Step ${at} changed ${name.en} by ${show(step.ratio)} of its size, and ${since.en}: the learning rate, ${show(step.rate)}, is too large.`,
      zh: `第 ${at} 步使 ${name.zh} 改变自身的 ${show(step.ratio)}，${since.zh}：学习率 ${show(step.rate)} 过大。`
    },
    ...advise(view, lower(view), ...RANKED.badStep)
  }
}
/** The schedule has raised the rate beyond what the network could be trained with. */
function raised(view: RunView, { name, rate, loss, step, to, toStep, now, choice }: Risen): Verdict {
  const [from, until] = [show(rate), show(to)]
  return {
    severity: learnsWell(view) && !unsteadyLoss(view)?.rose ? 'warn' : 'bad',
    layers: [],
    measured: { learningRate: to, best: rate, loss: now, start: loss },
    threshold: { loss: 2 * loss },
    text: {
      en: `The schedule (${name.en}) has raised the learning rate to ${until} by step ${toStep}. The loss was smallest, ${show(loss)}, at step ${step} and a rate of ${from}; it is ${show(now)} now: the schedule goes too far.`,
      zh: `学习率计划（${name.zh}）到第 ${toStep} 步已把学习率升到 ${until}。损失在第 ${step} 步、学习率为 ${from} 时最小（${show(loss)}），现在为 ${show(now)}：升得过高。`
    },
    ...advise(view, choice, lower(view), ...RANKED.badStep)
  }
}

const rateTooLarge: Rule = {
  id: 'rateTooLarge',
  kind: 'rateTooLarge',
  asks: 'rangeTest',
  short: { en: 'Rate too large', zh: '学习率过大' },
  name: { en: 'Learning rate too large', zh: '学习率过大' },
  doc: {
    en: 'The loss is more than 10 × its start, or no number, after a step that changed a layer by more than a tenth of its size (2 × after one by more than half), or one of the first five steps changed a layer by more than half of its size and the gradient explodes or vanishes since: the steps are too long, and nothing else (scale, output layer, start) explains it. Or a warm-up or a rising schedule has raised the rate to 3 × that at which the loss was smallest, and that loss is lost again (1.5 × where most of the progress made is).',
    zh: '某一步使某层改变超过自身的十分之一之后，损失超过初始值的 10 倍或不再是数（改变超过一半时为 2 倍），或前五步之一使某层改变超过自身的一半且此后梯度爆炸或消失：步长过大，且没有其他原因（尺度、输出层、初始化）可以解释。或预热、上升的学习率计划已把学习率升到损失最小时的 3 倍以上，而该损失又丢失了（丢失大部分进展时为 1.5 倍）。'
  },
  fields: {
    rise: { type: 'number', default: RISE, above: 1, label: { en: 'Loss ÷ its start', zh: '损失 ÷ 初始值' } },
    step: { type: 'number', default: STEP, above: 0, label: { en: 'Update / weight ratio', zh: '更新/权重比' } }
  },
  measures: {
    loss: { en: 'loss', zh: '损失' },
    start: { en: 'loss at the start', zh: '初始损失' },
    updateRatio: { en: 'update / weight before', zh: '此前的更新/权重' },
    step: { en: 'step that did it', zh: '造成它的那一步' },
    learningRate: { en: 'largest learning rate', zh: '最大学习率' },
    best: { en: 'learning rate at the best loss', zh: '损失最小时的学习率' }
  },
  judge(view) {
    const { info, data } = view.schema
    if (info.task === 'critic') return undefined
    // With few targets far from the others, a loss that is a number tells which of them are in its batch.
    if (data?.outliers && Number.isFinite(view.scalar(last(view), 'loss'))) return undefined
    const risen = raisedTooFar(view)
    if (risen) return raised(view, risen)
    if (learnsWell(view) || causes(view).length) return undefined
    const start = leastFirstLoss(view)
    if (!(start > 0)) return undefined
    const broke = thrown(view)
    if (broke) return spoilt(view, broke, start)
    const step = caughtStep(view)
    if (!step) return undefined
    const at = view.step(step.frame)
    const now = view.scalar(last(view), 'loss')!
    const name = called(view, step.id)
    return {
      severity: 'bad',
      layers: [step.id],
      measured: { loss: now, start, updateRatio: step.ratio, step: at },
      threshold: { loss: (step.ratio > GIANT ? SOME_RISE : RISE) * start, updateRatio: STEP },
      text: {
        en: `The loss went from ${show(start)} to ${show(now)} after step ${at} changed ${name.en} by ${show(step.ratio)} of its size: the learning rate, ${show(step.rate)}, is too large.`,
        zh: `第 ${at} 步使 ${name.zh} 改变自身的 ${show(step.ratio)}，随后损失从 ${show(start)} 变为 ${show(now)}：学习率 ${show(step.rate)} 过大。`
      },
      ...advise(view, lower(view), ...RANKED.badStep)
    }
  }
}
export default rateTooLarge
