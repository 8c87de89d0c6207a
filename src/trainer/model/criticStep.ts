import type { Tensor } from '../../shared/base/tf'
import { criticGradientNorm } from './criticGradient'
import { forwardPass, type ForwardInput } from './forwardPass'
import type { Generator } from './generator'
import type { Plan } from '../../shared/experiment'
import type { StepScope } from './scope'

/** Noise of a critic's step beside that of layers and hooks. */
export const CRITIC_NOISES = ['generator/points', 'generator/update', 'between'] as const

/** A batch of the task `critic`: real points, then as many generated ones. */
export class CriticStep {
  /** Generated points, [batch, …point]. */
  readonly generated: Tensor
  /** [2 · batch, …point] */
  readonly x: Tensor
  /** 1 for real points, 0 for generated ones, [2 · batch, 1]. */
  readonly y: Tensor
  private norm: Tensor | undefined

  /** @param own values of the generator's variables */
  constructor(
    private readonly scope: StepScope,
    private readonly plan: Plan,
    readonly generator: Generator,
    readonly own: readonly Tensor[],
    private readonly forward: ForwardInput
  ) {
    const { tf, input, named } = scope
    this.generated = generator.points(tf, own, this.latent('points'), input.x, named)
    this.x = tf.concat([input.x, this.generated] as never[])
    this.y = tf.concat([input.y, tf.zerosLike(input.y)] as never[])
    named['generated'] = this.generated
  }
  /** Standard normal numbers that points are generated from. @param use tells several of one step apart */
  latent(use: 'points' | 'update'): Tensor {
    return this.scope.noise(`generator/${use}`, this.generator.latentShape(this.scope.input.x.shape[0]!), 'normal')
  }
  /**
   * ‖∂output/∂x‖ at one point between each real and generated one, [batch]. Computed once; differentiable under a tape.
   */
  gradientNorm(): Tensor {
    if (this.norm) return this.norm
    const { tf, input, named, keep, noise, draw } = this.scope
    const mix = noise('between', [input.x.shape[0]!, ...this.plan.inputShape.map(() => 1)], 'uniform')
    const output = (points: Tensor): Tensor =>
      forwardPass(tf, this.plan, points, {
        ...this.forward,
        noise: (name, shape, kind) => (named[`between/noise/${name}`] = keep(draw(name, shape, kind)))
      }).output
    const made: Record<string, Tensor> = {}
    this.norm = criticGradientNorm(tf, output, input.x, this.generated, mix, made)
    for (const t of [this.norm, mix, ...Object.values(made)]) keep(t)
    Object.assign(named, made)
    return this.norm
  }
}
