import { INPUT, planGenerator, type Plan } from '../../shared/experiment'
import type { Generator as GeneratorSettings } from '../../shared/catalog/datasets/types'
import type { ForwardContext } from '../../shared/catalog/layers/types'
import { optimizers } from '../../shared/catalog/optimizers'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { Variable } from './types'

/** What leads its variables' names, so that no layer of the critic has them. */
const PREFIX = 'generator/'

/**
 * What a critic is trained against: a source of points that, where it is a network, learns from the critic.
 * Pure functions of tensors. Its variables stand in one row among the model's, its weights first.
 */
export class Generator {
  /** Weights, then their optimizer's state. */
  readonly variables: Variable[] = []
  private readonly plan: Plan | undefined
  private readonly optimizer
  private readonly params: Record<string, unknown>
  /** How many of its variables are weights. */
  readonly weightCount: number

  constructor(
    readonly settings: GeneratorSettings,
    private readonly pointShape: number[]
  ) {
    const { id, ...params } = settings.optimizer
    this.optimizer = optimizers.get(id)
    this.params = params
    this.plan = planGenerator(settings)
    for (const layer of this.plan?.layers ?? [])
      for (const spec of layer.weights)
        this.variables.push({ name: `${PREFIX}${layer.id}/${spec.name}`, shape: spec.shape, spec })
    this.weightCount = this.variables.length
    for (const w of this.variables.slice())
      for (const slot of this.optimizer.slots)
        this.variables.push({
          name: `${slot}/${w.name}`,
          shape: w.shape,
          slot,
          slotInit: this.optimizer.slotInit ?? 0
        })
  }
  get learningRate(): number {
    return this.params['learningRate'] as number
  }
  /** True when it learns in the step. @param t 1 at the first step */
  learnsAt(t: number): boolean {
    return this.weightCount > 0 && t % this.settings.criticSteps === 0
  }
  /** Shape of what `points` reads beside the variables: latent numbers, or noise to be added to real points. */
  latentShape(count: number): number[] {
    return this.plan ? [count, this.settings.latent] : [count, ...this.pointShape]
  }

  /**
   * Generated points, [count, …point].
   * @param own its variables. @param latent standard normal numbers. @param real the real points. @param names gets
   * what is computed on the way
   */
  points(
    tf: TF,
    own: readonly Tensor[],
    latent: Tensor,
    real: Tensor | undefined,
    names?: Record<string, Tensor>
  ): Tensor {
    if (!this.plan) return tf.add(real!, tf.mul(latent, this.settings.spread))
    const ctx: ForwardContext = {
      training: true,
      scalar: () => {
        throw new Error('a generator has no fed parameters')
      },
      noise: () => {
        throw new Error('a generator has no noise but its latent numbers')
      },
      probe: (_name, shape) => tf.zeros(shape),
      cut: (x) => x
    }
    const out = new Map<string, Tensor>([[INPUT, latent]])
    for (const layer of this.plan.layers) {
      const w = Object.fromEntries(
        layer.weights.map((s) => [
          s.name,
          own[this.variables.findIndex((v) => v.name === `${PREFIX}${layer.id}/${s.name}`)]!
        ])
      )
      const { h, z } = layer.kind.forward(
        tf,
        layer.params,
        layer.inputs.map((i) => out.get(i)!),
        w,
        ctx
      )
      out.set(layer.id, h)
      if (names) {
        names[`pre_activations/${PREFIX}${layer.id}`] = z!
        names[`activations/${PREFIX}${layer.id}`] = h
      }
    }
    return out.get(this.plan.output!)!
  }

  /**
   * Its optimizer's step.
   * @param own its variables. @param gradients of its weights. @param at its learning rate and the critic's step number
   * @returns new values of all its variables, in their order
   */
  update(
    tf: TF,
    own: readonly Tensor[],
    gradients: readonly Tensor[],
    at: { learningRate: Scalar; t: Scalar }
  ): Tensor[] {
    const slots: Tensor[] = []
    const next = gradients.map((g, i) => {
      const from = this.weightCount + i * this.optimizer.slots.length
      const state = Object.fromEntries(this.optimizer.slots.map((s, k) => [s, own[from + k]!]))
      // Its own steps are counted, not the critic's.
      const made = this.optimizer.update(
        tf,
        { w: own[i]!, g, slots: state, learningRate: at.learningRate, t: tf.div(at.t, this.settings.criticSteps) },
        this.params
      )
      for (const s of this.optimizer.slots) slots.push(made.slots[s]!)
      return made.w
    })
    return [...next, ...slots]
  }
}
