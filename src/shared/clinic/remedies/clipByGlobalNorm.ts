import { number } from '../../base/python'
import { clipping, normScale } from './parts/clip'
import { lengthOf, noLonger } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const clipByGlobalNorm: Remedy = {
  id: 'clipByGlobalNorm',
  name: { en: 'Clip by global norm', zh: '按全局范数梯度截断' },
  words: 'gradient clipping, clip gradients; 梯度截断, 梯度裁剪, 梯度剪裁',
  doc: {
    en: 'All gradients together are scaled down to L2 norm c if they are longer (Pascanu 2013): the step keeps its direction.',
    zh: '梯度截断（梯度裁剪）：若全部梯度合起来的 L2 范数超过 c，则一起按比例缩小到 c（Pascanu 2013）：更新方向不变。'
  },
  backfires: {
    en: 'One exploding layer shrinks the step of all others; it does nothing for a gradient that vanishes.',
    zh: '一层爆炸会使其他各层的更新都变小；对梯度消失无效。'
  },
  noHelpAgainst: ['vanishing', 'notUpdating'],
  gallery: {
    finds: 'vanishing',
    title: { en: 'clipping does nothing here', zh: '截断在此无效' },
    doc: {
      en: 'Clipping only makes large gradients smaller. These are too small: the first layer gets 1.1e-14 with it as without it.',
      zh: '梯度截断（梯度裁剪）只会缩小过大的梯度。这里的梯度太小：用与不用，第一层得到的都是 1.1e-14。'
    }
  },
  group: 'gradient',
  conflicts: [],
  settings: (norms) => (norms ? [norms.half, norms.tenth].map((maxNorm) => ({ maxNorm })) : []),
  fields: {
    maxNorm: { type: 'number', default: 1, above: 0, max: 1e6, log: true, label: { en: 'Norm c', zh: '范数 c' } }
  },
  hook: {
    gradients(tf, gradients, scalar) {
      if (!gradients.length) return []
      const scale = normScale(
        tf,
        gradients.map((g) => g.gradient),
        scalar('maxNorm')
      )
      return gradients.map((g) => tf.mul(g.gradient, scale))
    }
  },
  python: {
    torch: (p) => ({ gradients: [`nn.utils.clip_grad_norm_(model.parameters(), ${number(p.maxNorm)})`] }),
    keras: (p) => ({
      gradients: [
        'norm = ops.sqrt(sum(ops.sum(ops.square(g)) for g in gradients))',
        `limit = ${number(p.maxNorm)}`,
        'gradients = [g * (limit / ops.maximum(norm, limit)) for g in gradients]'
      ]
    })
  },
  reference: {
    gradients(list, p) {
      const all = lengthOf(list.flatMap((g) => g.gradient.values))
      return list.map((g) => noLonger(g.gradient.values, all, p.maxNorm as number))
    }
  },
  inTorch: (p, site) =>
    clipping(site, `torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=${number(p.maxNorm)})`)
}
export default clipByGlobalNorm
