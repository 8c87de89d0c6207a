import type { Params, Spec } from '../../base/params'
import type { KerasLayer } from '../../base/keras'
import type { Python } from '../../base/python'
import type { Entry } from '../../base/registry'
import type { Shape, WeightSpec } from '../layers/types'
import type { TF, Tensor } from '../../base/tf'

/** Where the slope is so small that hardly any gradient passes. */
export interface Regime {
  /** Pre-activations below / above these are saturated: |f′| is under 5 % of its maximum over all z. */
  saturatedBelow?: number
  saturatedAbove?: number
  /** True where f′ is exactly 0 for all z ≤ 0, so that a unit can die. */
  canDie?: boolean
}

/** Where an activation stands in Python. */
export interface ActivationSite {
  /** Expression of the trainable weight of a name. */
  weight(name: string): string
  /** The channels are on another axis than 1. */
  channelsLast: boolean
}

/** An element-wise activation h = f(z). */
export interface Activation extends Entry {
  /** f(z) in float64: the reference, the lens and the theory use it. */
  f(z: number, p: Params): number
  /** f′(z) in float64 (right derivative at a kink is never asked for by tests). */
  df(z: number, p: Params): number
  /**
   * f″(z) in float64, away from kinks. Present when the gradient on tensors is differentiable itself, which a gradient
   * penalty needs.
   */
  d2f?(z: number, p: Params): number
  /**
   * Its trainable weights (role `scale`), for a pre-activation of this shape; f and df use their initial values.
   * Absent: none.
   */
  weights?(p: Params, shape: Shape): WeightSpec[]
  /**
   * f on tensors, differentiable by tfjs. It uses TensorFlow's native gradient op where there is one.
   * @param w its trainable weights, by name
   */
  forward(tf: TF, z: Tensor, p: Params, w: Record<string, Tensor>): Tensor
  /** Expression of f; `z` is one that may stand there once. */
  /**
   * In PyTorch an expression. In Keras its name, or the layer that it is. @param rank axes of what it reads, without
   * the batch
   */
  python: Python<
    (z: string, p: Params, site: ActivationSite) => string,
    (p: Params, rank: number) => string | KerasLayer
  >
  regime(p: Params): Regime
  /** The initializer that suits it (He, LeCun, Glorot …), with parameters that match `p`. */
  initializer(p: Params): Spec
}
