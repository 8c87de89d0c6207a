import type { WeightSpec } from '../../shared/catalog/layers/types'
import type { Tensor } from '../../shared/base/tf'

/** A tensor that lives through the run: a weight, or a part of the state of the optimizer or of a hook. */
export interface Variable {
  /** `layer/weight`, `slot/layer/weight`, or `hooks/remedy/slot`. */
  name: string
  shape: number[]
  /** Of a weight. */
  spec?: WeightSpec
  /** Of state: what it is part of. */
  slot?: string
  /** Of state: what it starts at. */
  slotInit?: number
}
export interface StepInput {
  /** In the order of `Model.variables`. */
  variables: Tensor[]
  /** [batch, …inputShape] */
  x: Tensor
  /** [batch, …outputShape] */
  y: Tensor
  /** Values of `Model.scalarNames`, [scalars]. */
  scalars: Tensor
  /** `Model.counters` of the step; int32 [1 + noises]. Noise is drawn by it. */
  counters: Tensor
  /** True when the generator learns in this step too. */
  generatorLearns?: boolean
}
export interface StepOutput {
  /** [loss]: what is read at a step that isn't recorded. */
  loss: Tensor
  /**
   * One vector: the values of `Model.head`, all statistics, then the network's output.
   * A critic's output is the one on real points, then the one on generated points.
   */
  flat: Tensor
  /** [index of variable, its new value] */
  next: [number, Tensor][]
  /** Everything by a readable name; only when asked for. */
  named?: Record<string, Tensor>
}
