import type { Params } from '../../base/params'
import type { Definitions, Python } from '../../base/python'
import type { Entry } from '../../base/registry'
import type { Scalar, TF, Tensor } from '../../base/tf'

/** Inputs of the update of one weight. All tensors have the weight's shape; scalars are fed at each step. */
export interface UpdateInput {
  w: Tensor
  g: Tensor
  slots: Record<string, Tensor>
  learningRate: Scalar
  /** 1 at the first step, as in Kingma & Ba 2015. */
  t: Scalar
}
/** An optimizer in PyTorch. */
export interface TorchOptimizer {
  /** Expression that makes it for the parameters of `model`. */
  make: string
  /** Statements before each step, for each `group`; `t` counts steps from 1. */
  each?: string[]
  /** What `make` needs besides PyTorch. */
  define?: Definitions
  /**
   * What it keeps of each weight by PyTorch's names: expressions of our slots, each written as `{slot}`, and of
   * `STEPS_BEFORE`, the number of steps that it has made.
   */
  state: Record<string, string>
}
/** An optimizer of Keras. */
export interface KerasOptimizer {
  /** Expression that makes it. */
  make: string
  /** What `make` needs besides Keras. */
  define?: Definitions
  /** It pulls biases towards 0, too. */
  pullsBiases?: boolean
  /** Its lists of variables, one for each weight, as expressions of our slots, each written as `{slot}`. */
  state: Record<string, string>
}
/** An optimizer. Every entry has the parameter `learningRate`. */
export interface Optimizer extends Entry {
  /** Names of the state tensors per weight (all start at `slotInit`, default 0). */
  slots: string[]
  slotInit?: number
  update(tf: TF, input: UpdateInput, p: Params): { w: Tensor; slots: Record<string, Tensor> }
  /** @param rateMoves whether the learning rate changes from step to step */
  python: Python<(p: Params) => TorchOptimizer, (p: Params, rateMoves: boolean) => KerasOptimizer>
  /** `update` on plain numbers, for one entry of a weight: tests hold `update` against it. */
  reference(
    input: { w: number; g: number; slots: Record<string, number>; learningRate: number; t: number },
    p: Params
  ): { w: number; slots: Record<string, number> }
}
