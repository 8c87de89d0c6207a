import { number } from '../../base/python'
import { largestSingularValue, ROUNDS, SQUARINGS, TINY } from './parts/clip'
import { largestSingular, noLonger } from './parts/plain'
import type { Remedy } from '../../experiment/remedies'

/** `largestSingularValue` in PyTorch. Where singular values lie close together, the exact one is up to 1 % more. */
const TORCH = `def largest_stretch(w):
    """The largest singular value, by as many rounds of power iteration as recorded."""

    def unit(t):
        return t / t.norm().clamp_min(${TINY})

    a = w.movedim(1, -1).flatten(1)
    a = a if a.shape[0] <= a.shape[1] else a.T
    scaled = a / a.abs().max().clamp_min(${TINY})
    power = unit(scaled @ scaled.T)
    for _ in range(${SQUARINGS}):
        power = unit(power @ power)
    v = 1 + 0.5 * torch.sin(12.9898 * torch.arange(1.0, len(a) + 1))
    for _ in range(${ROUNDS}):
        v = unit(power @ v)
    return (v @ a).norm()`
/** The same in Keras. */
const KERAS = `def largest_stretch(w):
    """The largest singular value, by as many rounds of power iteration as recorded."""

    def unit(t):
        return t / ops.maximum(ops.norm(t), ${TINY})

    a = ops.reshape(w, (-1, w.shape[-1]))
    a = a if a.shape[0] < a.shape[1] else ops.transpose(a)
    scaled = a / ops.maximum(ops.max(ops.abs(a)), ${TINY})
    power = unit(ops.matmul(scaled, ops.transpose(scaled)))
    for _ in range(${SQUARINGS}):
        power = unit(ops.matmul(power, power))
    v = 1 + 0.5 * ops.sin(12.9898 * ops.arange(1, a.shape[0] + 1, dtype="float32"))
    for _ in range(${ROUNDS}):
        v = unit(ops.matmul(power, v))
    return ops.norm(ops.matmul(v, a))`

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
      weights: ['for w in kernels(model):', `    w.mul_((${number(p.limit)} / largest_stretch(w)).clamp_max(1))`],
      define: { largest_stretch: TORCH }
    }),
    keras: (p) => ({
      weights: [
        'for w in kernels(model):',
        `    w.assign(w * ops.minimum(${number(p.limit)} / largest_stretch(w), 1.0))`
      ],
      define: { largest_stretch: KERAS }
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
