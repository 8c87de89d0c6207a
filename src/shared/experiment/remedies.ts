import type { DataInfo } from '../catalog/datasets/types'
import type { Params } from '../base/params'
import type { CodeChange, Definitions, Python } from '../base/python'
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
/** A tensor that a hook keeps from step to step. It is part of every checkpoint, like the optimizer's state. */
export interface Slot {
  /** Its value before this step. */
  readonly value: Tensor
  /** Sets its value after this step; without a call it stays as it is. @throws Error when the shape is another */
  update(next: Tensor): void
}
/** What a hook may know of the step it is part of, and what it may keep. */
export interface StepContext {
  /** The learning rate applied at this step. */
  learningRate: Scalar
  /** Number of the step, 1 at the first of the run. */
  step: Scalar
  /**
   * Noise that is new at each step, and the same for the same seed, name and step.
   * @param kind `uniform` in [0, 1), or standard `normal`
   */
  noise(name: string, shape: number[], kind: 'uniform' | 'normal'): Tensor
  /**
   * A tensor of the hook's own. Ask for every slot at every step; the parts of one hook share slots by name.
   * @param start a shape for zeros, or the value at the first step that the hook is part of
   */
  slot(name: string, start: number[] | Tensor): Slot
}
/** What a penalty may know of a critic. */
export interface CriticContext {
  /** ‖∂output/∂x‖ at a point between each real and generated one, [batch]; differentiable. */
  gradientNorm(): Tensor
}
/** What a penalty may know of the step. `critic` is there for the task `critic`. */
export interface PenaltyContext extends StepContext {
  critic?: CriticContext
}
/**
 * Part of the training step, made of tfjs operations. `scalar(name)` gives a parameter as a fed scalar, so that it can
 * change during a run. Values may steer nothing outside TensorFlow: the step is recorded once and replayed.
 */
export interface StepHook {
  /** New gradients, in the same order, between backpropagation and the optimizer. */
  gradients?(
    tf: TF,
    gradients: NamedGradient[],
    scalar: (param: string) => Scalar,
    p: Params,
    step: StepContext
  ): Tensor[]
  /** New weights, in the same order, after the optimizer. */
  weights?(tf: TF, weights: NamedWeight[], scalar: (param: string) => Scalar, p: Params, step: StepContext): Tensor[]
  /** A term of the loss; undefined when there is nothing to penalise. Under the gradient tape. */
  penalty?(
    tf: TF,
    weights: Omit<NamedWeight, 'before'>[],
    scalar: (param: string) => Scalar,
    p: Params,
    step: PenaltyContext
  ): Scalar | undefined
}

/** A tensor in plain numbers, row by row. */
export interface Plain {
  values: number[]
  shape: number[]
}
/** `StepContext` in plain numbers; tensors are rows of numbers. */
export interface PlainContext {
  learningRate: number
  step: number
  noise(name: string, shape: number[], kind: 'uniform' | 'normal'): number[]
  slot(name: string, start: number[] | Plain): { readonly value: readonly number[]; update(next: number[]): void }
}
/**
 * What a remedy does to a step, in float64 and by its naive definition: tests hold the hook of the same name against
 * it. `p` holds the parameters as they are fed.
 */
export interface StepReference {
  gradients?(
    gradients: { name: string; role: NamedGradient['role']; gradient: Plain; weight: Plain }[],
    p: Params,
    step: PlainContext
  ): number[][]
  weights?(
    weights: { name: string; role: NamedGradient['role']; weight: Plain; before: Plain }[],
    p: Params,
    step: PlainContext
  ): number[][]
  /** 0 when there is nothing to penalise. @param critic `gradientNorm` of each example */
  penalty?(
    weights: { role: NamedGradient['role']; weight: Plain }[],
    p: Params,
    critic?: { gradientNorm: number[] }
  ): number
}

/** A hook in a training step in PyTorch, which has `model` and `rate`, the learning rate of the step. */
export interface TorchHook {
  /** Expression of the term of the loss. Of a critic it has `pair`, real points `x` and generated `points`. */
  penalty?: string
  /** Statements between `backward` and the optimizer's step. */
  gradients?: string[]
  /**
   * Statements after the optimizer's step, without gradients; `before[w]` is `w` as it was, `optimizer` keeps state.
   */
  weights?: string[]
  /** What they need besides PyTorch. */
  define?: Definitions
}
/**
 * A hook in a training step in Keras, which has `model`, its trainable `variables`, and `rate`, the learning rate of
 * the step.
 */
export interface KerasHook {
  /** Expression of the term of the loss. Of a critic as in PyTorch, and `training`. */
  penalty?: string
  /** Statements that change the list `gradients`, before the optimizer's step. */
  gradients?: string[]
  /** Statements after the optimizer's step; the list `before` holds the variables as they were. */
  weights?: string[]
  /** What they need besides Keras. */
  define?: Definitions
  /** It pulls biases towards 0. */
  pullsBiases?: true
}
/** What a hook may know of the model in PyTorch. */
export interface TorchHookSite {
  /** Expression of the axes of a parameter `w` of the name `name`, but for that of its outputs. */
  inputAxes: string
}

/** What is known of a program that a remedy is brought into. */
export interface ScriptSite {
  /** It scales its gradients for float16. */
  isScaled: boolean
  /** Units, or channels, of the first layer that the finding names. */
  width?: number
  /** Learning rate of the newest step. */
  learningRate?: number
}

/**
 * A cure. Either a pure change of an experiment (`apply`) or a hook in the step, which `apply` by default enters in
 * `training.hooks`.
 */
export interface Remedy extends Entry {
  /** Other names that it is looked for by, in both languages. */
  words?: string
  /** When it does harm or nothing. */
  backfires: Text
  /** Faults that it does nothing about, whatever its settings: the panel says so where they are all that was found. */
  noHelpAgainst?: readonly string[]
  /** Ids of remedies that undo or contradict it. */
  conflicts: string[]
  /**
   * Settings that a search for the cure tries beside the defaults, as parameters that differ from these. @param norms
   * quantiles of the global norm of the untreated gradients, by share; none where it was not finite
   */
  settings?(norms: { half: number; tenth: number } | undefined, experiment: Experiment): Params[]
  /**
   * What it does to 20 sigmoid layers whose gradient vanishes. With it, the gallery has a template of that network with
   * this remedy on; `node scripts/gallery.mjs` records its picture.
   */
  gallery?: {
    /** Kind of finding that the run ends up with. */
    finds: string
    /** Follows “20 sigmoid layers:”. */
    title: Text
    /** One paragraph of what to see. */
    doc: Text
    /** Parameters that differ from the defaults. */
    params?: Params
  }
  /** Heading in the remedy panel. */
  group: 'architecture' | 'activation' | 'initialisation' | 'normalisation' | 'gradient' | 'weights' | 'training'
  /** Pure. Absent for a plain hook. */
  apply?(experiment: Experiment, p: Params, info: DataInfo): Experiment
  hook?: StepHook
  /** The hook in Python. Exactly where there is a hook: what `apply` changes is written as it then is. */
  python?: Python<(p: Params, site: TorchHookSite) => TorchHook, (p: Params) => KerasHook>
  /** How it is brought into a training in PyTorch that was not made here, in the words that its tutorials use. */
  inTorch?(p: Params, site: ScriptSite): CodeChange[]
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
