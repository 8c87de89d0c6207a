import type { Entry } from '../../base/registry'
import type { Activation } from '../activations/types'
import type { Params } from '../../base/params'
import type { Scalar, TF, Tensor } from '../../base/tf'

/** A tensor of a layer that a statistic is computed from. Gradients are of the whole loss, before any clipping. */
export type Source =
  | 'activation'
  | 'preActivation'
  | 'activationGradient'
  | 'preActivationGradient'
  | 'kernel'
  | 'kernelGradient'
  | 'bias'
  | 'biasGradient'
  /**
   * ∂loss/∂state of a recurrent layer at each time, [T, batch, units]: total, through all that depends on the state.
   */
  | 'stateGradient'
  /** Kernel after the step minus kernel before it, as applied: clipping and optimizer included. */
  | 'kernelUpdate'

export type Scale = 'log' | 'linear' | 'share' | 'count' | 'ratio'

/** What `compute` may also know. */
export interface StatisticContext {
  activation?: { entry: Activation; params: Params }
  /**
   * Shares intermediate results between statistics of one tensor (max |x|, scaled sum of squares …): same key, same
   * tensor.
   */
  share<T extends Tensor>(key: string, of: Tensor, make: () => T): T
}

/** Figures of one tensor that the native pass knows. */
export type Figure =
  | 'norm'
  | 'rms'
  | 'maxAbs'
  | 'meanAbs'
  | 'mean'
  | 'std'
  | 'zeroShare'
  | 'nans'
  | 'infinities'
  | 'nonFinite'
  | 'outsideShare'
  | 'deadShare'
  | 'normRatio'
export interface Fused {
  of: Source
  figure: Figure
  /** For `normRatio`: ‖of‖/‖over‖. */
  over?: Source
  /** For `outsideShare`: below the first or above the second. One pair per source. */
  bounds?: [number, number]
}

/** A figure of a layer. It is recorded for each layer that has every source in `needs`. */
export interface Statistic extends Entry {
  symbol: string
  unit?: string
  scale: Scale
  needs: Source[]
  /** Its usual range in a network that learns, in its own unit; plots shade it. */
  healthy?: readonly [low: number, high: number]
  /**
   * The first axis of its source is time. It has a value for each time step, and `compute` gets one step's part of the
   * source.
   */
  perTime?: true
  /** Whether it makes sense for a layer with this activation (saturated share, dead share). Absent: for every layer. */
  when?(activation: { entry: Activation; params: Params } | undefined): boolean
  /** The figure as a scalar. It must be right for values whose squares under- or overflow float32. */
  compute?(tf: TF, sources: Partial<Record<Source, Tensor>>, ctx: StatisticContext): Scalar
  /**
   * `compute` as a declaration: which figure of which source. All statistics of a layer that have it are taken in one
   * native pass, where the library has one (parts/fused.ts). `compute` is used elsewhere, and the native pass is tested
   * against it.
   */
  fused?(activation: StatisticContext['activation']): Fused
  /** Naive definition in float64 on flat values (`shape` of the first source, batch first). Tests compare with it. */
  reference?(
    sources: Partial<Record<Source, { values: ArrayLike<number>; shape: number[] }>>,
    activation?: { entry: Activation; params: Params }
  ): number
  /**
   * In place of `compute`: from the recorded values of this layer and the next recorded one towards the loss (gain
   * between neighbours).
   */
  derive?(
    own: (statistic: string) => number | undefined,
    next: (statistic: string) => number | undefined
  ): number | undefined
}
