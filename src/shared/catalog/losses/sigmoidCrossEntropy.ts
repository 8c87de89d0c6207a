import { withGradient } from '../../base/native'
import type { Scalar } from '../../base/tf'
import type { Loss } from './types'

const sigmoidCrossEntropy: Loss = {
  id: 'sigmoidCrossEntropy',
  name: { en: 'Sigmoid cross-entropy', zh: 'Sigmoid 交叉熵' },
  doc: {
    en: '−y·ln σ(z) − (1 − y)·ln(1 − σ(z)), from the logits z of the last layer (which should be linear), mean over the batch and all outputs. Its gradient by the logits is (σ(z) − y)/n.',
    zh: '由最后一层（应为线性）的 logit z 计算 −y·ln σ(z) − (1 − y)·ln(1 − σ(z))，对批次与所有输出取平均。对 logit 的梯度为 (σ(z) − y)/n。'
  },
  fields: {},
  squashes: 'sigmoid',
  tasks: ['binary', 'multiclass'],
  forward: (tf, z, target) =>
    withGradient(
      tf,
      [z],
      (keep) => {
        keep(z, target)
        // max(z, 0) − z·y + ln(1 + e^−|z|): no exponential of a large number, no difference of large numbers.
        return tf.mean(tf.add(tf.sub(tf.relu(z), tf.mul(z, target)), tf.softplus(tf.neg(tf.abs(z)))))
      },
      (dy, [x, y]) => [tf.mul(tf.sub(tf.sigmoid(x!), y!), tf.mul(dy, 1 / x!.size))]
    ) as Scalar,
  python: {
    torch: () => 'F.binary_cross_entropy_with_logits(output, target)',
    keras: () => 'keras.losses.BinaryCrossentropy(from_logits=True)(target, output)'
  },
  reference(output, target) {
    let sum = 0
    let n = 0
    output.forEach((row, i) =>
      row.forEach((z, j) => {
        sum += Math.max(z, 0) - z * target[i]![j]! + Math.log1p(Math.exp(-Math.abs(z)))
        n++
      })
    )
    return sum / n
  },
  chance: (outputs) => (outputs === 1 ? Math.LN2 : undefined)
}
export default sigmoidCrossEntropy
