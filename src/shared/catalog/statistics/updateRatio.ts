import type { Scalar, Tensor } from '../../base/tf'
import { measure } from './parts/measure'
import { plain } from './parts/plain'
import type { Statistic } from './types'

const updateRatio: Statistic = {
  id: 'updateRatio',
  name: { en: 'Update / weight ratio', zh: '更新/权重比' },
  doc: {
    en: '‖ΔW‖/‖W‖ of the step that was really applied, after clipping and optimizer. Around 1e-3 a layer learns; far below it stands still, near 1 it is unstable.',
    zh: '实际应用的一步（梯度截断与优化器之后）的 ‖ΔW‖/‖W‖。约 1e-3 时正常学习；远小于此则停滞，接近 1 则不稳定。'
  },
  symbol: '‖ΔW‖/‖W‖',
  scale: 'log',
  // A decade either way of the 1e-3 that is commonly aimed at.
  healthy: [1e-4, 1e-2],
  fields: {},
  needs: ['kernel', 'kernelUpdate'],
  compute(tf, { kernel, kernelUpdate }, ctx) {
    const update = measure(tf, kernelUpdate as Tensor, ctx).norm()
    const ratio = tf.div(update, measure(tf, kernel as Tensor, ctx).norm())
    // No update is 0, also of weights that are 0.
    return tf.where(tf.equal(update, 0), tf.zerosLike(ratio), ratio) as Scalar
  },
  fused: () => ({ of: 'kernelUpdate', figure: 'normRatio', over: 'kernel' }),
  reference({ kernel, kernelUpdate }) {
    const update = plain.norm(kernelUpdate!.values)
    return update === 0 ? 0 : update / plain.norm(kernel!.values)
  }
}
export default updateRatio
