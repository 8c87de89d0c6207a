import { few, median, newest, show, valuesAt, WINDOW } from './parts/view'
import type { Rule, Verdict } from './types'

/** Entropy in nats of a head that always looks at one place. Such a saturated softmax passes no gradient. */
const LEAST = 0.01
/** Frames from which on heads are judged: at the start none has learnt where to look. */
const FROM = 12

const deadHeads: Rule = {
  id: 'deadHeads',
  kind: 'deadHeads',
  short: { en: 'Dead heads', zh: '注意力头失效' },
  name: { en: 'Dead attention heads', zh: '注意力头失效' },
  doc: {
    en: 'In a recorded training, the attention of a head has an entropy under 0.01 nats over recent steps: it is sure of a single place, its softmax is saturated, and queries and keys get no gradient.',
    zh: '在记录的训练中，某注意力头的注意力熵在近几步中低于 0.01 奈特：它只看一处，softmax 已饱和，查询和键得不到梯度。'
  },
  fields: {
    entropy: { type: 'number', default: LEAST, above: 0, log: true, label: { en: 'Entropy', zh: '熵' } }
  },
  measures: {
    entropy: { en: 'entropy of the lowest head', zh: '最低头的熵' },
    mean: { en: 'mean of the heads', zh: '各头平均' },
    modules: { en: 'modules', zh: '模块数' }
  },
  judge(view): Verdict | undefined {
    if (!view.schema.recording || view.length < FROM) return undefined
    const frames = newest(view, WINDOW)
    const of = (layer: number, statistic: string): number => median(valuesAt(view, frames, layer, statistic))
    const dead = view.schema.layers
      .map((l) => ({ id: l.id, low: of(l.index, 'attentionEntropyLow'), mean: of(l.index, 'attentionEntropy') }))
      .filter((l) => l.low < LEAST)
      .sort((a, b) => a.low - b.low)
    const [worst] = dead
    if (!worst) return undefined
    const ids = dead.map((l) => l.id)
    return {
      severity: 'warn',
      layers: ids,
      measured: { entropy: worst.low, mean: worst.mean, modules: dead.length },
      threshold: { entropy: LEAST },
      text: {
        en: `A head of ${few(view, ids).en} always looks at a single place: the entropy of its attention is ${show(worst.low)} nats, that of the heads beside it ${show(worst.mean)} on average.`,
        zh: `${few(view, ids).zh} 有一个头始终只看一处：其注意力熵为 ${show(worst.low)} 奈特，各头平均为 ${show(worst.mean)}。`
      },
      advice: ['learningRate', 'warmUp']
    }
  }
}
export default deadHeads
