import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { Optimizer } from '../../shared/catalog/optimizers'
import type { HookPass } from './hooks'
import { nameAndRole, type TrainableWeight } from './penalties'

/** What an update reads besides weights and gradients. */
export interface UpdateInput {
  /** A part of the optimizer's state by its variable's name. */
  stored(name: string): Tensor
  learningRate: Scalar
  /** Number of the step, 1 at the first that the optimizer ever made. */
  t: Scalar
}

/**
 * Hooks on the gradients, the optimizer, hooks on the weights.
 * @param gradients of the weights, in their order
 * @returns new values of weights, optimizer state and hooks' slots, by the variable's name
 */
export function update(
  tf: TF,
  { entry, params }: { entry: Optimizer; params: Record<string, unknown> },
  hooks: HookPass,
  weights: readonly TrainableWeight[],
  gradients: readonly Tensor[],
  { stored, learningRate, t }: UpdateInput
): Map<string, Tensor> {
  const hooked = hooks.gradients(
    weights.map(({ variable, value }, i) => ({ ...nameAndRole(variable), gradient: gradients[i]!, weight: value }))
  )
  const state = new Map<string, Tensor>()
  const updated = weights.map(({ variable: { name }, value: w }, i) => {
    const slots = Object.fromEntries(entry.slots.map((slot) => [slot, stored(`${slot}/${name}`)]))
    const made = entry.update(tf, { w, g: hooked[i]!, slots, learningRate, t }, params)
    for (const slot of entry.slots) state.set(`${slot}/${name}`, made.slots[slot]!)
    return made.w
  })
  const after = hooks.weights(
    weights.map(({ variable, value }, i) => ({ ...nameAndRole(variable), weight: updated[i]!, before: value }))
  )
  return new Map([...weights.map((w, i): [string, Tensor] => [w.variable.name, after[i]!]), ...state, ...hooks.next])
}
