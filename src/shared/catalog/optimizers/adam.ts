import { epsilon, learningRate, rate } from './parts/fields'
import { adamReference, adamStep, kerasAdam, torchAdam } from './parts/moments'
import type { Optimizer } from './types'

const adam: Optimizer = {
  id: 'adam',
  name: { en: 'Adam', zh: 'Adam' },
  doc: {
    en: 'm ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², w ← w − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε) (Kingma & Ba 2015, the form of TensorFlow and Keras; PyTorch corrects v before it adds ε).',
    zh: 'm ← β₁m + (1 − β₁)g，v ← β₂v + (1 − β₂)g²，w ← w − α·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + ε)（Kingma & Ba 2015，TensorFlow 与 Keras 的形式；PyTorch 先校正 v 再加 ε）。'
  },
  fields: {
    learningRate: learningRate(0.001),
    beta1: rate(0.9, 'β₁', 'β₁'),
    beta2: rate(0.999, 'β₂', 'β₂'),
    epsilon: epsilon(1e-7)
  },
  slots: ['m', 'v'],
  update(tf, input, p) {
    const { step, slots } = adamStep(tf, input, p)
    return { w: tf.sub(input.w, step), slots }
  },
  python: {
    torch: (p) => torchAdam('Adam', p),
    keras: (p) => kerasAdam('Adam', p)
  },
  reference(input, p) {
    const { step, slots } = adamReference(input, p)
    return { w: input.w - step, slots }
  }
}
export default adam
