import { number } from '../../base/python'
import { largestSingularValue } from './parts/clip'
import { largestSingular, noLonger } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

const spectralNorm: Remedy = {
  id: 'spectralNorm',
  name: { en: 'Limit spectral norm', zh: '谱范数限制' },
  words: 'spectral normalization, spectral normalisation, Lipschitz, WGAN; 谱归一化, 利普希茨',
  doc: {
    en: 'After each step a kernel whose largest singular value exceeds c is scaled down to it (Gouk 2018; Miyato 2018 divides in the forward pass): no dense layer can stretch its input more than c times. A convolution’s kernel is read as the matrix [window · channels in, channels out]; as it moves it can stretch more, at most by the root of the window’s size.',
    zh: '每步之后，若权重矩阵的最大奇异值超过 c，则按比例缩小到 c（Gouk 2018；Miyato 2018 在前向中相除）：任何全连接层对输入的放大不超过 c 倍。卷积核按矩阵 [窗口 · 输入通道, 输出通道] 计算；卷积核滑动时放大可能更多，至多再乘窗口大小的平方根。'
  },
  backfires: {
    en: 'It bounds the largest stretch only: with activations whose slope is below 1 the gradient of a deep net still vanishes. Behind the kernel a batch norm undoes the scale.',
    zh: '它只限制最大的放大：若激活函数的斜率小于 1，深层网络的梯度仍会消失。其后的批归一化会抵消这一缩放。'
  },
  gallery: {
    finds: 'vanishing',
    title: { en: 'spectral norm makes it worse', zh: '谱归一化使之更糟' },
    doc: {
      en: 'A largest singular value of 1 keeps weights from making a gradient larger. That was not the fault: a layer now passes on 0.13 in place of 0.23, and the first one gets 1.5e-19.',
      zh: '最大奇异值限为 1，使权重不会放大梯度。可毛病不在那里：现在每层只传回 0.13 而非 0.23，第一层得到 1.5e-19。'
    }
  },
  group: 'weights',
  conflicts: ['weightClip', 'batchNorm'],
  fields: {
    limit: {
      type: 'number',
      default: 1,
      above: 0,
      max: 1000,
      log: true,
      label: { en: 'Largest singular value c', zh: '最大奇异值 c' }
    }
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
  python: {
    torch: (p) => ({
      weights: [
        'for w in kernels(model):',
        '    stretch = torch.linalg.matrix_norm(w.flatten(1), 2)',
        `    w.mul_((${number(p.limit)} / stretch).clamp_max(1))`
      ]
    }),
    keras: (p) => ({
      weights: [
        'for w in kernels(model):',
        '    stretch = ops.norm(ops.reshape(w, (-1, w.shape[-1])), ord=2)',
        `    w.assign(w * ops.minimum(${number(p.limit)} / stretch, 1.0))`
      ]
    })
  },
  reference: {
    weights: (list, p) =>
      list.map(({ role, weight }) =>
        role === 'kernel' ? noLonger(weight.values, largestSingular(weight), p.limit as number) : weight.values
      )
  }
}
export default spectralNorm
