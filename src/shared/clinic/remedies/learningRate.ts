import { number } from '../../base/python'
import { clone } from '../../base/clone'
import { parseSpec } from '../../base/params'
import { rounded } from '../../base/rounded'
import { lookup } from '../../experiment/lookup'
import type { Remedy } from '../../experiment/remedies'

const learningRate: Remedy = {
  id: 'learningRate',
  version: 2,
  name: { en: 'Change learning rate', zh: '调整学习率' },
  words:
    'no schedule, constant learning rate, smaller step size, larger step size, lower learning rate, reduce learning rate; 学习率, 降低学习率, 步长, 恒定学习率',
  doc: {
    en: 'Multiplies the learning rate: smaller where training is unstable or turns into NaN, larger where weights hardly move. On request it stays the same all along, where a schedule takes it away too early.',
    zh: '把学习率乘以一个系数：训练不稳定或出现 NaN 时调小，权重几乎不动时调大。也可使其自始至终不变，以免学习率计划过早把它降没。'
  },
  backfires: {
    en: 'One rate scales every layer’s step alike: it cannot even out a gradient that differs by powers of ten between layers.',
    zh: '同一个系数作用于所有层：无法弥补各层之间相差数个数量级的梯度。'
  },
  gallery: {
    finds: 'vanishing',
    params: { factor: 10 },
    title: { en: 'no learning rate evens it out', zh: '学习率无法弥补' },
    doc: {
      en: 'Ten times the rate is ten times next to nothing for the first layers. The last ones do move, to where their sigmoids are flatter: over 400 steps the first layer’s gradient falls from 1.1e-14 to 2e-15.',
      zh: '学习率乘以十，前面几层得到的仍是几乎为零的十倍。后面几层确实在动，却移向 sigmoid 更平的地方：400 步内第一层梯度由 1.1e-14 降到 2e-15。'
    }
  },
  group: 'training',
  conflicts: [],
  settings: () => [{ factor: 0.3 }, { factor: 0.01 }, { factor: 3 }, { factor: 10 }, { factor: 100 }],
  fields: {
    factor: { type: 'number', default: 0.1, above: 0, max: 1e6, log: true, label: { en: 'Factor', zh: '系数' } },
    steady: { type: 'bool', default: false, label: { en: 'No schedule', zh: '不用学习率计划' } }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    // Twelve digits: 0.1 × 0.1 shall read 0.01.
    next.training.optimizer.learningRate = rounded(
      (next.training.optimizer.learningRate as number) * (p.factor as number),
      12
    )
    if (p.steady) next.training.schedule = parseSpec('schedules', 'constant', '', [], lookup)
    return next
  },
  blocked: (experiment) =>
    typeof experiment.training.optimizer.learningRate === 'number'
      ? undefined
      : {
          en: 'The optimizer has no learning rate: choose another optimizer.',
          zh: '该优化器没有学习率：请选择其他优化器。'
        },
  inTorch: (p, { learningRate }) => {
    if (!learningRate) return []
    const rate = number(rounded(learningRate * (p.factor as number), 3))
    const lines = ['for group in optimizer.param_groups:', `    group["lr"] = ${rate}`]
    return [{ place: 'optimizer', lines: p.steady ? ['# Without calls of scheduler.step():', ...lines] : lines }]
  }
}
export default learningRate
