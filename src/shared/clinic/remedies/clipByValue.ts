import { number } from '../../base/python'
import { clampKeepingNaN, clipping } from './parts/clip'
import { limited } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const clipByValue: Remedy = {
  id: 'clipByValue',
  name: { en: 'Clip by value', zh: '按值梯度截断' },
  words: 'gradient clipping, clip gradients; 梯度截断, 梯度裁剪, 梯度剪裁',
  doc: {
    en: 'Each entry of each gradient is limited to [−c, c] before the optimizer sees it.',
    zh: '梯度截断（梯度裁剪）：优化器使用之前，每个梯度的每个分量被限制在 [−c, c] 内。'
  },
  backfires: {
    en: 'It bends the gradient’s direction, and does nothing for a gradient that vanishes.',
    zh: '它会改变梯度的方向，对梯度消失无效。'
  },
  noHelpAgainst: ['vanishing', 'notUpdating'],
  gallery: {
    finds: 'vanishing',
    title: { en: 'nor does clipping by value', zh: '按值截断同样无效' },
    doc: {
      en: 'No entry of any gradient comes near the limit of 0.5, so none is cut: the first layer gets 1.1e-14, as before.',
      zh: '没有哪个分量接近上限 0.5，因此都没有被截断：第一层仍得到 1.1e-14。'
    }
  },
  group: 'gradient',
  conflicts: [],
  fields: {
    limit: { type: 'number', default: 0.5, above: 0, max: 1e6, log: true, label: { en: 'Limit c', zh: '上限 c' } }
  },
  hook: {
    gradients: (tf, gradients, scalar) => gradients.map((g) => clampKeepingNaN(tf, g.gradient, scalar('limit')))
  },
  python: {
    torch: (p) => ({ gradients: [`nn.utils.clip_grad_value_(model.parameters(), ${number(p.limit)})`] }),
    keras: (p) => ({
      gradients: [`gradients = [ops.clip(g, -${number(p.limit)}, ${number(p.limit)}) for g in gradients]`]
    })
  },
  reference: { gradients: (list, p) => list.map((g) => limited(g.gradient.values, p.limit as number)) },
  inTorch: (p, site) =>
    clipping(site, `torch.nn.utils.clip_grad_value_(model.parameters(), clip_value=${number(p.limit)})`)
}
export default clipByValue
