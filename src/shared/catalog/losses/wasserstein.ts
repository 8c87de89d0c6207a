import { withGradient } from '../../base/native'
import type { Scalar, Tensor } from '../../base/tf'
import type { Loss } from './types'

const wasserstein: Loss = {
  id: 'wasserstein',
  name: { en: 'Wasserstein critic', zh: 'Wasserstein 评论家' },
  doc: {
    en: 'Mean output on generated points (target 0) − mean output on real ones (target 1): a critic whose slope is bounded by 1 makes it −1 × their Wasserstein distance (Arjovsky 2017).',
    zh: '生成点（目标 0）上的平均输出 − 真实点（目标 1）上的平均输出：斜率不超过 1 的评论家使其等于二者 Wasserstein 距离的相反数（Arjovsky 2017）。'
  },
  fields: {},
  tasks: ['critic'],
  forward: (tf, output, target) =>
    withGradient(
      tf,
      [output],
      (keep) => {
        // How much each output counts: 1/(number of generated) or −1/(number of real).
        const generated = tf.sub(1, target)
        const share = tf.sub(tf.div(generated, tf.sum(generated)), tf.div(target, tf.sum(target))) as Tensor
        keep(share)
        return tf.sum(tf.mul(output, share))
      },
      (dy, [share]) => [tf.mul(share!, dy)]
    ) as Scalar,
  python: {
    torch: () => 'output[target == 0].mean() - output[target == 1].mean()',
    // Half of them are real.
    keras: () => '2 * ops.mean(output * (1 - 2 * target))'
  },
  reference(output, target) {
    const mean = (want: number): number => {
      const rows = output.filter((_, i) => target[i]![0] === want)
      return rows.reduce((a, r) => a + r[0]!, 0) / rows.length
    }
    return mean(0) - mean(1)
  }
}
export default wasserstein
