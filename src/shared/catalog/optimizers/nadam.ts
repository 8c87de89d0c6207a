import { decimal, number } from '../../base/python'
import type { Tensor } from '../../base/tf'
import { kerasClass } from './parts/kerasClass'
import { epsilon, learningRate, num, rate } from './parts/fields'
import type { Optimizer } from './types'

/** ln 0.96: the base of the momentum's schedule (Dozat 2016). */
const LOG_BASE = Math.log(0.96)

const nadam: Optimizer = {
  id: 'nadam',
  name: { en: 'Nadam', zh: 'Nadam' },
  doc: {
    en: 'Adam that looks ahead as Nesterov’s momentum does (Dozat 2016, the form of PyTorch and Keras): with μₜ = β₁(1 − 0.96^(ψt)/2) the step is α·(μₜ₊₁·m/(1 − μ₁⋯μₜ₊₁) + (1 − μₜ)·g/(1 − μ₁⋯μₜ))/(√(v/(1 − β₂ᵗ)) + ε).',
    zh: '像 Nesterov 动量那样向前看一步的 Adam（Dozat 2016，PyTorch 与 Keras 的形式）：μₜ = β₁(1 − 0.96^(ψt)/2)，步长为 α·(μₜ₊₁·m/(1 − μ₁⋯μₜ₊₁) + (1 − μₜ)·g/(1 − μ₁⋯μₜ))/(√(v/(1 − β₂ᵗ)) + ε)。'
  },
  fields: {
    learningRate: learningRate(0.002),
    beta1: rate(0.9, 'β₁', 'β₁'),
    beta2: rate(0.999, 'β₂', 'β₂'),
    decay: rate(0.004, 'Momentum decay ψ', '动量衰减 ψ'),
    epsilon: epsilon(1e-8)
  },
  // 1 − μ₁⋯μₜ, which starts at 0 as every slot does.
  slots: ['m', 'v', 'correction'],
  update(tf, { w, g, slots, learningRate: a, t }, p) {
    const [b1, b2, decay] = [num(p, 'beta1'), num(p, 'beta2'), num(p, 'decay')]
    const momentum = (at: Tensor): Tensor => tf.mul(tf.sub(1, tf.mul(tf.exp(tf.mul(at, decay * LOG_BASE)), 0.5)), b1)
    const [now, next] = [momentum(t), momentum(tf.add(t, 1))]
    const after = (correction: Tensor, mu: Tensor): Tensor => tf.sub(1, tf.mul(tf.sub(1, correction), mu))
    const correction = after(slots.correction!, now)
    const m = tf.add(tf.mul(slots.m!, b1), tf.mul(g, 1 - b1))
    const v = tf.add(tf.mul(slots.v!, b2), tf.mul(tf.square(g), 1 - b2))
    // 1 − βᵗ by expm1: in float32 the subtraction would leave four digits at t = 1.
    const scale = b2 ? tf.neg(tf.expm1(tf.mul(t, Math.log(b2)))) : tf.onesLike(t)
    const ahead = tf.add(
      tf.div(tf.mul(next, m), after(correction, next)),
      tf.div(tf.mul(tf.sub(1, now), g), correction)
    )
    const step = tf.div(tf.mul(a, ahead), tf.add(tf.sqrt(tf.div(v, scale)), num(p, 'epsilon')))
    return { w: tf.sub(w, step), slots: { m, v, correction } }
  },
  python: {
    torch: (p) => ({
      make: `torch.optim.NAdam(model.parameters(), lr=${number(p.learningRate)}, betas=(${number(p.beta1)}, ${number(p.beta2)}), eps=${number(p.epsilon)}, momentum_decay=${number(p.decay)})`,
      state: {
        step: 'torch.tensor(float(STEPS_BEFORE))',
        exp_avg: '{m}',
        exp_avg_sq: '{v}',
        mu_product: '1 - {correction}.flatten()[0]'
      }
    }),
    keras: (p) => ({
      make: `Nadam(${decimal(p.learningRate)}, beta_1=${number(p.beta1)}, beta_2=${number(p.beta2)}, decay=${number(p.decay)}, epsilon=${number(p.epsilon)})`,
      state: { m: '{m}', v: '{v}', product: '1 - {correction}' },
      define: {
        Nadam: kerasClass(
          'Nadam',
          'Nadam whose momentum warms up by a decay of its own (Dozat 2016), as in PyTorch.',
          ['beta_1', 'beta_2', 'decay', 'epsilon'],
          ['m', 'v', 'product'],
          [
            'now = self.beta_1 * (1 - 0.5 * 0.96 ** (t * self.decay))',
            'after = self.beta_1 * (1 - 0.5 * 0.96 ** ((t + 1) * self.decay))',
            'self.assign(product, ops.where(t == 1, now, product * now))',
            'self.assign(m, self.beta_1 * m + (1 - self.beta_1) * gradient)',
            'self.assign(v, self.beta_2 * v + (1 - self.beta_2) * ops.square(gradient))',
            'ahead = after * m / (1 - product * after) + (1 - now) * gradient / (1 - product)',
            'size = ops.sqrt(v / (1 - self.beta_2**t)) + self.epsilon',
            'self.assign_sub(variable, rate * ahead / size)'
          ]
        )
      }
    })
  },
  reference({ w, g, slots, learningRate: a, t }, p) {
    const [b1, b2] = [num(p, 'beta1'), num(p, 'beta2')]
    const momentum = (at: number): number => b1 * (1 - 0.5 * 0.96 ** (at * num(p, 'decay')))
    const product = (1 - slots.correction!) * momentum(t)
    const m = b1 * slots.m! + (1 - b1) * g
    const v = b2 * slots.v! + (1 - b2) * g * g
    const ahead = (momentum(t + 1) * m) / (1 - product * momentum(t + 1)) + ((1 - momentum(t)) * g) / (1 - product)
    return {
      w: w - (a * ahead) / (Math.sqrt(v / (1 - b2 ** t)) + num(p, 'epsilon')),
      slots: { m, v, correction: 1 - product }
    }
  }
}
export default nadam
