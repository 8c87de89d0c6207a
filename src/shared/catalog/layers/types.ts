import type { Params, Spec } from '../../base/params'
import type { KerasLayer, KerasValue } from '../../base/keras'
import type { Python, Unwritable } from '../../base/python'
import type { Entry } from '../../base/registry'
import type { Scalar, TF, Tensor } from '../../base/tf'
import type { Text } from '../../base/text'

/** Shape of one example, without the batch axis. */
export type Shape = number[]

export interface WeightSpec {
  /** `kernel`, `bias`, `gamma` … unique within the layer. */
  name: string
  shape: number[]
  /** How it starts. */
  init: Spec
  fanIn: number
  fanOut: number
  /** Number of matrices side by side that are drawn independently: the gates of a cell. Default 1. */
  blocks?: number
  /** False for running statistics. Default true. */
  trainable?: boolean
  /** λ of λ·Σw², added to the loss. */
  l2?: number
  /** The kernel is what "weight" statistics and most remedies speak of; the bias has statistics of its own. */
  role: 'kernel' | 'bias' | 'scale' | 'state'
}

/** What `forward` may use besides its inputs. */
export interface ForwardContext {
  training: boolean
  /** A scalar that is fed anew at each step and never frozen into the recorded graph. */
  scalar(name: string): Scalar
  /** Seeded noise of this shape, drawn anew at each step outside the graph: `uniform` in [0,1) or `normal`. */
  noise(name: string, shape: number[], kind: 'uniform' | 'normal'): Tensor
  /**
   * Zeros that the layer adds to an inner tensor, or acts as if it did. The loss's gradient with respect to them is the
   * total gradient with respect to that tensor. They are returned in `ForwardResult.probes`.
   */
  probe(name: string, shape: number[]): Tensor
  /** The same values with the gradient stopped. */
  cut(x: Tensor): Tensor
}

export interface ForwardResult {
  /** Output, [batch, …outputShape]. */
  h: Tensor
  /** Pre-activation, when the layer has one: same shape as h, or [T, batch, units] with a probe `z`. */
  z?: Tensor
  /** Of a recurrent layer, [T, batch, units]: `h` stands for its state at each time, `z` for its pre-activation. */
  probes?: { h: Tensor; z?: Tensor }
  /** New values of non-trainable weights, by name. */
  state?: Record<string, Tensor>
}

/** Thrown by `infer` when the inputs don't fit. Its text says what to change. */
export class ShapeError extends Error {
  readonly text: Text
  constructor(text: Text) {
    super(text.en)
    this.text = text
  }
}

/** Where a layer stands in a PyTorch module. */
export interface TorchSite {
  /** Its attribute: `self.NAME`. */
  self: string
  inputs: Shape[]
  output: Shape
  /** Channels are on axis 1, behind the batch. */
  channelsFirst: boolean
  /** f(z) of its field `activation`. @param z expression that may stand there once */
  activate(z: string): string
  /** f(z) of another of its fields. */
  apply(field: string, z: string): string
  /** Expression of a weight that is an attribute of its own: one that `TorchLayer.weights` does not list. */
  weight(name: string): string
  /** Has a class stand above the network's. @param source of a class of that name @returns the name it got */
  define(name: string, source: (name: string) => string): string
}
/** Where a PyTorch module keeps a weight. */
export interface TorchWeight {
  /** Attribute of the module: `weight`. */
  at: string
  /** For each of its axes the axis of ours; absent: the same ones. */
  axes?: number[]
  /** PyTorch's own initializers find the same fans. */
  isStandard?: true
  /** The module itself starts it as we do. */
  isDefault?: true
}
/** A layer in a PyTorch module. */
export interface TorchLayer {
  /** Expression that makes its module, for `__init__`. */
  make?: string
  /** Expression of its output, for `forward`. */
  call: string
  /** By our names. */
  weights?: Record<string, TorchWeight>
  /** Where it draws noise: statements that return the output of `x` by our `noise`, uniform in [0, 1). */
  recorded?: string[]
}
/** Where a layer stands in a Keras model. */
export interface KerasSite {
  inputs: Shape[]
  output: Shape
  /** Something in the training pulls biases towards 0, so that none may hold a constant of another place. */
  pullsBiases: boolean
  /** Arguments that say how a weight starts and what it is fined by. @param as Keras's word for it: `kernel` */
  start(weight: string, as: string): Record<string, KerasValue>
  /**
   * Its field `activation` as an argument; undefined where it does nothing, and where it is a layer of its own, which
   * then stands behind.
   */
  activate(): KerasValue
  /** A field of a cell's as an argument. */
  activation(field: string): KerasValue
  /** f(z) of one of its fields, as an expression. */
  apply(field: string, z: string): string
  /** Has a class stand above the model. @param source of a class of that name @returns the name it got */
  define(name: string, source: (name: string) => string): string
}
/**
 * How a layer is written. PyTorch: x are expressions of its inputs. Keras: the layers that stand for it, the first of
 * which reads its inputs, and each other one the one before it.
 */
export interface LayerPython extends Python<
  (p: Params, site: TorchSite, x: string[]) => TorchLayer | Unwritable,
  (p: Params, site: KerasSite) => KerasLayer[] | Unwritable
> {
  /** Its inputs have channels behind the batch, or it does not mind; absent: channels last, as ours are. */
  channels?: 'first' | 'any'
}

/**
 * A kind of layer. One file, one kind; everything else (palette, forms, shapes, counts, CLI, tests) derives from it.
 */
export interface LayerKind extends Entry {
  group: 'core' | 'normalise' | 'activation' | 'wiring' | 'convolution' | 'recurrent' | 'regularise'
  /** Name of an icon in the renderer's set. */
  icon: string
  /** Short word used for new ids: `dense` → dense1, dense2 … */
  stem: string
  inputs: { min: number; max: number }
  /** Output shape. @throws ShapeError when the inputs don't fit. */
  infer(p: Params, inputs: Shape[]): Shape
  weights(p: Params, inputs: Shape[]): WeightSpec[]
  /** Why it can't learn from batches of so many examples, and what to do; undefined when it can. */
  blocked?(p: Params, inputs: Shape[], examples: number): Text | undefined
  /**
   * @param inputs [batch, …shape] each. @param w tensors by weight name. Called inside a tidy, under the gradient tape.
   */
  forward(tf: TF, p: Params, inputs: Tensor[], w: Record<string, Tensor>, ctx: ForwardContext): ForwardResult
  python: LayerPython
  /** The activation it ends with, if any (for regimes and theory). */
  activation?(p: Params): Spec | undefined
  /** The activation beyond whose values, and 0, its output never goes, where gates stand behind it. */
  within?(p: Params): Spec | undefined
  /**
   * Whether columns of a weight that belong to one unit stand side by side (pieces of a maxout). Else those of all
   * units do, one gate after the other.
   */
  columnsByUnit?: true
  /** Number of symbols it knows, for a layer that reads ids of symbols in place of numbers. */
  symbols?(p: Params): number
  /**
   * Numbers that it keeps for one example until the backward pass, besides its output: gates and states of every time
   * step.
   */
  kept?(p: Params, inputs: Shape[]): number
  /** Multiply–adds of a forward pass for one example. */
  flops?(p: Params, inputs: Shape[]): number
}
