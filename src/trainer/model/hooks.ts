import type { Spec } from '../../shared/base/params'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import {
  remedies,
  type CriticContext,
  type NamedGradient,
  type NamedWeight,
  type PenaltyContext,
  type Slot,
  type StepContext,
  type StepHook
} from '../../shared/experiment/remedies'
import type { Variable } from './types'

/** What one pass over the hooks reads, and where its results go. */
export interface HookInput {
  learningRate: Scalar
  /** Number of the step, 1 at the first. */
  step: Scalar
  /** A parameter as a fed scalar. @param value what it is set to */
  scalar(name: string, value: number): Scalar
  /** Noise that belongs to the step, by its full name. */
  noise(name: string, shape: number[], kind: 'uniform' | 'normal'): Tensor
  /** The value of a variable of `Hooks.variables` before the step; undefined when there is no such variable. */
  stored(name: string, shape: number[]): Tensor | undefined
  /** Saves a tensor from the scope in which it was made. */
  keep(tensor: Tensor): Tensor
}
interface Hook {
  hook: StepHook
  params: Record<string, unknown>
  /** What leads the names of its scalars. */
  scalars: string
  /** What leads the names of its noise and its slots: the same wherever it stands in the list. */
  name: string
}

/** The hooks of the chosen remedies in the training step, and the state that they keep from step to step. */
export class Hooks {
  /** All slots; complete after one pass with `declare`. */
  readonly variables: Variable[] = []
  private readonly hooks: Hook[]

  constructor(chosen: readonly Spec[]) {
    this.hooks = chosen.map(({ id, ...params }, index) => ({
      hook: remedies.get(id).hook!,
      params,
      scalars: `hooks.${index}.`,
      name: `hooks/${id}`
    }))
  }
  /** Adds a slot to `variables`, for a pass that finds out which there are. @returns zeros of its shape */
  declare(tf: TF, name: string, shape: number[]): Tensor {
    if (!this.variables.some((v) => v.name === name)) this.variables.push({ name, shape, slot: 'hooks', slotInit: 0 })
    return tf.zeros(shape)
  }
  /** Starts one step. */
  pass(tf: TF, input: HookInput): HookPass {
    return new HookPass(tf, this.hooks, input)
  }
}

/** The hooks in one step, called in the order penalties, gradients, weights. */
export class HookPass {
  /** New values of slots, by the variable's name. */
  readonly next = new Map<string, Tensor>()
  private readonly contexts: StepContext[]

  constructor(
    private readonly tf: TF,
    private readonly hooks: readonly Hook[],
    private readonly input: HookInput
  ) {
    this.contexts = hooks.map((h) => this.context(h))
  }

  /** Terms of the loss. Call it under the gradient tape. */
  penalties(weights: Omit<NamedWeight, 'before'>[], critic?: CriticContext): Scalar[] {
    return this.hooks.flatMap(({ hook, params, scalars }, i) => {
      const step: PenaltyContext = { ...this.contexts[i]!, ...(critic && { critic }) }
      return hook.penalty?.(this.tf, weights, this.scalar(scalars, params), params, step) ?? []
    })
  }
  /** Gradients after the hooks, in the same order. */
  gradients(list: readonly NamedGradient[]): Tensor[] {
    let now = list.map((g) => g.gradient)
    this.hooks.forEach(({ hook, params, scalars }, i) => {
      if (hook.gradients)
        now = hook.gradients(
          this.tf,
          list.map((g, k) => ({ ...g, gradient: now[k]! })),
          this.scalar(scalars, params),
          params,
          this.contexts[i]!
        )
    })
    return now
  }
  /** Weights after the hooks, in the same order. */
  weights(list: readonly NamedWeight[]): Tensor[] {
    let now = list.map((w) => w.weight)
    this.hooks.forEach(({ hook, params, scalars }, i) => {
      if (hook.weights)
        now = hook.weights(
          this.tf,
          list.map((w, k) => ({ ...w, weight: now[k]! })),
          this.scalar(scalars, params),
          params,
          this.contexts[i]!
        )
    })
    return now
  }

  private scalar(prefix: string, params: Record<string, unknown>): (param: string) => Scalar {
    return (param) => this.input.scalar(prefix + param, params[param] as number)
  }
  private context({ name: owner }: Hook): StepContext {
    const { tf, input } = this
    const slots = new Map<string, Slot>()
    const stored = (name: string, shape: number[]): Tensor => {
      const value = input.stored(name, shape)
      if (!value) throw new Error(`${name} was not asked for when the step was prepared`)
      return value
    }
    let started: Tensor | undefined
    /** False at the first step of the hook. */
    const isStarted = (): Tensor => {
      if (!started) {
        const flag = `started/${owner}`
        const before = stored(flag, [])
        this.next.set(flag, input.keep(tf.onesLike(before)))
        started = input.keep(tf.greater(before, 0))
      }
      return started
    }
    return {
      learningRate: input.learningRate,
      step: input.step,
      noise: (name, shape, kind) => input.keep(input.noise(`${owner}/${name}`, shape, kind)),
      slot: (name, start) => {
        const known = slots.get(name)
        if (known) return known
        const full = `${owner}/${name}`
        const shape = Array.isArray(start) ? start : start.shape
        const before = stored(full, shape)
        const made: Slot = {
          value: Array.isArray(start) ? before : input.keep(tf.where(isStarted() as never, before, start)),
          update: (next) => {
            if (next.shape.join() !== shape.join())
              throw new Error(`${full} is [${shape.join()}] and can't become [${next.shape.join()}]`)
            // A tensor of its own: a variable's old value is freed when it gets a new one.
            this.next.set(full, input.keep(tf.clone(next)))
          }
        }
        slots.set(name, made)
        return made
      }
    }
  }
}
