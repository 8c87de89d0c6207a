import type { Entry } from '../registry'
import type { Activation } from '../activations/types'
import type { Params } from '../params'
import type { Scalar, TF, Tensor } from '../tf'

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
  /** Kernel after minus before the step really applied. */
  | 'kernelUpdate'

export type Scale = 'log' | 'linear' | 'share' | 'count' | 'ratio'

/** What `compute` may also know. */
export interface StatisticContext {
  activation?: { entry: Activation; params: Params }
  /** Shares intermediate results between statistics of one tensor (max |x|, scaled sum of squares …): same key, same tensor. */
  share<T extends Tensor>(key: string, of: Tensor, make: () => T): T
}

/** A per-layer figure. It is recorded for a layer when the layer has every source in `needs`. */
export interface Statistic extends Entry {
  symbol: string
  unit?: string
  scale: Scale
  needs: Source[]
  /** Only where the layer's activation makes sense of it (saturated / dead share). */
  when?(activation: { entry: Activation; params: Params } | undefined): boolean
  /** One scalar; must be right for values whose squares under- or overflow float32. */
  compute?(tf: TF, sources: Partial<Record<Source, Tensor>>, ctx: StatisticContext): Scalar
  /** Naive definition in float64 on flat values (`shape` of the first source, batch first). Tests compare with it. */
  reference?(
    sources: Partial<Record<Source, { values: ArrayLike<number>; shape: number[] }>>,
    activation?: { entry: Activation; params: Params }
  ): number
  /** Instead of compute: from the recorded values of this and the next recorded layer towards the loss (gain between neighbours). */
  derive?(own: (statistic: string) => number | undefined, next: (statistic: string) => number | undefined): number | undefined
}
