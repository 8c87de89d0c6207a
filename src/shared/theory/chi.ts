import { activations } from '../catalog/activations'
import type { Activation } from '../catalog/activations/types'
import type { Params, Spec } from '../base/params'
import { rounded } from '../base/rounded'
import { gaussianMean } from './quadrature'

/** What an activation does to pre-activations z ~ N(0, q). */
export interface ActivationMoments {
  /** E[φ(z)] */
  mean: number
  /** E[φ(z)²] */
  square: number
  /** E[φ′(z)²] */
  slopeSquare: number
  /** E[φ(z)⁴]/E[φ(z)²]²: 6 for ReLU. */
  kurtosis: number
}
const cache = new Map<string, ActivationMoments>()

/**
 * Moments by quadrature in float64. Remembered: nets repeat the same layer.
 * @param variance q, of which 12 digits count: an answer must not hang on what was asked before
 */
export function activationMoments(entry: Activation, p: Params, variance: number): ActivationMoments {
  const q = rounded(variance, 12)
  const key = `${entry.id} ${JSON.stringify(p)} ${q}`
  const known = cache.get(key)
  if (known) return known
  const square = gaussianMean((z) => entry.f(z, p) ** 2, q)
  const m = {
    mean: gaussianMean((z) => entry.f(z, p), q),
    square,
    slopeSquare: gaussianMean((z) => entry.df(z, p) ** 2, q),
    kurtosis: square > 0 ? gaussianMean((z) => (entry.f(z, p) / Math.sqrt(square)) ** 4, q) : 1
  }
  if (cache.size > 2000) cache.clear()
  cache.set(key, m)
  return m
}

/** The entry and parameters a spec names. */
export function activationOf(spec: Spec): { entry: Activation; params: Params } {
  const { id, ...params } = spec
  return { entry: activations.get(id), params }
}

/** f(a·z) = a·f(z) for a > 0, as of ReLU: the slope knows the side of z alone. */
export const isHomogeneous = (entry: Activation, p: Params): boolean =>
  [1e-3, 0.1, 3, 40].every((z) => entry.df(z, p) === entry.df(1, p) && entry.df(-z, p) === entry.df(-1, p))

/** One step of the length map q ↦ σ_w²·E[φ(√q z)²] + σ_b² (Poole 2016, eq. 3). */
export const lengthMap = (spec: Spec, sigmaW2: number, sigmaB2: number, q: number): number => {
  const { entry, params } = activationOf(spec)
  return sigmaW2 * activationMoments(entry, params, q).square + sigmaB2
}

/** Where the second moment of the pre-activations settles with depth. */
export interface FixedPoint {
  /** q*; 0 when it dies out, Infinity when it grows without bound. */
  q: number
  /** Layers until it is within 1 % of q*. */
  layers: number
}
/** q* of the length map, by following it from `start` (Poole 2016). */
export function fixedPoint(spec: Spec, sigmaW2: number, sigmaB2 = 0, start = 1): FixedPoint {
  const path = [start]
  for (let i = 0; i < 1000; i++) {
    const q = path[path.length - 1]!
    const next = lengthMap(spec, sigmaW2, sigmaB2, q)
    if (next < 1e-12) return { q: 0, layers: path.length }
    if (!(next < 1e12)) return { q: Infinity, layers: path.length }
    path.push(next)
    if (Math.abs(next - q) <= 1e-10 * next) break
  }
  const q = path[path.length - 1]!
  return { q, layers: path.findIndex((x) => Math.abs(x - q) <= 0.01 * q) }
}

/**
 * χ₁ = σ_w²·E[φ′(√q z)²] (Schoenholz 2017, eq. 5): the factor by which a layer multiplies the variance of the gradient
 * on its way back. Below 1 gradients vanish, above 1 they explode; 1 is the edge of chaos.
 * @param sigmaW2 fan-in·Var(W) (fan-out·Var(W), for layers that aren't square). @param q second moment of the
 *   pre-activations; 0 means its limit.
 */
export function chi1(spec: Spec, sigmaW2: number, q: number): number {
  const { entry, params } = activationOf(spec)
  return sigmaW2 * activationMoments(entry, params, Math.max(q, 1e-18)).slopeSquare
}

/** χ₁ at q*, for a square layer of this activation and weight variance: the gain per layer deep inside a stack. */
export function deepChi1(spec: Spec, sigmaW2: number, sigmaB2 = 0, start = 1): number {
  const { q } = fixedPoint(spec, sigmaW2, sigmaB2, start)
  return chi1(spec, sigmaW2, Math.min(q, 1e12))
}
