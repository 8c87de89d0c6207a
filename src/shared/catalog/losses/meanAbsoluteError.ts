import { withGradient } from '../../base/native'
import type { Scalar } from '../../base/tf'
import type { Loss } from './types'

const meanAbsoluteError: Loss = {
  id: 'meanAbsoluteError',
  name: { en: 'Mean absolute error', zh: '平均绝对误差' },
  doc: {
    en: 'Mean of |output − target| over the batch and all outputs: outliers count no more than their distance. Its gradient is ±1/n whatever the error, 0 where there is none.',
    zh: '对批次与所有输出求 |输出 − 目标| 的平均：异常值只按其距离计入。无论误差大小，梯度均为 ±1/n，误差为零时为 0。'
  },
  fields: {},
  tasks: ['regression', 'binary', 'multiclass'],
  forward: (tf, output, target) =>
    withGradient(
      tf,
      [output],
      (keep) => {
        const error = tf.sub(output, target)
        keep(error)
        return tf.mean(tf.abs(error))
      },
      (dy, [e]) => [tf.mul(tf.sign(e!), tf.mul(dy, 1 / e!.size))]
    ) as Scalar,
  python: {
    torch: () => 'F.l1_loss(output, target)',
    keras: () => 'keras.losses.MeanAbsoluteError()(target, output)'
  },
  reference(output, target) {
    const errors = output.flatMap((row, i) => row.map((o, j) => Math.abs(o - target[i]![j]!)))
    return errors.reduce((a, b) => a + b, 0) / errors.length
  },
  constant(targets) {
    const sorted = targets.slice().sort()
    const half = sorted.length / 2
    return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
  }
}
export default meanAbsoluteError
