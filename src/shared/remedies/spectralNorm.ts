import { largestSingularValue } from './parts/clip'
import { largestSingular, noLonger } from './parts/plain'
import type { Remedy } from './types'

const spectralNorm: Remedy = {
  id: 'spectralNorm',
  name: { en: 'Limit spectral norm', zh: '谱范数限制' },
  doc: {
    en: 'After each step a kernel whose largest singular value exceeds c is scaled down to it (Gouk 2018; Miyato 2018 divides in the forward pass): no layer can stretch its input more than c times.',
    zh: '每步之后，若权重矩阵的最大奇异值超过 c，则按比例缩小到 c（Gouk 2018；Miyato 2018 在前向中相除）：任何层对输入的放大不超过 c 倍。'
  },
  backfires: {
    en: 'It bounds the largest stretch only: with activations whose slope is below 1 the gradient of a deep net still vanishes. The value comes from ten power iterations, so it may be a little low.',
    zh: '它只限制最大的放大：若激活函数的斜率小于 1，深层网络的梯度仍会消失。该值由十次幂迭代得到，可能略低。'
  },
  group: 'weights',
  conflicts: ['weightClip'],
  fields: {
    limit: { type: 'number', default: 1, above: 0, max: 1000, log: true, label: { en: 'Largest singular value c', zh: '最大奇异值 c' } }
  },
  hook: {
    weights: (tf, weights, scalar) =>
      weights.map(({ role, weight }) => {
        if (role !== 'kernel') return weight
        const sigma = largestSingularValue(tf, weight)
        const limit = scalar('limit')
        return tf.mul(weight, tf.where(tf.greater(sigma, limit), tf.div(limit, sigma), tf.onesLike(sigma)))
      })
  },
  reference: {
    weights: (list, p) => list.map(({ role, weight }) => (role === 'kernel' ? noLonger(weight.values, largestSingular(weight), p.limit as number) : weight.values))
  }
}
export default spectralNorm
