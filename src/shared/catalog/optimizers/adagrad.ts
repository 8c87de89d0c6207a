import { decimal, number } from '../../base/python'
import { kerasClass } from './parts/kerasClass'
import { epsilon, learningRate, num } from './parts/fields'
import type { Optimizer } from './types'

const adagrad: Optimizer = {
  id: 'adagrad',
  name: { en: 'Adagrad', zh: 'Adagrad' },
  doc: {
    en: 's ← s + g², w ← w − α·g/(√s + ε), s from 0 (Duchi 2011, as in PyTorch; Keras starts s at 0.1). Steps only ever get smaller.',
    zh: 's ← s + g²，w ← w − α·g/(√s + ε)，s 从 0 开始（Duchi 2011，同 PyTorch；Keras 从 0.1 开始）。步长只会越来越小。'
  },
  fields: { learningRate: learningRate(0.01), epsilon: epsilon(1e-10) },
  slots: ['sumOfSquares'],
  update(tf, { w, g, slots, learningRate: a }, p) {
    const sumOfSquares = tf.add(slots.sumOfSquares!, tf.square(g))
    return {
      w: tf.sub(w, tf.div(tf.mul(a, g), tf.add(tf.sqrt(sumOfSquares), num(p, 'epsilon')))),
      slots: { sumOfSquares }
    }
  },
  python: {
    torch: (p) => ({
      make: `torch.optim.Adagrad(model.parameters(), lr=${number(p.learningRate)}, eps=${number(p.epsilon)})`,
      state: { step: 'torch.tensor(float(STEPS_BEFORE))', sum: '{sumOfSquares}' }
    }),
    keras: (p) => ({
      make: `Adagrad(${decimal(p.learningRate)}, epsilon=${number(p.epsilon)})`,
      state: { squares: '{sumOfSquares}' },
      define: {
        Adagrad: kerasClass(
          'Adagrad',
          'Adagrad with epsilon beside the root, as in PyTorch.',
          ['epsilon'],
          ['squares'],
          [
            'self.assign_add(squares, ops.square(gradient))',
            'self.assign_sub(variable, rate * gradient / (ops.sqrt(squares) + self.epsilon))'
          ]
        )
      }
    })
  },
  reference({ w, g, slots, learningRate: a }, p) {
    const sumOfSquares = slots.sumOfSquares! + g * g
    return { w: w - (a * g) / (Math.sqrt(sumOfSquares) + num(p, 'epsilon')), slots: { sumOfSquares } }
  }
}
export default adagrad
