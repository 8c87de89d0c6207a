import type { Activation } from '../catalog/activations/types'
import type { Params } from '../base/params'
import { gaussLegendre, gaussianMean } from './quadrature'

/** What batch norm and the activation behind it do at a finite batch, deep inside a wide net. */
export interface BatchNormMoments {
  /** E[φ²], E[φᵢφⱼ] of one unit for the same and for two examples. */
  square: number
  product: number
  mean: number
  /** E[φ′²] */
  slopeSquare: number
  /**
   * Share of the gradient's variance that gets through the activation and the norm's projection, times E[1/(batch
   * variance)] per unit variance.
   */
  through: number
}
const RADIAL = gaussLegendre(48)
const ANGULAR = gaussLegendre(24)

/**
 * Mean over a batch normalised to mean 0 and variance 1, which for Gaussian pre-activations is uniform on the sphere of
 * radius √B in the B − 1 dimensions orthogonal to (1 … 1) (Yang 2019, section 3), of a function of two of its entries.
 * The two have correlation −1/(B − 1); their plane's density is (1 − r²/B)^((B−5)/2).
 */
function pairMean(f: (a: number, b: number) => number, batch: number): number {
  const rho = -1 / (batch - 1)
  const scale = Math.sqrt(1 - 1 / batch)
  // Directions of the two entries in their plane, and the four lines on which one of them changes sign.
  const tilt = Math.acos(rho)
  const cuts = [-Math.PI / 2, Math.PI / 2, tilt - Math.PI / 2, tilt + Math.PI / 2].sort((x, y) => x - y)
  const limit = Math.min(Math.sqrt(batch), 12)
  let [sum, mass] = [0, 0]
  RADIAL.nodes.forEach((x, i) => {
    const r = (limit / 2) * (1 + x)
    const density = RADIAL.weights[i]! * r * Math.exp(((batch - 5) / 2) * Math.log1p((-r * r) / batch))
    cuts.forEach((from, k) => {
      const to = k === 3 ? cuts[0]! + 2 * Math.PI : cuts[k + 1]!
      ANGULAR.nodes.forEach((y, j) => {
        const angle = (from + to) / 2 + ((to - from) / 2) * y
        const w = density * ANGULAR.weights[j]! * ((to - from) / 2)
        mass += w
        sum += w * f(scale * r * Math.cos(angle), scale * r * Math.cos(angle - tilt))
      })
    })
  })
  return sum / mass
}

/** A deep network asks the same of every layer, and again after every edit: each answer is worked out once. */
const known = new Map<string, BatchNormMoments>()
/** Moments at a batch of B > 5 examples; at Infinity, or beyond 2000, the limit. */
export function batchNormMoments(entry: Activation, p: Params, batch: number): BatchNormMoments {
  const key = `${entry.id} ${JSON.stringify(p)} ${batch <= 2000 ? batch : 'many'}`
  let m = known.get(key)
  if (!m) {
    // Dragging a parameter asks for many; the newest hundred are enough.
    if (known.size >= 100) known.clear()
    known.set(key, (m = compute(entry, p, batch)))
  }
  return m
}
function compute(entry: Activation, p: Params, batch: number): BatchNormMoments {
  const f = (z: number): number => entry.f(z, p)
  const d = (z: number): number => entry.df(z, p)
  if (!(batch <= 2000)) {
    const mean = gaussianMean(f, 1)
    const slopeSquare = gaussianMean((z) => d(z) ** 2, 1)
    return { square: gaussianMean((z) => f(z) ** 2, 1), product: mean * mean, mean, slopeSquare, through: slopeSquare }
  }
  const B = batch
  const pair = (g: (a: number, b: number) => number): number => pairMean(g, B)
  const slopeSquare = pair((a) => d(a) ** 2)
  // P projects out the batch mean and the normalised batch r = y/√B, G the mean alone; deep inside, the gradient's
  // covariance is ∝ G. tr(P D G D) = Σᵢⱼ Gᵢⱼ²·dᵢdⱼ − rᵀD G D r
  const spread = B * slopeSquare * (1 - 1 / B) ** 2 + ((B - 1) / B) * pair((a, b) => d(a) * d(b))
  const own = pair((a) => d(a) ** 2 * a * a)
  const along = own - (own + (B - 1) * pair((a, b) => d(a) * d(b) * a * b)) / B
  // E[B/χ²] of the batch variance, with B − 1 degrees of freedom: B/(B − 3).
  const through = ((spread - along) / (B - 1)) * (B / (B - 3))
  return {
    square: pair((a) => f(a) ** 2),
    product: pair((a, b) => f(a) * f(b)),
    mean: pair((a) => f(a)),
    slopeSquare,
    through
  }
}

/**
 * Gain of the gradient's variance per layer of dense → batch norm → activation without skips, for square layers; any
 * weight variance: the norm cancels it (Yang 2019). π/(π − 1) = 1.467 for ReLU at large batches, more at small ones.
 */
export function batchNormGain(entry: Activation, p: Params, batch: number): number {
  const m = batchNormMoments(entry, p, batch)
  return m.through / (m.square - m.product)
}
