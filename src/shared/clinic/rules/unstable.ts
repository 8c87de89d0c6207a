import type { Rule, RunView, Verdict } from './types'
import { advise } from './parts/advice'
import { lower, rateAt } from './parts/rate'
import { RANKED } from './parts/ranking'
import { raisedTooFar } from './parts/risen'
import { heldByRegularisation } from './parts/regularisation'
import { HEAD, shrunk } from './parts/shrunk'
import { ABOVE_START, isComparable, START, startLoss, unsteadyLoss } from './parts/unsteady'
import { examples, few, last, learnsWell, lossesAt, median, newest, S, show, valuesAt } from './parts/view'

/** ‖ΔW‖/‖W‖ per step that is no longer a small step. */
const STEP = 0.5
/** Fewer examples in a step than this say little by themselves. */
const FEW = 8

function loss(view: RunView): Verdict | undefined {
  const found = unsteadyLoss(view)
  if (!found) return undefined
  const { now, start, best, rose, limit } = found
  const rate = show(rateAt(view, last(view)))
  return {
    severity: rose ? 'bad' : 'warn',
    layers: [],
    measured: { loss: now, start, best },
    threshold: { loss: limit },
    text: rose
      ? {
          en: `The loss has risen to ${show(now)} from ${show(start)} at the start, at a learning rate of ${rate}.`,
          zh: `损失从开始时的 ${show(start)} 升到 ${show(now)}，学习率为 ${rate}。`
        }
      : {
          en: `The loss had fallen to ${show(best)} and is back at ${show(now)}, at a learning rate of ${rate}.`,
          zh: `损失曾降到 ${show(best)}，又回到 ${show(now)}，学习率为 ${rate}。`
        },
    ...advise(view, lower(view), ...RANKED.unstable)
  }
}
function steps(view: RunView): Verdict | undefined {
  const frames = newest(view)
  const now = median(lossesAt(view, frames))
  const start = startLoss(view)
  // Weights that start near zero take large steps at first while the loss falls. Copies of one unit drift.
  if (view.length < START + frames.length || !(now > 0.9 * start) || view.twins?.length) return undefined
  // Weights that have shrunk only make a step smaller: most layers need no look at them. Those that started at exactly
  // 0 have no size of their own yet.
  const wild = view.main
    .filter((l) => view.length > HEAD || view.value(0, l.index, S.weights) !== 0)
    .map((l) => ({ id: l.id, index: l.index, ratio: median(valuesAt(view, frames, l.index, S.update)) }))
    .filter((l) => l.ratio > STEP)
    .map(({ id, index, ratio }) => ({ id, ratio: ratio * shrunk(view, frames, index) }))
    .filter((l) => l.ratio > STEP)
    .sort((a, b) => b.ratio - a.ratio)
  if (!wild.length) return undefined
  const ids = wild.map((l) => l.id)
  const where = few(view, ids)
  return {
    severity: 'warn',
    layers: ids,
    measured: { updateRatio: wild[0]!.ratio, loss: now, start },
    threshold: { updateRatio: STEP },
    text: {
      en: `Each step changes ${where.en} by ${show(wild[0]!.ratio)} of its size, and the loss does not fall (${show(start)} → ${show(now)}).`,
      zh: `每一步使 ${where.zh} 改变自身的 ${show(wild[0]!.ratio)}，而损失没有下降（${show(start)} → ${show(now)}）。`
    },
    ...advise(view, lower(view), ...RANKED.unstable)
  }
}

const unstable: Rule = {
  id: 'unstable',
  kind: 'unstable',
  short: { en: 'Unstable', zh: '不稳定' },
  name: { en: 'Unstable training', zh: '训练不稳定' },
  doc: {
    en: 'The loss is 3 × what it was at the start and what a guess has, or it has lost most of the progress made; or every step changes a layer by more than half of its size while the loss does not fall.',
    zh: '损失达到开始时与猜测水平的 3 倍，或丢掉了大部分进展；或每步使某层改变超过自身的一半而损失不降。'
  },
  fields: {
    aboveStart: {
      type: 'number',
      default: ABOVE_START,
      above: 1,
      label: { en: 'Loss ÷ its start', zh: '损失 ÷ 初始值' }
    },
    step: { type: 'number', default: STEP, above: 0, label: { en: 'Update / weight ratio', zh: '更新/权重比' } }
  },
  measures: {
    loss: { en: 'loss', zh: '损失' },
    start: { en: 'loss at the start', zh: '初始损失' },
    best: { en: 'best loss', zh: '最佳损失' },
    updateRatio: { en: 'update / weight', zh: '更新/权重' }
  },
  judge(view) {
    if (!isComparable(view)) return undefined
    // Single examples are answered well or badly; the network learns all the same.
    if (examples(view) < FEW && learnsWell(view)) return undefined
    if (heldByRegularisation(view) || raisedTooFar(view)) return undefined
    // A critic's loss has no smallest value: it falls from 0 while the critic is ahead, and returns when the generator
    // catches up.
    // With few targets far from the others, the loss of a batch tells whether one of those is among it.
    const isComparableLoss = view.schema.info.task !== 'critic' && !view.schema.data?.outliers
    return (isComparableLoss ? loss(view) : undefined) ?? steps(view)
  }
}
export default unstable
