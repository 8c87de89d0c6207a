import { decimal, number } from '../../base/python'
import { kerasClass } from './parts/kerasClass'
import { learningRate, num, rate } from './parts/fields'
import type { KerasOptimizer, Optimizer } from './types'

const momentum: Optimizer = {
  id: 'momentum',
  name: { en: 'Momentum', zh: '动量' },
  doc: {
    en: "v ← μ·v + g, w ← w − α·v; with Nesterov w ← w − α·(g + μ·v). The convention of PyTorch and of TensorFlow's own op; Keras keeps α·v instead of v, which differs only when α changes.",
    zh: 'v ← μ·v + g，w ← w − α·v；Nesterov 时 w ← w − α·(g + μ·v)。采用 PyTorch 与 TensorFlow 原生算子的约定；Keras 保存的是 α·v，仅在 α 变化时不同。'
  },
  fields: {
    learningRate: learningRate(0.01),
    momentum: rate(0.9, 'Momentum μ', '动量 μ'),
    nesterov: {
      type: 'bool',
      default: false,
      label: { en: 'Nesterov', zh: 'Nesterov' },
      help: { en: 'Looks one step ahead.', zh: '向前多看一步。' }
    }
  },
  slots: ['velocity'],
  update(tf, { w, g, slots, learningRate: a }, p) {
    const velocity = tf.add(tf.mul(slots.velocity!, num(p, 'momentum')), g)
    const step = p.nesterov ? tf.add(g, tf.mul(velocity, num(p, 'momentum'))) : velocity
    return { w: tf.sub(w, tf.mul(a, step)), slots: { velocity } }
  },
  python: {
    torch: (p) => {
      const nesterov = p.nesterov && p.momentum ? ', nesterov=True' : ''
      return {
        make: `torch.optim.SGD(model.parameters(), lr=${number(p.learningRate)}, momentum=${number(p.momentum)}${nesterov})`,
        state: { momentum_buffer: '{velocity}' }
      }
    },
    keras(p, rateMoves): KerasOptimizer {
      const nesterov = p.nesterov && p.momentum ? ', nesterov=True' : ''
      const given = `${decimal(p.learningRate)}, momentum=${number(p.momentum)}`
      if (!rateMoves || !p.momentum)
        return {
          make: `keras.optimizers.SGD(${given}${nesterov})`,
          // Keras keeps −α·v, and nothing where μ is 0.
          state: p.momentum ? { momentums: `-${number(p.learningRate)} * {velocity}` } : {}
        }
      return {
        make: `Momentum(${given})`,
        state: { velocity: '{velocity}' },
        define: {
          Momentum: kerasClass(
            'Momentum',
            'SGD that keeps gradients, not steps, as in PyTorch: with a moving rate they differ.',
            ['momentum'],
            ['velocity'],
            [
              'self.assign(velocity, self.momentum * velocity + gradient)',
              `self.assign_sub(variable, rate * ${nesterov ? '(gradient + self.momentum * velocity)' : 'velocity'})`
            ]
          )
        }
      }
    }
  },
  reference({ w, g, slots, learningRate: a }, p) {
    const velocity = num(p, 'momentum') * slots.velocity! + g
    return { w: w - a * (p.nesterov ? g + num(p, 'momentum') * velocity : velocity), slots: { velocity } }
  }
}
export default momentum
