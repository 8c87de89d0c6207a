import type { Tensor } from '../../shared/base/tf'
import type { CriticStep } from './criticStep'
import type { StepScope } from './scope'

/**
 * The generator's part of a step: its weights go where the critic gives its points more.
 * @param criticise the critic's output for some points, as the step leaves the critic
 * @returns new values of all the generator's variables, in their order
 */
export function generatorStep(scope: StepScope, critic: CriticStep, criticise: (points: Tensor) => Tensor): Tensor[] {
  const { tf, named, keep, scalar } = scope
  const { generator, own } = critic
  const latent = critic.latent('update')
  const weights = own.slice(0, generator.weightCount)
  const made: Record<string, Tensor> = {}
  const { grads } = tf.engine().gradients(
    () => {
      const points = generator.points(tf, own, latent, undefined, made)
      Object.values(made).forEach(keep)
      return tf.neg(tf.mean(criticise(points)))
    },
    weights,
    undefined,
    true
  )
  for (const [name, x] of Object.entries(made)) named[`update/${name}`] = x
  const gradients = weights.map((w, i) => grads[i] ?? tf.zerosLike(w))
  gradients.forEach((g, i) => (named[`weight_gradients/${generator.variables[i]!.name}`] = g))
  return generator.update(tf, own, gradients, { learningRate: scalar('generatorRate'), t: scalar('t') })
}
