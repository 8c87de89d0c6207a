import { number } from '../../base/python'
import { unitNorm } from './parts/clip'
import { lengthOf, noLonger, unitsOf } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

/** Weights that start at 0 may still move (Brock 2021). */
const LEAST = 1e-3

const adaptiveClip: Remedy = {
  id: 'adaptiveClip',
  name: { en: 'Adaptive clipping', zh: '自适应梯度截断' },
  words: 'gradient clipping, clip gradients; 梯度截断, 梯度裁剪, 梯度剪裁',
  doc: {
    en: 'The gradient of each unit is scaled down when its norm exceeds c times the norm of that unit’s weights (Brock 2021): the limit follows the size of what it moves.',
    zh: '梯度截断（梯度裁剪）：若某单元梯度的范数超过其权重范数的 c 倍，则按比例缩小（Brock 2021）：上限随所更新权重的大小而变。'
  },
  backfires: {
    en: 'Units with small weights learn slowly; it does nothing for a gradient that vanishes.',
    zh: '权重小的单元学习缓慢；对梯度消失无效。'
  },
  noHelpAgainst: ['vanishing', 'notUpdating'],
  gallery: {
    finds: 'vanishing',
    title: { en: 'nor does adaptive clipping', zh: '自适应截断同样无效' },
    doc: {
      en: 'The limit follows each unit’s weights, and only gradients near the output ever reach it. The first layer’s stays at 1.1e-14.',
      zh: '上限随各单元的权重而定，只有靠近输出的梯度够得着它。第一层的梯度仍是 1.1e-14。'
    }
  },
  group: 'gradient',
  conflicts: [],
  fields: {
    ratio: { type: 'number', default: 0.01, above: 0, max: 1000, log: true, label: { en: 'Ratio c', zh: '比例 c' } }
  },
  hook: {
    gradients: (tf, gradients, scalar) =>
      gradients.map(({ gradient: g, weight: w, role }) => {
        if (role !== 'kernel') return g
        const limit = tf.mul(tf.maximum(unitNorm(tf, w), LEAST), scalar('ratio'))
        const norm = unitNorm(tf, g)
        return tf.mul(g, tf.where(tf.greater(norm, limit), tf.div(limit, norm), tf.onesLike(norm)))
      })
  },
  python: {
    torch: (p, { inputAxes }) => ({
      gradients: [
        'with torch.no_grad():',
        '    for name, w in model.named_parameters():',
        '        if w.dim() > 1:',
        `            axes = ${inputAxes}`,
        '            size = torch.linalg.vector_norm(w, dim=axes, keepdim=True)',
        '            norm = torch.linalg.vector_norm(w.grad, dim=axes, keepdim=True)',
        `            limit = ${number(p.ratio)} * size.clamp_min(${number(LEAST)})`,
        '            w.grad.mul_((limit / norm).clamp_max(1))'
      ]
    }),
    keras: (p) => ({
      gradients: ['gradients = [clipped(w, g) for w, g in zip(variables, gradients)]'],
      define: {
        clipped: `def clipped(w, g):
    """A kernel's gradient, cut to a share of the size of each unit's weights."""
    if not is_kernel(w):
        return g
    axes = tuple(range(len(w.shape) - 1))
    size = ops.sqrt(ops.sum(ops.square(w), axis=axes, keepdims=True))
    norm = ops.sqrt(ops.sum(ops.square(g), axis=axes, keepdims=True))
    limit = ${number(p.ratio)} * ops.maximum(size, ${number(LEAST)})
    return g * (limit / ops.maximum(norm, limit))`
      }
    })
  },
  reference: {
    gradients: (list, p) =>
      list.map(({ role, gradient: g, weight: w }) => {
        if (role !== 'kernel') return g.values
        const out = [...g.values]
        for (const unit of unitsOf(g.shape)) {
          const [own, its] = [g, w].map((t) => unit.map((i) => t.values[i]!)) as [number[], number[]]
          const short = noLonger(own, lengthOf(own), (p.ratio as number) * Math.max(lengthOf(its), LEAST))
          unit.forEach((i, k) => (out[i] = short[k]!))
        }
        return out
      })
  }
}
export default adaptiveClip
