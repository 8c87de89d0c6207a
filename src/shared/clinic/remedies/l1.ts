import { number } from '../../base/python'
import { sumOver } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const l1: Remedy = {
  id: 'l1',
  name: { en: 'L1 penalty', zh: 'L1 正则' },
  words:
    'weight regularization, weight regularisation, L1 regularization, lasso, sparsity; 权重正则化, 正则化, L1 正则化, 稀疏',
  doc: {
    en: 'Adds λ·Σ|w| of every kernel to the loss: each weight is pulled to 0 by the same force, and many end there.',
    zh: '把每个权重矩阵的 λ·Σ|w| 加入损失：每个权重以同样的力被拉向 0，许多最终为 0。'
  },
  backfires: {
    en: 'Where the gradient vanishes the penalty is all that is left: the weights go to 0 and it vanishes the more.',
    zh: '在梯度消失处只剩下惩罚项：权重趋于 0，梯度消失得更厉害。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'L1 makes it worse', zh: 'L1 使之更糟' },
    doc: {
      en: 'In the first layers the penalty is all that moves the weights, and it moves them to 0. In 400 steps the first layer’s gradient falls from 1.1e-14 to 7e-15.',
      zh: '在前面几层，只有惩罚项在移动权重，而且是移向 0。400 步内，第一层的梯度由 1.1e-14 降到 7e-15。'
    }
  },
  group: 'weights',
  conflicts: [],
  fields: { lambda: { type: 'number', default: 0.0001, above: 0, max: 1000, log: true, label: { en: 'λ', zh: 'λ' } } },
  hook: {
    penalty(tf, weights, scalar) {
      const sums = weights.filter((w) => w.role === 'kernel').map((w) => tf.sum(tf.abs(w.weight)))
      return sums.length ? tf.mul(tf.addN(sums), scalar('lambda')) : undefined
    }
  },
  python: {
    torch: (p) => ({ penalty: `${number(p.lambda)} * sum(w.abs().sum() for w in kernels(model))` }),
    keras: (p) => ({ penalty: `${number(p.lambda)} * sum(ops.sum(ops.abs(w)) for w in kernels(model))` })
  },
  reference: { penalty: (list, p) => (p.lambda as number) * sumOver(list, Math.abs) }
}
export default l1
