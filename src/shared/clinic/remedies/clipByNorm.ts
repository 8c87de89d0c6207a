import { number } from '../../base/python'
import { normScale } from './parts/clip'
import { lengthOf, noLonger } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const clipByNorm: Remedy = {
  id: 'clipByNorm',
  name: { en: 'Clip by norm', zh: '按范数梯度截断' },
  words: 'gradient clipping, clip gradients; 梯度截断, 梯度裁剪, 梯度剪裁',
  doc: {
    en: 'Each weight’s gradient is scaled down to L2 norm c if it is longer; its direction stays.',
    zh: '梯度截断（梯度裁剪）：若某个权重的梯度的 L2 范数超过 c，则按比例缩小到 c；方向不变。'
  },
  backfires: {
    en: 'Layers are scaled apart from each other, so the step as a whole points elsewhere; it does nothing for a gradient that vanishes.',
    zh: '各层分别缩放，整体方向会改变；对梯度消失无效。'
  },
  noHelpAgainst: ['vanishing', 'notUpdating'],
  gallery: {
    finds: 'vanishing',
    title: { en: 'nor does clipping by norm', zh: '按范数截断同样无效' },
    doc: {
      en: 'No layer’s gradient is as long as the limit, so none is scaled: the first layer gets 1.1e-14, and the loss stays at 2.3, where guessing puts it.',
      zh: '没有哪一层的梯度达到上限，因此都没有缩放：第一层得到 1.1e-14，损失停在随机猜测的 2.3。'
    }
  },
  group: 'gradient',
  conflicts: [],
  fields: {
    maxNorm: { type: 'number', default: 1, above: 0, max: 1e6, log: true, label: { en: 'Norm c', zh: '范数 c' } }
  },
  hook: {
    gradients: (tf, gradients, scalar) =>
      gradients.map(({ gradient: g }) => tf.mul(g, normScale(tf, [g], scalar('maxNorm'))))
  },
  python: {
    torch: (p) => ({
      gradients: ['for w in model.parameters():', `    nn.utils.clip_grad_norm_(w, ${number(p.maxNorm)})`]
    }),
    keras: (p) => ({
      gradients: [
        'norms = [ops.sqrt(ops.sum(ops.square(g))) for g in gradients]',
        `limit = ${number(p.maxNorm)}`,
        'gradients = [g * (limit / ops.maximum(n, limit)) for g, n in zip(gradients, norms)]'
      ]
    })
  },
  reference: {
    gradients: (list, p) =>
      list.map((g) => noLonger(g.gradient.values, lengthOf(g.gradient.values), p.maxNorm as number))
  }
}
export default clipByNorm
