import { copyOf } from './parts/graph'
import type { Remedy } from '../../experiment/remedies'

const learningRate: Remedy = {
  id: 'learningRate',
  name: { en: 'Change learning rate', zh: '调整学习率' },
  doc: {
    en: 'Multiplies the learning rate: smaller where training is unstable or turns into NaN, larger where weights hardly move.',
    zh: '把学习率乘以一个系数：训练不稳定或出现 NaN 时调小，权重几乎不动时调大。'
  },
  backfires: {
    en: 'One rate scales every layer’s step alike: it cannot even out a gradient that differs by powers of ten between layers.',
    zh: '同一个系数作用于所有层：无法弥补各层之间相差数个数量级的梯度。'
  },
  group: 'training',
  conflicts: [],
  fields: {
    factor: { type: 'number', default: 0.1, above: 0, max: 1e6, log: true, label: { en: 'Factor', zh: '系数' } }
  },
  apply(experiment, p) {
    const next = copyOf(experiment)
    // Twelve digits: 0.1 × 0.1 shall read 0.01.
    next.training.optimizer.learningRate = Number(
      ((next.training.optimizer.learningRate as number) * (p.factor as number)).toPrecision(12)
    )
    return next
  },
  blocked: (experiment) =>
    typeof experiment.training.optimizer.learningRate === 'number'
      ? undefined
      : { en: 'The optimizer has no learning rate.', zh: '该优化器没有学习率。' }
}
export default learningRate
