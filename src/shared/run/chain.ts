import type { RunLayer } from './types'

/** One factor of the chain ∂L/∂h_l = ∂L/∂h_{l+1} · f′(z_{l+1}) · W_{l+1}, in sizes (RMS). */
export interface Link {
  layer: RunLayer
  /** The layer towards the loss that the gradient comes from. */
  from: RunLayer
  /** RMS of ∂L/∂h_l over that of ∂L/∂h_{l+1}; undefined when not measured, or 0/0. */
  factor: number | undefined
  /**
   * The share of it due to f′: RMS of ∂L/∂z_{l+1} over that of ∂L/∂h_{l+1}. Only where `from` reads `layer` and nothing
   * else.
   */
  slope: number | undefined
  /** The share due to the weights: RMS of ∂L/∂h_l over that of ∂L/∂z_{l+1}. */
  weights: number | undefined
  /** The factor that theory expects at initialisation. */
  theory: number | undefined
  /**
   * Product of all factors from the start of the chain down to here: RMS of ∂L/∂h_l over that where the chain starts.
   */
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
 * The gradient's way back through some layers as a product of factors. The cumulative product is taken from the two
 * ends, not multiplied up, so that nothing is rounded on the way; a layer that has lost its gradient to 0 makes every
 * product behind it 0, one that is NaN makes it NaN.
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
/**
 * The same from the loss to the first layer, the way the gradient goes: a value per column, that of the start first.
 * @param treated predicted profile of ∂L/∂h with a remedy on, by layer id; only its quotients count
 */
export function chainRows(
  { start, startValue, links }: Chain,
  treated?: ReadonlyMap<string, number>
): Record<'slope' | 'weights' | 'gain' | 'gradient' | 'theory' | 'treated', (number | undefined)[]> {
  const back = [...links].reverse()
  const from = (x: number | undefined): number | undefined =>
    x === undefined || startValue === undefined ? undefined : x * startValue
  const column = (of: (l: Link) => number | undefined, first?: number): (number | undefined)[] => [
    first,
    ...back.map(of)
  ]
  const base = start && treated?.get(start.id)
  return {
    slope: column((l) => l.slope),
    weights: column((l) => l.weights),
    gain: column((l) => l.factor),
    gradient: column((l) => from(l.product), startValue),
    theory: column((l) => from(l.theoryProduct), start?.theoryProfile === undefined ? undefined : startValue),
    treated: column((l) => from(ratio(treated?.get(l.layer.id), base)), base === undefined ? undefined : startValue)
  }
}
/**
 * The geometric mean of the factors between the ends of a row of gradients, first layer first; undefined where an end
 * is 0 or no number.
 */
export function meanFactor(gradients: readonly (number | undefined)[]): number | undefined {
  const product = ratio(gradients[0], gradients[gradients.length - 1])
  return gradients.length < 2 || product === undefined || !(product > 0) || !Number.isFinite(product)
    ? undefined
    : product ** (1 / (gradients.length - 1))
}

/**
 * The last factor, ∂L/∂W_l = ∂L/∂h_l · f′(z_l) · h_{l−1}, and the step that is made of it, ΔW_l = −α ∂L/∂W_l, in sizes
 * (RMS over all entries).
 */
export interface WeightLink {
  /** RMS of ∂L/∂h_l. */
  gradient: number | undefined
  /** RMS of ∂L/∂z_l over that of ∂L/∂h_l. */
  slope: number | undefined
  /** RMS of ∂L/∂W_l over that of ∂L/∂z_l: what the layer's input makes of it, summed over the batch. */
  input: number | undefined
  weightGradient: number | undefined
  /** α of the step, schedule included. */
  rate: number | undefined
  /** α times RMS of ∂L/∂W_l: the step of plain gradient descent. */
  step: number | undefined
  /** RMS of ΔW_l as it was really applied, by this optimizer and after clipping. */
  applied: number | undefined
  /** ‖ΔW_l‖/‖W_l‖. */
  relative: number | undefined
}
/** @param rate learning rate of the step */
export function weightLink(layer: RunLayer, read: Reader, rate: number | undefined): WeightLink {
  const [h, z, g, norm] = [
    'activationGradientRms',
    'preActivationGradientRms',
    'weightGradientRms',
    'weightGradientNorm'
  ].map((s) => read(layer, s))
  const relative = read(layer, 'updateRatio')
  // A norm is √n times the RMS: the gradient's two say how many entries there are.
  const [size, root] = [read(layer, 'weightNorm'), ratio(norm, g)]
  return {
    gradient: h,
    slope: ratio(z, h),
    input: ratio(g, z),
    weightGradient: g,
    rate,
    step: rate === undefined || g === undefined ? undefined : rate * g,
    applied: relative === undefined || size === undefined || root === undefined ? undefined : (relative * size) / root,
    relative
  }
}

const DIGITS = '₀₁₂₃₄₅₆₇₈₉'
/** `12` → `₁₂`. */
export const subscript = (n: number): string => [...String(n)].map((d) => DIGITS[Number(d)] ?? d).join('')
