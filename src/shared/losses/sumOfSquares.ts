import type { Scalar, Tensor } from '../tf'
import type { Loss } from './types'

const sumOfSquares: Loss = {
  id: 'sumOfSquares',
  name: { en: 'Sum of squares', zh: '平方和' },
  doc: {
    en: 'Sum of (output − target)² over the batch and all outputs, as in the starter article: its gradient grows with the batch.',
    zh: '对批次与所有输出求 (输出 − 目标)² 之和，与入门文章相同：梯度随批大小增大。'
  },
  fields: {},
  tasks: ['regression', 'binary', 'multiclass'],
  forward: (tf, output, target) =>
    tf.customGrad((o, save) => {
      const error = tf.sub(o as Tensor, target)
      ;(save as (t: Tensor[]) => void)([error])
      return { value: tf.sum(tf.square(error)), gradFunc: (dy: Tensor, [e]: Tensor[]) => tf.mul(e!, tf.mul(dy, 2)) }
    })(output) as Scalar,
  reference(output, target) {
    let sum = 0
    output.forEach((row, i) => row.forEach((o, j) => (sum += (o - target[i]![j]!) ** 2)))
    return sum
  }
}
export default sumOfSquares
