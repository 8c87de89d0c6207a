import { withGradient } from '../../shared/base/native'
import type { TF, Tensor } from '../../shared/base/tf'

/**
 * Weights by which every class that there is counts alike; their mean over the training examples is 1.
 * @param shares of each class among the training examples
 */
export function balanced(shares: readonly number[]): number[] {
  const classes = shares.filter((s) => s > 0).length
  return shares.map((s) => (s > 0 ? 1 / (classes * s) : 0))
}

/**
 * The output as it is, whose gradient is multiplied, row by row, by the weight of the row’s class: that of the weighted
 * mean loss, for every loss that is a mean over rows. The value of the loss stays the unweighted one.
 * @param output [batch, …, outputs]
 * @param target one-hot rows of the same shape, or 0 and 1 where there is one output
 * @param weights one per class; of 0 and of 1 where there is one output
 */
export function weighted(tf: TF, output: Tensor, target: Tensor, weights: readonly number[]): Tensor {
  return withGradient(
    tf,
    [output],
    (keep) => {
      const last = target.shape.length - 1
      const row =
        target.shape[last] === 1
          ? tf.add(tf.mul(target, weights[1]! - weights[0]!), weights[0]!)
          : tf.sum(tf.mul(target, tf.tensor1d([...weights])), last, true)
      keep(row)
      return tf.mul(output, 1)
    },
    (dy, [row]) => [tf.mul(dy, row!)]
  )
}
