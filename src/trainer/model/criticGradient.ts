import { withGradient } from '../../shared/base/native'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'

/** Smallest normal float32: what we divide by instead of zero. */
const TINY = 1.1754944e-38

/**
 * L2 norm of each row, [rows]. Scaled by the row's largest entry, so that no square under- or overflows; the derivative
 * of a zero row's norm is 0.
 * @param g [rows, columns]
 */
function rowNorms(tf: TF, g: Tensor): Tensor {
  return withGradient(
    tf,
    [g],
    (keep) => {
      const peak = tf.maximum(tf.max(tf.abs(g), 1, true), TINY)
      const norm = tf.mul(peak, tf.sqrt(tf.sum(tf.square(tf.div(g, peak)), 1, true)))
      keep(g, norm)
      return tf.reshape(norm, [-1])
    },
    (dy, [x, norm]) => [tf.mul(tf.reshape(dy, [-1, 1]), tf.div(x!, tf.maximum(norm!, TINY)))]
  )
}

/** Largest entry; NaN when there is a NaN, which native max may drop. */
export const largest = (tf: TF, x: Tensor): Scalar =>
  tf.add(tf.max(x), tf.mul(0, tf.sum(tf.where(tf.isNaN(x as never), x, tf.zerosLike(x))))) as Scalar

/**
 * ‖∂output/∂x‖ at one point on each line from a real point to a generated one, [rows]; differentiable when called under
 * a tape.
 * @param mix uniform in [0, 1), [rows, 1 …]. @param names gets the points and the gradients
 */
export function criticGradientNorm(
  tf: TF,
  output: (x: Tensor) => Tensor,
  real: Tensor,
  generated: Tensor,
  mix: Tensor,
  names: Record<string, Tensor>
): Tensor {
  const between = tf.add(real, tf.mul(mix, tf.sub(generated, real)))
  const { grads } = tf.engine().gradients(() => tf.sum(output(between)) as never, [between], undefined, true)
  const g = grads[0] ?? tf.zerosLike(between)
  names['between'] = between
  names['input_gradients/between'] = g
  return rowNorms(tf, tf.reshape(g, [real.shape[0]!, -1]))
}
