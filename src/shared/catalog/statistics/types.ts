import type { Entry } from '../../base/registry'
import type { Activation } from '../activations/types'
import type { Params } from '../../base/params'
import type { Scalar, TF, Tensor } from '../../base/tf'

/** What a statistic is computed from. Gradients are of the whole loss, before any clipping. */
export type Source =
  | 'activation'
  | 'preActivation'
  | 'activationGradient'
  | 'preActivationGradient'
  | 'kernel'
  | 'kernelGradient'
  | 'bias'
  | 'biasGradient'
  /** Of a recurrent layer's state at each time, [T, batch, units]: over all that depends on it. */
  | 'stateGradient'
  /** Kernel after minus before the step really applied. */
  | 'kernelUpdate'

export type Scale = 'log' | 'linear' | 'share' | 'count' | 'ratio'

/** What `compute` may also know. */
export interface StatisticContext {
  activation?: { entry: Activation; params: Params }
  /** Shares intermediate results between statistics of one tensor (max |x|, scaled sum of squares …): same key, same tensor. */
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

/** A per-layer figure. It is recorded for a layer when the layer has every source in `needs`. */
export interface Statistic extends Entry {
  symbol: string
  unit?: string
  scale: Scale
  needs: Source[]
  /** Where it lies in a network that learns, in its own unit: shaded in the plots. */
  healthy?: readonly [low: number, high: number]
  /** Its source's first axis is time, and each time step has a value of its own: `compute` gets the source of one. */
  perTime?: true
  /** Only where the layer's activation makes sense of it (saturated / dead share). */
  when?(activation: { entry: Activation; params: Params } | undefined): boolean
  /** One scalar; must be right for values whose squares under- or overflow float32. */
  compute?(tf: TF, sources: Partial<Record<Source, Tensor>>, ctx: StatisticContext): Scalar
  /**
   * `compute` said in words: which figure of which source. With it, all statistics of a layer are taken in one native pass, where there is
   * one (see parts/fused.ts); `compute` stays what is done elsewhere, and what the pass is tested against.
   */
  fused?(activation: StatisticContext['activation']): Fused
  /** Naive definition in float64 on flat values (`shape` of the first source, batch first). Tests compare with it. */
  reference?(
    sources: Partial<Record<Source, { values: ArrayLike<number>; shape: number[] }>>,
    activation?: { entry: Activation; params: Params }
  ): number
  /** Instead of compute: from the recorded values of this and the next recorded layer towards the loss (gain between neighbours). */
  derive?(
    own: (statistic: string) => number | undefined,
    next: (statistic: string) => number | undefined
  ): number | undefined
}
