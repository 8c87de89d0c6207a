import type { DataInfo } from '../catalog/datasets/types'
import type { Params } from '../base/params'
import { declareRegistry, type Entry } from '../base/registry'
import type { Scalar, TF, Tensor } from '../base/tf'
import type { Text } from '../base/text'
import type { Experiment } from './types'

/** A named trainable tensor's gradient on its way to the optimizer. */
export interface NamedGradient {
  /** `layer/weight`, e.g. `hidden.3.dense/kernel`. */
  name: string
  role: 'kernel' | 'bias' | 'scale' | 'state'
  gradient: Tensor
  weight: Tensor
}
/** A weight after the update, and as it was before. */
export interface NamedWeight {
  name: string
  role: NamedGradient['role']
  weight: Tensor
  before: Tensor
}
/** What else a hook may know of the step. */
export interface StepContext {
  /** The one applied at this step. */
  learningRate: Scalar
}
/** What else a penalty may know of a critic. */
export interface CriticContext {
  /** ‖∂output/∂x‖ at a point between each real and generated one, [batch]; differentiable. */
  slopes(): Tensor
}
/** Part of the training step. Runs between backpropagation and the optimizer, or after the optimizer. */
export interface StepHook {
  /** New gradients, in the same order. `scalar(name)` gives a parameter as a fed scalar, so that it can change while a run goes on. */
  gradients?(tf: TF, gradients: NamedGradient[], scalar: (param: string) => Scalar, p: Params): Tensor[]
  /** New weights after the update. */
  weights?(tf: TF, weights: NamedWeight[], scalar: (param: string) => Scalar, p: Params, step: StepContext): Tensor[]
  /** A term of the loss; undefined when there is nothing to penalise. Under the gradient tape. `critic` is there for the task `critic`. */
  penalty?(
    tf: TF,
    weights: Omit<NamedWeight, 'before'>[],
    scalar: (param: string) => Scalar,
    p: Params,
    critic?: CriticContext
  ): Scalar | undefined
}

/** A tensor in plain numbers, row by row. */
export interface Plain {
  values: number[]
  shape: number[]
}
/**
 * What a remedy does to a step, in float64 and by its naive definition: tests hold the hook of the same name against it.
 * `p` holds the parameters as they are fed.
 */
export interface StepReference {
  gradients?(gradients: { role: NamedGradient['role']; gradient: Plain; weight: Plain }[], p: Params): number[][]
  weights?(
    weights: { role: NamedGradient['role']; weight: Plain; before: Plain }[],
    p: Params,
    step: { learningRate: number }
  ): number[][]
  /** 0 when there is nothing to penalise. */
  penalty?(weights: { role: NamedGradient['role']; weight: Plain }[], p: Params, critic?: { slopes: number[] }): number
}

/** A cure. Either a pure change of an experiment (`apply`) or a hook in the step, which `apply` by default enters in `training.hooks`. */
export interface Remedy extends Entry {
  /** Other names that it is looked for by, in both languages. */
  words?: string
  /** When it does harm or nothing. */
  backfires: Text
  /** Faults that it does nothing about, whatever its settings: the panel says so where they are all that was found. */
  noHelpAgainst?: readonly string[]
  /** Ids of remedies that undo or contradict it. */
  conflicts: string[]
  /** Heading in the remedy panel. */
  group: 'architecture' | 'activation' | 'initialisation' | 'normalisation' | 'gradient' | 'weights' | 'training'
  /** Pure. Absent for a plain hook. */
  apply?(experiment: Experiment, p: Params, info: DataInfo): Experiment
  hook?: StepHook
  /** Of each part of `hook`; of the penalty, too, that `apply` makes layers ask for. */
  reference?: StepReference
  /** The reason why it can't be applied to this experiment, or undefined when it can. */
  blocked?(experiment: Experiment, p: Params, info: DataInfo): Text | undefined
}

/**
 * All remedies. An experiment names them, and they change experiments: so this floor says what a remedy is, and
 * `clinic/remedies`, which holds them, fills the registry when it is loaded.
 */
export const remedies = declareRegistry<Remedy>('remedies', '@shared/clinic/remedies')
