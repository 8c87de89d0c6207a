import { withGradient } from '../../base/native'
import type { Scalar } from '../../base/tf'
import type { Loss } from './types'

const meanSquaredError: Loss = {
  id: 'meanSquaredError',
  name: { en: 'Mean squared error', zh: '均方误差' },
  doc: {
    en: 'Mean of (output − target)² over the batch and all outputs.',
    zh: '对批次与所有输出求 (输出 − 目标)² 的平均。'
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
        return tf.mean(tf.square(error))
      },
      (dy, [e]) => [tf.mul(e!, tf.mul(dy, 2 / e!.size))]
    ) as Scalar,
  python: {
    torch: () => 'F.mse_loss(output, target)',
    keras: () => 'keras.losses.MeanSquaredError()(target, output)'
  },
  reference(output, target) {
    let sum = 0
    let n = 0
    output.forEach((row, i) =>
      row.forEach((o, j) => {
        sum += (o - target[i]![j]!) ** 2
        n++
      })
    )
    return sum / n
  }
}
export default meanSquaredError
