import { number } from '../../base/python'
import { epsilon, learningRate, num, rate } from './parts/fields'
import { adamReference, adamStep, kerasAdam, torchAdam } from './parts/moments'
import type { Optimizer } from './types'

const adamW: Optimizer = {
  id: 'adamW',
  name: { en: 'AdamW', zh: 'AdamW' },
  doc: {
    en: 'Adam with decoupled weight decay (Loshchilov & Hutter 2019): w ← w − α·λ·w − the step of Adam. λ multiplies the learning rate, as in PyTorch and Keras.',
    zh: '解耦权重衰减的 Adam（Loshchilov & Hutter 2019）：w ← w − α·λ·w − Adam 的步。λ 与学习率相乘，同 PyTorch 与 Keras。'
  },
  fields: {
    learningRate: learningRate(0.001),
    beta1: rate(0.9, 'β₁', 'β₁'),
    beta2: rate(0.999, 'β₂', 'β₂'),
    epsilon: epsilon(1e-7),
    weightDecay: { type: 'number', default: 0.01, min: 0, max: 10, label: { en: 'Weight decay λ', zh: '权重衰减 λ' } }
  },
  slots: ['m', 'v'],
  update(tf, input, p) {
    const { step, slots } = adamStep(tf, input, p)
    const decay = tf.mul(tf.mul(input.learningRate, num(p, 'weightDecay')), input.w)
    return { w: tf.sub(tf.sub(input.w, decay), step), slots }
  },
  python: {
    torch: (p) => torchAdam('AdamW', p, `, weight_decay=${number(p.weightDecay)}`),
    keras: (p) => ({
      ...kerasAdam('AdamW', p, `, weight_decay=${number(p.weightDecay)}`),
      pullsBiases: p.weightDecay !== 0
    })
  },
  reference(input, p) {
    const { step, slots } = adamReference(input, p)
    return { w: input.w - input.learningRate * num(p, 'weightDecay') * input.w - step, slots }
  }
}
export default adamW
