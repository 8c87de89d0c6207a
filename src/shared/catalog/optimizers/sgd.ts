import { decimal, number } from '../../base/python'
import { learningRate } from './parts/fields'
import type { Optimizer } from './types'

const sgd: Optimizer = {
  id: 'sgd',
  name: { en: 'SGD', zh: 'SGD（梯度下降）' },
  doc: { en: 'Gradient descent: w ← w − α·g.', zh: '梯度下降：w ← w − α·g。' },
  fields: { learningRate: learningRate(0.01) },
  slots: [],
  update: (tf, { w, g, learningRate: a }) => ({ w: tf.sub(w, tf.mul(a, g)), slots: {} }),
  python: {
    torch: (p) => ({ make: `torch.optim.SGD(model.parameters(), lr=${number(p.learningRate)})`, state: {} }),
    keras: (p) => ({ make: `keras.optimizers.SGD(${decimal(p.learningRate)})`, state: {} })
  },
  reference: ({ w, g, learningRate: a }) => ({ w: w - a * g, slots: {} })
}
export default sgd
