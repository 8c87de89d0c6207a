import { withGradient } from '../../base/native'
import type { Scalar } from '../../base/tf'
import type { Loss } from './types'

const sumOfSquares: Loss = {
  id: 'sumOfSquares',
  name: { en: 'Sum of squares', zh: '平方和' },
  doc: {
    en: 'Sum of (output − target)² over the batch and all outputs, as in the starter article: its gradient grows with the batch.',
    zh: '对批次与所有输出求 (输出 − 目标)² 之和，与入门文章相同：梯度随批大小增大。'
  },
  fields: {},
  sums: true,
  tasks: ['regression', 'binary', 'multiclass'],
  forward: (tf, output, target) =>
    withGradient(
      tf,
      [output],
      (keep) => {
        const error = tf.sub(output, target)
        keep(error)
        return tf.sum(tf.square(error))
      },
      (dy, [e]) => [tf.mul(e!, tf.mul(dy, 2))]
    ) as Scalar,
  python: {
    torch: () => 'F.mse_loss(output, target, reduction="sum")',
    keras: () => 'ops.sum(ops.square(output - target))'
  },
  reference(output, target) {
    let sum = 0
    output.forEach((row, i) => row.forEach((o, j) => (sum += (o - target[i]![j]!) ** 2)))
    return sum
  }
}
export default sumOfSquares
