import type { Rule, RunView, Verdict } from './types'
import { advise } from './parts/advice'
import { causes } from './parts/causes'
import { currentProfile } from './parts/profile'
import { RANKED } from './parts/ranking'
import { lower, startLoss } from './parts/rate'
import { shrunk } from './parts/shrunk'
import { GIANT, thrown, type Step } from './parts/thrown'
import { startsExplodingInTime } from './parts/time'
import { called, examples, last, learnsWell, S, show } from './parts/view'

/** The loss against its start. The noise of a batch stays far below, unless a step sees only a few examples. */
const RISE = 10
const FEW = 8
/** ‖ΔW‖/‖W‖ that throws a layer to another place. Where the loss then multiplies, the step did it. */
const STEP = 0.1
/** What is enough of a rise after a giant step. Units may be dead soon after. */
const SOME_RISE = 2
/** Frames before the rise in which that step is looked for. */
const BEFORE = 5
/** First ÷ last hidden layer: beyond this the start explodes whatever the rate. */
const EXPLODES = 200

/** Frame at which the loss left for where it is, above a limit or no number. */
function left(view: RunView, limit: number): number | undefined {
  const above = (i: number): boolean => !(view.scalar(i, 'loss')! <= limit)
  let i = last(view)
  if (i < 1 || !above(i)) return undefined
  while (i > 0 && above(i - 1)) i--
  // One batch of few examples says little.
  const lasting = last(view) - i + 1 >= (examples(view) < FEW ? 5 : 1)
  return i > 0 && (lasting || !Number.isFinite(view.scalar(last(view), 'loss'))) ? i : undefined
}
/** The largest step, and its layer, in the frames before a rise. */
function largestStep(view: RunView, at: number): Step | undefined {
  const from = Math.max(0, at - BEFORE)
  const frames = Array.from({ length: at - from }, (_, i) => from + i)
  return view.main
    .flatMap(({ id, index }) =>
      frames.flatMap((frame): Step[] => {
        const ratio = view.value(frame, index, S.update)
        return ratio !== undefined && Number.isFinite(ratio) ? [{ id, ratio, frame }] : []
      })
    )
    .sort((a, b) => b.ratio - a.ratio)[0]
}
/** The loss is so far above its start now, after a step so large. A loss that comes and goes has not begun anew. */
function caught(view: RunView, start: number, rise: number, size: number, known?: Step): Step | undefined {
  const frame = left(view, rise * start)
  if (frame === undefined) return undefined
  if (known) return known
  const step = largestStep(view, frame)
  const layer = view.main.find((l) => l.id === step?.id)
  return step && layer && step.ratio * shrunk(view, [step.frame], layer.index) > size ? step : undefined
}
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
      en: `Step ${at} changed ${name.en} by ${show(step.ratio)} of its size, and ${since.en}: the learning rate, ${show(view.learningRate)}, is too large.`,
      zh: `第 ${at} 步使 ${name.zh} 改变自身的 ${show(step.ratio)}，${since.zh}：学习率 ${show(view.learningRate)} 过大。`
    },
    ...advise(view, lower(view), ...RANKED.badStep)
  }
}
/** By which step it began: later the frames of that time may no longer be at hand. */
const told = new WeakMap<RunView, Step>()

const rateTooLarge: Rule = {
  id: 'rateTooLarge',
  kind: 'rateTooLarge',
  asks: 'rangeTest',
  short: { en: 'Rate too large', zh: '学习率过大' },
  name: { en: 'Learning rate too large', zh: '学习率过大' },
  doc: {
    en: 'The loss is more than 10 × its start, or no number, after a step that changed a layer by more than a tenth of its size (2 × after one by more than half), or one of the first five steps changed a layer by more than half of its size and the gradient explodes or vanishes since: the steps are too long, and nothing else (scale, output layer, start) explains it.',
    zh: '某一步使某层改变超过自身的十分之一之后，损失超过初始值的 10 倍或不再是数（改变超过一半时为 2 倍），或前五步之一使某层改变超过自身的一半且此后梯度爆炸或消失：步长过大，且没有其他原因（尺度、输出层、初始化）可以解释。'
  },
  fields: {
    rise: { type: 'number', default: RISE, above: 1, label: { en: 'Loss ÷ its start', zh: '损失 ÷ 初始值' } },
    step: { type: 'number', default: STEP, above: 0, label: { en: 'Update / weight ratio', zh: '更新/权重比' } }
  },
  measures: {
    loss: { en: 'loss', zh: '损失' },
    start: { en: 'loss at the start', zh: '初始损失' },
    updateRatio: { en: 'update / weight before', zh: '此前的更新/权重' },
    step: { en: 'step that did it', zh: '造成它的那一步' }
  },
  judge(view) {
    if (view.schema.info.task === 'critic' || causes(view).length || learnsWell(view)) return undefined
    const start = startLossBefore(view)
    if (!(start > 0)) return undefined
    const broke = thrown(view)
    if (broke) return spoilt(view, broke, start)
    if ((currentProfile(view)?.ratio ?? 0) > EXPLODES || startsExplodingInTime(view)) return undefined
    const known = told.get(view)
    const step = caught(view, start, SOME_RISE, GIANT, known) ?? caught(view, start, RISE, STEP, known)
    if (!step) return undefined
    told.set(view, step)
    const at = view.step(step.frame)
    const now = view.scalar(last(view), 'loss')!
    const name = called(view, step.id)
    return {
      severity: 'bad',
      layers: [step.id],
      measured: { loss: now, start, updateRatio: step.ratio, step: at },
      threshold: { loss: (step.ratio > GIANT ? SOME_RISE : RISE) * start, updateRatio: STEP },
      text: {
        en: `The loss went from ${show(start)} to ${show(now)} after step ${at} changed ${name.en} by ${show(step.ratio)} of its size: the learning rate, ${show(view.learningRate)}, is too large.`,
        zh: `第 ${at} 步使 ${name.zh} 改变自身的 ${show(step.ratio)}，随后损失从 ${show(start)} 变为 ${show(now)}：学习率 ${show(view.learningRate)} 过大。`
      },
      ...advise(view, lower(view), ...RANKED.badStep)
    }
  }
}
/**
 * The smallest of the first losses: the second may have risen already. A few examples are right by chance: there it is
 * that of a guess at least.
 */
function startLossBefore(view: RunView): number {
  const first = view.scalar(0, 'loss') ?? NaN
  const least = Math.min(first, startLoss(view) || first)
  return examples(view) < FEW ? Math.max(least, view.schema.baselines?.[0]?.trainingLoss ?? least) : least
}
export default rateTooLarge
