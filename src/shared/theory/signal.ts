import { activationMoments, activationOf } from './chi'
import { batchNormMoments } from './batchNorm'
import { gaussianMean, gaussianProduct } from './quadrature'
import type { Spec } from '../base/params'
import type { PlanLayer } from '../experiment/plan'

/** A layer's output at initialisation, in the limit of wide layers. */
export interface Signal {
  /** E[h²] */
  square: number
  /** E[hᵢhⱼ] of one unit for two examples. */
  product: number
  /** E[h] */
  mean: number
  /** h is Gaussian around its mean, or near enough, so that an activation's moments are known. */
  gaussian: boolean
  /** Normalised over a batch of this many examples. */
  batch?: number
}
/** Forward: the output, and what a gradient's mean square is multiplied by on the way back to each input. */
export interface Passage {
  out?: Signal
  back: (number | undefined)[]
  /** Variance over initialisations of ln `back`, for the gradient of one example. Default 0. */
  scatter?: number
}
/** A passage of which nothing is known. */
export const unknown = (l: PlanLayer): Passage => ({ back: l.inputs.map(() => undefined) })

/**
 * Beyond this kurtosis a few units outweigh all others, and no layer is wide enough for the limit of wide ones: e^z at
 * unit variance has 55.
 */
const HEAVIEST = 20

/**
 * An activation of a Gaussian signal. @param products whether anybody asks what two examples have in common
 * @returns undefined where the limit of wide layers says nothing
 */
export function throughActivation(spec: Spec, z: Signal, products: boolean): { out: Signal; back: number } | undefined {
  const { entry, params } = activationOf(spec)
  if (entry.id === 'linear') return { out: z, back: 1 }
  if (!(activationMoments(entry, params, z.batch ? 1 : z.square - z.mean ** 2).kurtosis <= HEAVIEST)) return undefined
  if (z.batch) {
    const m = batchNormMoments(entry, params, z.batch)
    return { out: { square: m.square, product: m.product, mean: m.mean, gaussian: false }, back: m.slopeSquare }
  }
  const f = (x: number): number => entry.f(z.mean + x, params)
  const variance = Math.max(z.square - z.mean ** 2, 0)
  const m =
    z.mean === 0
      ? activationMoments(entry, params, z.square)
      : {
          mean: gaussianMean(f, variance),
          square: gaussianMean((x) => f(x) ** 2, variance),
          slopeSquare: gaussianMean((x) => entry.df(z.mean + x, params) ** 2, variance)
        }
  const product = products ? gaussianProduct(f, variance, z.product - z.mean ** 2) : m.mean ** 2
  return { out: { square: m.square, product, mean: m.mean, gaussian: false }, back: m.slopeSquare }
}

/**
 * Kurtosis of the slope, E[φ′⁴]/E[φ′²]²: 1 where all units have the same, 2 for ReLU, half of whose units have none.
 */
export function slopeKurtosis(spec: Spec, z: Signal): number {
  const { entry, params } = activationOf(spec)
  const variance = Math.max(z.square - z.mean ** 2, 0)
  const moment = (power: number): number =>
    gaussianMean((x) => Math.abs(entry.df(z.mean + x, params)) ** power, variance)
  const kurtosis = moment(4) / moment(2) ** 2
  return Number.isFinite(kurtosis) ? kurtosis : 1
}
