import { GIVEN } from './parts/idle'
import { few, newest, valuesAt } from './parts/view'
import type { Rule, Verdict } from './types'

const notInOptimizer: Rule = {
  id: 'notInOptimizer',
  kind: 'notInOptimizer',
  short: { en: 'Not in the optimizer', zh: '不在优化器中' },
  name: { en: 'Parameters that should move are not in the optimizer', zh: '应更新的参数不在优化器中' },
  doc: {
    en: 'In a recorded training, parameters want a gradient and get one, but the optimizer does not have them: they stay as they are.',
    zh: '在记录的训练中，有参数需要并得到梯度，却不在优化器中：它们保持不变。'
  },
  statistic: 'updateRatio',
  fields: {},
  measures: {
    tensors: { en: 'parameter tensors', zh: '参数张量' },
    of: { en: 'of', zh: '共' }
  },
  judge(view): Verdict | undefined {
    const end = view.length - 1
    if (!view.schema.recording || end < 0) return undefined
    const { layers } = view.schema
    const forgotten = layers.filter(({ index, recorded }) => {
      if (!recorded || !recorded.forgotten || recorded.tied !== undefined) return false
      // One whose weights change, or that gets no gradient here, may be another optimizer's.
      const norms = valuesAt(view, newest(view), index, 'weightNorm')
      if (norms.some((n) => n !== norms[0])) return false
      const gradient = view.value(end, index, 'weightGradientNorm') ?? view.value(end, index, 'biasGradientNorm')
      return gradient === undefined ? !recorded.frozen : gradient > 0
    })
    if (!forgotten.length) return undefined
    const count = forgotten.reduce((n, l) => n + l.recorded!.forgotten, 0)
    const all = layers.reduce((n, l) => n + (l.recorded?.trainable ?? 0), 0)
    const ids = forgotten.map((l) => l.id)
    const where = few(view, ids)
    return {
      severity: 'bad',
      layers: ids,
      measured: { tensors: count, of: all },
      threshold: { tensors: 0 },
      text: {
        en: `${count} of ${all} parameter tensors that want a gradient are not in the optimizer, and never move: ${where.en}.`,
        zh: `${all} 个需要梯度的参数张量中有 ${count} 个不在优化器中，始终不变：${where.zh}。`
      },
      advice: [],
      changes: [GIVEN]
    }
  }
}
export default notInOptimizer
