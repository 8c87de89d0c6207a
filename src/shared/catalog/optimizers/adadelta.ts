import { decimal, number } from '../../base/python'
import { epsilon, learningRate, num, rate } from './parts/fields'
import type { Optimizer } from './types'

const adadelta: Optimizer = {
  id: 'adadelta',
  name: { en: 'Adadelta', zh: 'Adadelta' },
  doc: {
    en: 's ← ρ·s + (1 − ρ)·g², Δ = g·√(d + ε)/√(s + ε), d ← ρ·d + (1 − ρ)·Δ², w ← w − α·Δ (Zeiler 2012): each weight’s step has the size of its steps before, so that α = 1 is the paper’s.',
    zh: 's ← ρ·s + (1 − ρ)·g²，Δ = g·√(d + ε)/√(s + ε)，d ← ρ·d + (1 − ρ)·Δ²，w ← w − α·Δ（Zeiler 2012）：每个权重的步长与其以往步长相当，论文取 α = 1。'
  },
  fields: { learningRate: learningRate(1), rho: rate(0.9, 'Decay ρ', '衰减 ρ'), epsilon: epsilon(1e-6) },
  slots: ['meanSquare', 'meanSquareStep'],
  update(tf, { w, g, slots, learningRate: a }, p) {
    const [rho, eps] = [num(p, 'rho'), num(p, 'epsilon')]
    const meanSquare = tf.add(tf.mul(slots.meanSquare!, rho), tf.mul(tf.square(g), 1 - rho))
    const step = tf.mul(g, tf.mul(tf.sqrt(tf.add(slots.meanSquareStep!, eps)), tf.rsqrt(tf.add(meanSquare, eps))))
    const meanSquareStep = tf.add(tf.mul(slots.meanSquareStep!, rho), tf.mul(tf.square(step), 1 - rho))
    return { w: tf.sub(w, tf.mul(a, step)), slots: { meanSquare, meanSquareStep } }
  },
  python: {
    torch: (p) => ({
      make: `torch.optim.Adadelta(model.parameters(), lr=${number(p.learningRate)}, rho=${number(p.rho)}, eps=${number(p.epsilon)})`,
      state: { step: 'torch.tensor(float(STEPS_BEFORE))', square_avg: '{meanSquare}', acc_delta: '{meanSquareStep}' }
    }),
    keras: (p) => ({
      make: `keras.optimizers.Adadelta(${decimal(p.learningRate)}, rho=${number(p.rho)}, epsilon=${number(p.epsilon)})`,
      state: { _accumulated_grads: '{meanSquare}', _accumulated_delta_vars: '{meanSquareStep}' }
    })
  },
  reference({ w, g, slots, learningRate: a }, p) {
    const [rho, eps] = [num(p, 'rho'), num(p, 'epsilon')]
    const meanSquare = rho * slots.meanSquare! + (1 - rho) * g * g
    const step = (g * Math.sqrt(slots.meanSquareStep! + eps)) / Math.sqrt(meanSquare + eps)
    const meanSquareStep = rho * slots.meanSquareStep! + (1 - rho) * step * step
    return { w: w - a * step, slots: { meanSquare, meanSquareStep } }
  }
}
export default adadelta
