import type { Gap } from '../../run/view'
import type { Rule, RunView } from './types'
import { advise } from './parts/advice'
import { examples, few, median, show } from './parts/view'
import { percent } from './parts/shares'
import { sites } from '../remedies/parts/graph'

/** How much worse the same examples are answered at inference: factor of the loss, points of accuracy or r². */
const [LOSS, SCORE] = [2, 0.1]
/** Looks that have to agree. */
const LOOKS = 3
/** Steps over which running averages have to have settled, as multiples of 1 ÷ (1 − momentum). */
const SETTLED = 5
/** Fewer examples in a step give averages of little but noise. */
const FEW = 16

/** The slowest of the running averages: 0.9 keeps nine tenths at each step. */
function momentum({ experiment }: RunView): number {
  const norms = [...sites(experiment?.network.nodes ?? [])].filter((s) => s.node.kind === 'batchNorm')
  return Math.max(0, ...norms.map((s) => s.node.params['momentum'] as number))
}
/** The looks that count: not before the averages can have settled, or before half of the run is over. */
function settled(view: RunView): readonly Gap[] {
  const steps = view.experiment?.training.steps ?? Infinity
  const from = Math.min(SETTLED / (1 - momentum(view)), steps / 2)
  return (view.gaps ?? []).filter((g) => g.step >= from).slice(-LOOKS)
}

const evaluationGap: Rule = {
  id: 'evaluationGap',
  kind: 'evaluationGap',
  short: { en: 'Norm lags', zh: '归一化滞后' },
  name: { en: 'Batch norm answers differently in use', zh: '批归一化在使用时给出不同结果' },
  doc: {
    en: 'The same training examples, answered twice by the same weights: with running averages, as in use, the loss is more than twice that with the batch’s own statistics, and accuracy or r² a tenth lower. The averages of a batch norm lag behind.',
    zh: '同一批训练样本、同样的权重，两种答法：用滑动平均（如实际使用）时，损失超过用本批统计量时的两倍，准确率或 r² 低 0.1 以上。批归一化的滑动平均滞后。'
  },
  fields: {
    loss: {
      type: 'number',
      default: LOSS,
      above: 1,
      label: { en: 'Loss in use ÷ in training', zh: '使用时 ÷ 训练时的损失' }
    },
    score: { type: 'number', default: SCORE, above: 0, label: { en: 'Accuracy or r² lost', zh: '损失的准确率或 r²' } }
  },
  measures: {
    loss: { en: 'loss in use ÷ in training', zh: '使用时 ÷ 训练时的损失' },
    score: { en: 'accuracy or r² lost', zh: '损失的准确率或 r²' },
    trained: { en: 'accuracy or r² in training', zh: '训练时的准确率或 r²' },
    used: { en: 'accuracy or r² in use', zh: '使用时的准确率或 r²' }
  },
  judge(view) {
    const looks = settled(view)
    if (looks.length < LOOKS) return undefined
    const name = view.schema.info.task === 'regression' ? 'r2' : 'accuracy'
    const of = (side: 'trained' | 'used', key: string): number => median(looks.map((g) => g[side][key] ?? NaN))
    const loss = median(looks.map((g) => g.used['loss']! / g.trained['loss']!))
    const [trained, used] = [of('trained', name), of('used', name)]
    const lost = median(looks.map((g) => g.trained[name]! - g.used[name]!))
    if (!(loss > LOSS && lost > SCORE)) return undefined
    const norms = view.schema.layers.filter((l) => l.kind === 'batchNorm').map((l) => l.id)
    const where = few(view, norms)
    const chance = name === 'r2' ? 0 : 1 / Math.max(2, view.schema.info.classes?.length ?? 2)
    const told = (v: number): string => (name === 'accuracy' ? percent(v) : show(v))
    const score = name === 'accuracy' ? { en: 'accuracy', zh: '准确率' } : { en: 'r²', zh: 'r²' }
    return {
      severity: used > (1 + chance) / 2 ? 'warn' : 'bad',
      layers: norms,
      measured: { loss, score: lost, trained, used },
      threshold: { loss: LOSS, score: SCORE },
      text: {
        en: `The same examples: ${score.en} ${told(trained)} with the statistics of their batch, ${told(used)} with the running averages of ${where.en}, as in use. The averages lag behind what the layers give.`,
        zh: `同样的样本：用本批统计量时${score.zh}为 ${told(trained)}，用 ${where.zh} 的滑动平均（如实际使用）时为 ${told(used)}。滑动平均落后于各层的实际输出。`
      },
      ...advise(view, { id: 'normStatistics', ...(examples(view) < FEW && { swap: true }) }, 'learningRate')
    }
  }
}
export default evaluationGap
