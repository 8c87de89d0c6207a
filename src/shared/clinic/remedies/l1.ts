import { sumOver } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const l1: Remedy = {
  id: 'l1',
  name: { en: 'L1 penalty', zh: 'L1 正则' },
  doc: {
    en: 'Adds λ·Σ|w| of every kernel to the loss: each weight is pulled to 0 by the same force, and many end there.',
    zh: '把每个权重矩阵的 λ·Σ|w| 加入损失：每个权重以同样的力被拉向 0，许多最终为 0。'
  },
  backfires: {
    en: 'Where the gradient vanishes the penalty is all that is left: the weights go to 0 and it vanishes the more.',
    zh: '在梯度消失处只剩下惩罚项：权重趋于 0，梯度消失得更厉害。'
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
  reference: { penalty: (list, p) => (p.lambda as number) * sumOver(list, Math.abs) }
}
export default l1
