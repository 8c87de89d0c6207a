import { number } from '../../base/python'
import { withGradient } from '../../base/native'
import type { Scalar } from '../../base/tf'
import type { Loss } from './types'

/** Of halving the range of the targets to a float’s precision. */
const ROUNDS = 40

const huber: Loss = {
  id: 'huber',
  name: { en: 'Huber', zh: 'Huber 损失' },
  doc: {
    en: 'Mean of e²/2 where |e| ≤ δ and δ·(|e| − δ/2) beyond, e being output − target (Huber 1964): squared for small errors, absolute for outliers, so that no example pulls by more than δ/n.',
    zh: '误差 e = 输出 − 目标：|e| ≤ δ 时为 e²/2，否则为 δ·(|e| − δ/2)，取平均（Huber 1964）：小误差按平方，异常值按绝对值，单个样本的梯度不超过 δ/n。'
  },
  fields: {
    delta: {
      type: 'number',
      default: 1,
      above: 0,
      max: 1e6,
      log: true,
      label: { en: 'Threshold δ', zh: '阈值 δ' },
      help: { en: 'Errors beyond it count as absolute ones.', zh: '超过该值的误差按绝对值计。' }
    }
  },
  tasks: ['regression', 'binary', 'multiclass'],
  forward(tf, output, target, p) {
    const delta = p.delta as number
    return withGradient(
      tf,
      [output],
      (keep) => {
        const error = tf.sub(output, target)
        keep(error)
        // With c = min(|e|, δ) both parts are c·(|e| − c/2).
        const size = tf.abs(error)
        const near = tf.minimum(size, delta)
        return tf.mean(tf.mul(near, tf.sub(size, tf.mul(near, 0.5))))
      },
      (dy, [e]) => [tf.mul(tf.maximum(tf.minimum(e!, delta), -delta), tf.mul(dy, 1 / e!.size))]
    ) as Scalar
  },
  python: {
    torch: (p) => `F.huber_loss(output, target, delta=${number(p.delta)})`,
    keras: (p) => `keras.losses.Huber(delta=${number(p.delta)})(target, output)`
  },
  reference(output, target, p) {
    const delta = p.delta as number
    const terms = output.flatMap((row, i) =>
      row.map((o, j) => {
        const e = Math.abs(o - target[i]![j]!)
        return e <= delta ? e ** 2 / 2 : delta * (e - delta / 2)
      })
    )
    return terms.reduce((a, b) => a + b, 0) / terms.length
  },
  constant(targets, p) {
    const delta = p.delta as number
    let [low, high] = [targets.reduce((a, b) => Math.min(a, b)), targets.reduce((a, b) => Math.max(a, b))]
    // The slope only rises: it is 0 between them.
    for (let i = 0; i < ROUNDS; i++) {
      const middle = (low + high) / 2
      const slope = targets.reduce((sum, t) => sum + Math.max(-delta, Math.min(delta, middle - t)), 0)
      if (slope > 0) high = middle
      else low = middle
    }
    return (low + high) / 2
  }
}
export default huber
