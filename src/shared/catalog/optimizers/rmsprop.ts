import { decimal, number } from '../../base/python'
import { epsilon, learningRate, num, rate } from './parts/fields'
import type { Optimizer } from './types'

const rmsprop: Optimizer = {
  id: 'rmsprop',
  name: { en: 'RMSProp', zh: 'RMSProp' },
  doc: {
    en: 's ← ρ·s + (1 − ρ)·g², w ← w − α·g/√(s + ε) (Hinton 2012; ε under the root as in TensorFlow and Keras, PyTorch adds it outside).',
    zh: 's ← ρ·s + (1 − ρ)·g²，w ← w − α·g/√(s + ε)（Hinton 2012；ε 在根号内，同 TensorFlow 与 Keras，PyTorch 加在根号外）。'
  },
  fields: { learningRate: learningRate(0.001), rho: rate(0.9, 'Decay ρ', '衰减 ρ'), epsilon: epsilon(1e-7) },
  slots: ['meanSquare'],
  update(tf, { w, g, slots, learningRate: a }, p) {
    const rho = num(p, 'rho')
    const meanSquare = tf.add(tf.mul(slots.meanSquare!, rho), tf.mul(tf.square(g), 1 - rho))
    return {
      w: tf.sub(w, tf.mul(tf.mul(a, g), tf.rsqrt(tf.add(meanSquare, num(p, 'epsilon'))))),
      slots: { meanSquare }
    }
  },
  python: {
    torch: (p) => ({
      make: `RMSprop(model.parameters(), lr=${number(p.learningRate)}, rho=${number(p.rho)}, eps=${number(p.epsilon)})`,
      state: { mean_square: '{meanSquare}' },
      define: {
        RMSprop: `class RMSprop(torch.optim.Optimizer):
    """RMSProp with eps under the root, as in TensorFlow and Keras."""

    def __init__(self, parameters, lr, rho, eps):
        super().__init__(parameters, {"lr": lr, "rho": rho, "eps": eps})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                if w.grad is None:
                    continue
                state = self.state[w]
                if not state:
                    state["mean_square"] = torch.zeros_like(w)
                s = state["mean_square"]
                s.mul_(group["rho"]).addcmul_(w.grad, w.grad, value=1 - group["rho"])
                w.addcmul_(w.grad, (s + group["eps"]).rsqrt(), value=-group["lr"])`
      }
    }),
    keras: (p) => ({
      make: `keras.optimizers.RMSprop(${decimal(p.learningRate)}, rho=${number(p.rho)}, epsilon=${number(p.epsilon)})`,
      state: { _velocities: '{meanSquare}' }
    })
  },
  reference({ w, g, slots, learningRate: a }, p) {
    const rho = num(p, 'rho')
    const meanSquare = rho * slots.meanSquare! + (1 - rho) * g * g
    return { w: w - (a * g) / Math.sqrt(meanSquare + num(p, 'epsilon')), slots: { meanSquare } }
  }
}
export default rmsprop
