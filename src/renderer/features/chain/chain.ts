import type { RunLayer } from '@shared/run/types'

/** One factor of the chain ∂L/∂h_l = ∂L/∂h_{l+1} · f′(z_{l+1}) · W_{l+1}, in sizes (RMS). */
export interface Link {
  layer: RunLayer
  /** The layer towards the loss that the gradient comes from. */
  from: RunLayer
  /** RMS of ∂L/∂h_l over that of ∂L/∂h_{l+1}; undefined when not measured, or 0/0. */
  factor: number | undefined
  /** The share of it due to f′: RMS of ∂L/∂z_{l+1} over that of ∂L/∂h_{l+1}. Only where `from` reads `layer` and nothing else. */
  slope: number | undefined
  /** The share due to the weights: RMS of ∂L/∂h_l over that of ∂L/∂z_{l+1}. */
  weights: number | undefined
  /** The factor that theory expects at initialisation. */
  theory: number | undefined
  /** Product of all factors from the start of the chain down to here: RMS of ∂L/∂h_l over that where the chain starts. */
  product: number | undefined
  theoryProduct: number | undefined
}
export interface Chain {
  /** Layer nearest to the loss: its gradient is what the factors multiply. */
  start: RunLayer | undefined
  startValue: number | undefined
  /** In forward order: the gradient passes the last one first. */
  links: Link[]
}
/** A recorded value of a layer at the step in question. */
export type Reader = (layer: RunLayer, statistic: string) => number | undefined

const ratio = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined || (a === 0 && b === 0) ? undefined : a / b

/**
 * The gradient's way back through some layers as a product of factors.
 * The cumulative product is taken from the two ends, not multiplied up, so that nothing is rounded on the way; a layer that has lost its
 * gradient to 0 makes every product behind it 0, one that is NaN makes it NaN.
 * @param layers in forward order, each with a recorded activation gradient
 */
export function chainOf(layers: readonly RunLayer[], read: Reader): Chain {
  const start = layers[layers.length - 1]
  if (!start) return { start: undefined, startValue: undefined, links: [] }
  const size = (l: RunLayer): number | undefined => read(l, 'activationGradientRms')
  const links = layers.slice(0, -1).map((layer, i): Link => {
    const from = layers[i + 1]!
    const alone = from.inputs.length === 1 && from.inputs[0] === layer.id
    const z = alone ? read(from, 'preActivationGradientRms') : undefined
    return {
      layer,
      from,
      factor: ratio(size(layer), size(from)),
      slope: ratio(z, size(from)),
      weights: z === undefined ? undefined : ratio(size(layer), z),
      theory: ratio(layer.theoryProfile, from.theoryProfile),
      product: ratio(size(layer), size(start)),
      theoryProduct: ratio(layer.theoryProfile, start.theoryProfile)
    }
  })
  return { start, startValue: size(start), links }
}
/** The factor per layer that a chain amounts to: geometric mean of its factors. */
export function meanFactor(chain: Chain): number | undefined {
  const product = chain.links[0]?.product
  return product === undefined || !(product > 0) || !Number.isFinite(product) ? undefined : product ** (1 / chain.links.length)
}

const DIGITS = '₀₁₂₃₄₅₆₇₈₉'
/** `12` → `₁₂`. */
export const subscript = (n: number): string => [...String(n)].map((d) => DIGITS[Number(d)] ?? d).join('')

/** A factor of 16 either way fills the height there is for it; what is beyond is cut there and said in digits. */
export const OCTAVES = 4
/** Height of a bar of a factor, −1 … 1, on a log scale that reaches `octaves` either way; undefined for what has no logarithm. */
export function octaveBar(factor: number | undefined, octaves: number): number | undefined {
  if (factor === undefined || Number.isNaN(factor)) return undefined
  if (factor === 0) return -1
  if (!Number.isFinite(factor)) return 1
  return Math.max(-1, Math.min(1, Math.log2(factor) / octaves))
}

/** Height of a bar of a product, −1 … 1, on a log scale that reaches `decades` either way; undefined for what has none. */
export function decadeBar(product: number | undefined, decades: number): number | undefined {
  if (product === undefined || Number.isNaN(product)) return undefined
  return product === 0 ? -1 : Number.isFinite(product) ? Math.log10(product) / decades : 1
}
/** Decades that the products of a chain need, at least 2. */
export function productReach(chain: Chain): number {
  const logs = chain.links
    .flatMap((l) => [l.product, l.theoryProduct])
    .filter((x): x is number => x !== undefined && x > 0 && Number.isFinite(x))
    .map((x) => Math.abs(Math.log10(x)))
  return Math.max(2, Math.ceil(Math.max(0, ...logs)))
}
/** Where 1 lies in the height, from above: in the middle, or at the end that nothing lies beyond. */
export function oneAt(values: readonly (number | undefined)[]): number {
  const up = values.some((x) => x !== undefined && x > 1)
  const down = values.some((x) => x !== undefined && x < 1)
  return up === down ? 0.5 : up ? 1 : 0
}
