import { native, withGradient } from '../../base/native'
import type { Scalar, TF, Tensor } from '../../base/tf'
import type { Loss } from './types'

/** Loss per row, and its gradient by the logits: softmax(z) − y. Rows of y sum to 1. */
function rows(tf: TF, logits: Tensor, target: Tensor): [Tensor, Tensor] {
  const n = native(tf)
  if (n) return n.run('SoftmaxCrossEntropyWithLogits', [logits, target], {}, 2) as [Tensor, Tensor]
  const log = tf.logSoftmax(logits as never) as Tensor
  return [tf.neg(tf.sum(tf.mul(target, log), -1)), tf.sub(tf.exp(log), target)]
}

const softmaxCrossEntropy: Loss = {
  id: 'softmaxCrossEntropy',
  name: { en: 'Softmax cross-entropy', zh: 'Softmax 交叉熵' },
  doc: {
    en: '−Σ y·ln softmax(z), from the logits z of the last layer (which should be linear), mean over the batch. Its gradient by the logits is (softmax(z) − y)/B.',
    zh: '由最后一层（应为线性）的 logit z 计算 −Σ y·ln softmax(z)，对批次取平均。对 logit 的梯度为 (softmax(z) − y)/B。'
  },
  fields: {},
  squashes: 'softmax',
  tasks: ['multiclass'],
  forward: (tf, z, target) =>
    withGradient(
      tf,
      [z],
      (keep) => {
        const classes = z.shape[z.rank - 1]!
        const flat = (t: Tensor): Tensor => (t.rank === 2 ? t : tf.reshape(t, [-1, classes]))
        const [loss, gradient] = rows(tf, flat(z), flat(target))
        keep(gradient)
        return tf.mean(loss)
      },
      (dy, [gradient]) => {
        const g = tf.mul(gradient!, tf.mul(dy, 1 / gradient!.shape[0]!))
        return [z.rank === 2 ? g : tf.reshape(g, z.shape)]
      }
    ) as Scalar,
  python: {
    torch: (_p, rank) =>
      rank > 2 ? 'F.cross_entropy(output.flatten(0, -2), target.flatten(0, -2))' : 'F.cross_entropy(output, target)',
    keras: () => 'keras.losses.CategoricalCrossentropy(from_logits=True)(target, output)'
  },
  reference(output, target) {
    let sum = 0
    output.forEach((z, i) => {
      const max = Math.max(...z)
      const log = max + Math.log(z.reduce((a, v) => a + Math.exp(v - max), 0))
      z.forEach((v, j) => (sum += target[i]![j]! * (log - v)))
    })
    return sum / output.length
  },
  chance: (outputs) => (outputs > 1 ? Math.log(outputs) : undefined)
}
export default softmaxCrossEntropy
