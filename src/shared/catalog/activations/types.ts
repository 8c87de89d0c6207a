import type { Params, Spec } from '../../base/params'
import type { Entry } from '../../base/registry'
import type { Shape, WeightSpec } from '../layers/types'
import type { TF, Tensor } from '../../base/tf'

/** Where a unit's slope is so small that it hardly passes any gradient. */
export interface Regime {
  /** Pre-activations below / above these are saturated: |f′| is under 5 % of its maximum over all z. */
  saturatedBelow?: number
  saturatedAbove?: number
  /** True where f′ is exactly 0 for all z ≤ 0, so that a unit can die. */
  canDie?: boolean
}

/** An element-wise activation h = f(z). */
export interface Activation extends Entry {
  /** f(z) in float64: the reference, the lens and the theory use it. */
  f(z: number, p: Params): number
  /** f′(z) in float64 (right derivative at a kink is never asked for by tests). */
  df(z: number, p: Params): number
  /** f″(z) in float64, away from kinks. Present when the gradient on tensors is differentiable itself, which a gradient penalty needs. */
  d2f?(z: number, p: Params): number
  /** What it learns (role `scale`), for a pre-activation of this shape; f and df are those of the start. Absent: nothing. */
  weights?(p: Params, shape: Shape): WeightSpec[]
  /**
   * Same, on tensors, differentiable by tfjs. Uses TensorFlow's native gradient op where there is one.
   * @param w what it learns, by name
   */
  forward(tf: TF, z: Tensor, p: Params, w: Record<string, Tensor>): Tensor
  regime(p: Params): Regime
  /** The initializer made for it (He, LeCun, Glorot …), with what it must know of these parameters. */
  initializer(p: Params): Spec
}
