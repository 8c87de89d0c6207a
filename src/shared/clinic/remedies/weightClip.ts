import { number } from '../../base/python'
import { clampKeepingNaN } from './parts/clip'
import { limited } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const weightClip: Remedy = {
  id: 'weightClip',
  name: { en: 'Clip weights', zh: '权重裁剪' },
  words: 'weight clipping, WGAN, Wasserstein, Lipschitz; 权重截断, 权重剪裁, 利普希茨, 沃瑟斯坦',
  doc: {
    en: 'After each step every weight is limited to [−c, c], as WGAN does with its critic (Arjovsky 2017).',
    zh: '每步之后把每个权重限制在 [−c, c] 内，如 WGAN 对评论家所做（Arjovsky 2017）。'
  },
  backfires: {
    en: 'c sets the gain per layer: a small one makes the gradient of a deep net vanish, a large one makes it explode (Gulrajani 2017).',
    zh: 'c 决定每层的增益：过小使深层网络的梯度消失，过大使其爆炸（Gulrajani 2017）。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'clipped weights make it far worse', zh: '权重裁剪使之糟得多' },
    doc: {
      en: 'Weights of at most 0.01 make every factor of the chain smaller still: 0.02 a layer, and 7e-36 is left for the first. Made for critics, and even there a limit that small makes the gradient vanish.',
      zh: '权重不超过 0.01，链上的每个因子都更小：每层 0.02 倍，第一层只剩 7e-36。它是为评论家设计的；即便在那里，上限这么小也会使梯度消失。'
    }
  },
  group: 'weights',
  conflicts: [],
  fields: {
    limit: { type: 'number', default: 0.01, above: 0, max: 1e6, log: true, label: { en: 'Limit c', zh: '上限 c' } }
  },
  hook: {
    weights: (tf, weights, scalar) =>
      weights.map(({ role, weight }) => (role === 'state' ? weight : clampKeepingNaN(tf, weight, scalar('limit'))))
  },
  python: {
    torch: (p) => ({
      weights: ['for w in model.parameters():', `    w.clamp_(-${number(p.limit)}, ${number(p.limit)})`]
    }),
    keras: (p) => ({
      weights: ['for w in variables:', `    w.assign(ops.clip(w, -${number(p.limit)}, ${number(p.limit)}))`],
      pullsBiases: true
    })
  },
  reference: {
    weights: (list, p) =>
      list.map(({ role, weight }) => (role === 'state' ? weight.values : limited(weight.values, p.limit as number)))
  }
}
export default weightClip
