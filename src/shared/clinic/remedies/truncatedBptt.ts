import { counted } from '../../base/text'
import { cellSites, lengthsOf } from './parts/recurrent'
import { clone } from '../../base/clone'
import type { Remedy } from '../../experiment/remedies'

const truncatedBptt: Remedy = {
  id: 'truncatedBptt',
  name: { en: 'Truncated BPTT', zh: '截断的随时间反向传播' },
  words: 'truncated backpropagation through time, TBPTT, shorter sequences; 截断反向传播, 截断的反向传播, 时间截断',
  doc: {
    en: 'The gradient of a recurrent layer goes back k time steps at most (Williams & Peng 1990): the sequence is cut into stretches of k steps, counted from its end, and the state handed from one to the next passes no gradient. What can’t go far can’t explode far.',
    zh: '循环层的梯度最多回溯 k 个时间步（Williams & Peng 1990）：自末尾起每 k 步为一段，段间传递的状态不传梯度。走不远，也就爆不了。'
  },
  backfires: {
    en: 'Beyond the cut the gradient is exactly zero: nothing further back can be learnt, so it hides a vanishing gradient and cures none.',
    zh: '截断之外梯度恰为零：更早的依赖无法学到，因此它只是掩盖而不是治好梯度消失。'
  },
  group: 'gradient',
  conflicts: [],
  fields: {
    steps: {
      type: 'number',
      default: 10,
      integer: true,
      min: 1,
      max: 100000,
      log: true,
      label: { en: 'Steps k', zh: '步数 k' }
    }
  },
  apply(experiment, p) {
    const next = clone(experiment)
    for (const { node } of cellSites(next)) node.params.truncate = p.steps
    return next
  },
  blocked(experiment, p, info) {
    if (!cellSites(experiment).length)
      return {
        en: 'There is no recurrent layer whose gradient could be cut: the network needs one, and data that are sequences.',
        zh: '没有可截断梯度的循环层：网络需要一个循环层，以及序列数据。'
      }
    const longest = Math.max(...lengthsOf(experiment, info))
    return (p.steps as number) >= longest
      ? {
          en: `The longest sequence has ${counted(longest, 'step')}, so nothing would be cut: choose fewer.`,
          zh: `最长的序列只有 ${longest} 步，不会截断任何东西：请减小步数。`
        }
      : undefined
  }
}
export default truncatedBptt
