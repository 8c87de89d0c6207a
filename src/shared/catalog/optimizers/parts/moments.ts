import type { Params } from '../../../base/params'
import type { TF, Tensor } from '../../../base/tf'
import { decimal, number } from '../../../base/python'
import { num } from './fields'
import type { KerasOptimizer, TorchOptimizer, UpdateInput } from '../types'

/**
 * Adam's two running means and the step that follows from them, without the weight (Kingma & Ba 2015, end of section
 * 2).
 */
export function adamStep(
  tf: TF,
  { g, slots, learningRate, t }: UpdateInput,
  p: Params
): { step: Tensor; slots: Record<string, Tensor> } {
  const [b1, b2] = [num(p, 'beta1'), num(p, 'beta2')]
  const m = tf.add(tf.mul(slots.m!, b1), tf.mul(g, 1 - b1))
  const v = tf.add(tf.mul(slots.v!, b2), tf.mul(tf.square(g), 1 - b2))
  // 1 − βᵗ by expm1: in float32 the subtraction would leave four digits at t = 1.
  const correction = (beta: number): Tensor => (beta ? tf.neg(tf.expm1(tf.mul(t, Math.log(beta)))) : tf.onesLike(t))
  const rate = tf.div(tf.mul(learningRate, tf.sqrt(correction(b2))), correction(b1))
  return { step: tf.div(tf.mul(rate, m), tf.add(tf.sqrt(v), num(p, 'epsilon'))), slots: { m, v } }
}

/** `adamStep` on plain numbers, for one weight. */
export function adamReference(
  { g, slots, learningRate, t }: { g: number; slots: Record<string, number>; learningRate: number; t: number },
  p: Params
): { step: number; slots: Record<string, number> } {
  const [b1, b2] = [num(p, 'beta1'), num(p, 'beta2')]
  const m = b1 * slots.m! + (1 - b1) * g
  const v = b2 * slots.v! + (1 - b2) * g * g
  const rate = (learningRate * Math.sqrt(1 - b2 ** t)) / (1 - b1 ** t)
  return { step: (rate * m) / (Math.sqrt(v) + num(p, 'epsilon')), slots: { m, v } }
}

/**
 * PyTorch's Adam in the form of Kingma & Ba 2015: it adds ε to the corrected root, so that its own ε is divided by the
 * correction too.
 * @param more further arguments
 */
export function torchAdam(kind: 'Adam' | 'AdamW', p: Params, more = ''): TorchOptimizer {
  const [rate, b1, b2, eps] = ['learningRate', 'beta1', 'beta2', 'epsilon'].map((k) => number(p[k])) as string[]
  return {
    make: `torch.optim.${kind}(model.parameters(), lr=${rate!}, betas=(${b1!}, ${b2!}), eps=${eps!}${more})`,
    each: [
      '# ε stands beside the uncorrected root, as in Kingma & Ba 2015, TensorFlow and Keras.',
      `group["eps"] = ${eps!} / math.sqrt(1 - ${b2!}**t)`
    ],
    state: { step: 'torch.tensor(float(STEPS_BEFORE))', exp_avg: '{m}', exp_avg_sq: '{v}' }
  }
}

/** Keras's Adam, which has the same form. @param more further arguments */
export function kerasAdam(kind: 'Adam' | 'AdamW', p: Params, more = ''): KerasOptimizer {
  const [b1, b2, eps] = ['beta1', 'beta2', 'epsilon'].map((k) => number(p[k])) as string[]
  return {
    make: `keras.optimizers.${kind}(${decimal(p.learningRate)}, beta_1=${b1!}, beta_2=${b2!}, epsilon=${eps!}${more})`,
    state: { _momentums: '{m}', _velocities: '{v}' }
  }
}
