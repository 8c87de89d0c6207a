import { initializers } from '../initializers'
import type { Plan, PlanLayer } from '../experiment/plan'
import type { Spec } from '../params'
import { INPUT } from '../experiment/types'
import { batchNormMoments } from './batchNorm'
import { activationMoments, activationOf } from './chi'
import { gaussianProduct } from './quadrature'

/** What theory says of one layer at initialisation; a field is absent where the theory doesn't reach. */
export interface Prediction {
  /** RMS of ∂loss/∂(the layer's input) over RMS of ∂loss/∂(its output): √χ₁ of the layer. For `add`, of the branch. */
  through?: number
  /** RMS of ∂loss/∂(the layer's output) over that at the network's output. */
  profile?: number
  /** √E[h²] of the layer's output. */
  activationRms?: number
}
export interface PredictOptions {
  /** Examples per step: batch norm explodes more with few. Default: many. */
  batchSize?: number
  /** E[x²] of the data, 1 when standardised. */
  inputSquare?: number
}

/** A layer's output at initialisation, in the limit of wide layers. */
interface Signal {
  /** E[h²] */
  square: number
  /** E[hᵢhⱼ] of one unit for two examples. */
  product: number
  /** E[h] */
  mean: number
  /** h is Gaussian around 0, so that an activation's moments are known. */
  gaussian: boolean
  /** Normalised over a batch of this many examples. */
  batch?: number
}
/** Forward: the output, and what a gradient's mean square is multiplied by on the way back to each input. */
interface Passage {
  out?: Signal
  back: (number | undefined)[]
}
const unknown = (l: PlanLayer): Passage => ({ back: l.inputs.map(() => undefined) })

function throughActivation(spec: Spec, z: Signal, products: boolean): { out: Signal; back: number } {
  const { entry, params } = activationOf(spec)
  if (entry.id === 'linear') return { out: z, back: 1 }
  if (z.batch) {
    const m = batchNormMoments(entry, params, z.batch)
    return { out: { square: m.square, product: m.product, mean: m.mean, gaussian: false }, back: m.slopeSquare }
  }
  const m = activationMoments(entry, params, z.square)
  const product = products ? gaussianProduct((x) => entry.f(x, params), z.square, z.product) : m.mean ** 2
  return { out: { square: m.square, product, mean: m.mean, gaussian: false }, back: m.slopeSquare }
}

/** z = xW at initialisation (Poole 2016, eq. 3; Schoenholz 2017 for the way back). */
function throughDense(l: PlanLayer, x: Signal, products: boolean): Passage {
  const kernel = l.weights.find((w) => w.role === 'kernel')
  const bias = l.weights.find((w) => w.role === 'bias')
  if (!kernel || (bias && bias.init.id !== 'zeros' && !(bias.init.id === 'constant' && bias.init.value === 0))) return unknown(l)
  const { id, ...params } = kernel.init
  const init = initializers.get(id)
  // Entries that share a mean add up coherently: another theory.
  if (init.mean && init.mean(kernel.fanIn, kernel.fanOut, params, kernel.shape) !== 0) return unknown(l)
  const variance = init.variance(kernel.fanIn, kernel.fanOut, params, kernel.shape)
  const forward = kernel.fanIn * variance
  const z: Signal = { square: forward * x.square, product: forward * x.product, mean: 0, gaussian: true }
  const { out, back } = throughActivation(l.activation ?? { id: 'linear' }, z, products)
  return { out, back: [kernel.fanOut * variance * back] }
}

/** Batch norm; `next` is the activation that reads it, if it is all that does. */
function throughBatchNorm(l: PlanLayer, x: Signal, next: Spec | undefined, batch: number): Passage {
  const variance = x.square - x.product
  const epsilon = l.params.epsilon as number
  // Nothing comes in: nothing to divide by but √ε, and only the mean is projected out.
  if (x.square === 0) return { out: { square: 0, product: 0, mean: 0, gaussian: x.gaussian }, back: [(1 - 1 / batch) / epsilon] }
  if (!(variance > 1e-9 * x.square) || !(batch > 5)) return unknown(l)
  const out: Signal = {
    square: 1,
    product: Number.isFinite(batch) ? -1 / (batch - 1) : 0,
    mean: 0,
    gaussian: x.gaussian,
    ...(x.gaussian && { batch })
  }
  if (!x.gaussian) return { out, back: [1 / (variance + epsilon)] }
  const { entry, params } = activationOf(next ?? { id: 'linear' })
  const m = batchNormMoments(entry, params, batch)
  return { out, back: [m.through / m.slopeSquare / (variance + epsilon)] }
}

function passage(l: PlanLayer, inputs: (Signal | undefined)[], reader: PlanLayer | undefined, products: boolean, batch: number): Passage {
  const x = inputs[0]
  if (inputs.some((s) => !s) || !x) return unknown(l)
  switch (l.kind.id) {
    case 'dense':
      return throughDense(l, x, products)
    case 'activation': {
      if (!x.gaussian || !l.activation) return unknown(l)
      const { out, back } = throughActivation(l.activation, x, products)
      return { out, back: [back] }
    }
    case 'batchNorm':
      return throughBatchNorm(l, x, reader?.kind.id === 'activation' ? reader.activation : undefined, batch)
    case 'layerNorm': {
      const width = l.inputShapes[0]![l.inputShapes[0]!.length - 1]!
      const variance = x.square - x.mean ** 2 + (l.params.epsilon as number)
      // Mean and scale of the gradient are projected out: 2 of `width` directions.
      if (width < 4 || !(variance > 0)) return unknown(l)
      return {
        out: { square: 1, product: (x.product - x.mean ** 2) / variance, mean: 0, gaussian: x.gaussian },
        back: [(width - 2) / width / variance]
      }
    }
    case 'add': {
      const scale = l.params.scale as number
      const branch = inputs[0]!
      const rest = inputs.slice(1) as Signal[]
      const all = [
        { ...branch, square: branch.square * scale ** 2, product: branch.product * scale ** 2, mean: branch.mean * scale },
        ...rest
      ]
      // Two parts with a mean are correlated, and so are their gradients.
      if (all.filter((s) => s.mean !== 0).length > 1) return unknown(l)
      const sum = (f: (s: Signal) => number): number => all.reduce((a, s) => a + f(s), 0)
      const gaussian = all.every((s) => s.gaussian || s.square === 0)
      return {
        out: { square: sum((s) => s.square), product: sum((s) => s.product), mean: sum((s) => s.mean), gaussian },
        back: [scale ** 2, ...rest.map(() => 1)]
      }
    }
    case 'dropout': {
      const keep = 1 - (l.params.rate as number)
      return { out: { ...x, square: x.square / keep, gaussian: keep === 1 && x.gaussian }, back: [1 / keep] }
    }
    case 'flatten':
      return { out: x, back: [1] }
    default:
      return unknown(l)
  }
}

/**
 * The gradient's profile through a network at initialisation, in the limit of wide layers: mean squares are followed forward (Poole 2016),
 * then back (Schoenholz 2017), through batch norm at the batch size given (Yang 2019), layer norm, dropout and additions (independent parts).
 * @returns one prediction per plan layer, in the plan's order.
 */
export function predictGains(plan: Plan, options: PredictOptions = {}): Prediction[] {
  const batch = options.batchSize && options.batchSize > 0 ? options.batchSize : Infinity
  const square = options.inputSquare ?? 1
  // What two examples have in common matters only to a batch norm.
  const products = plan.layers.some((l) => l.kind.id === 'batchNorm')
  const readers = new Map<string, PlanLayer[]>()
  for (const l of plan.layers) for (const i of l.inputs) readers.set(i, [...(readers.get(i) ?? []), l])
  const signals = new Map<string, Signal | undefined>([[INPUT, { square, product: 0, mean: 0, gaussian: false }]])
  const passages = plan.layers.map((l) => {
    const read = readers.get(l.id) ?? []
    const p = passage(
      l,
      l.inputs.map((i) => signals.get(i)),
      read.length === 1 ? read[0] : undefined,
      products,
      batch
    )
    signals.set(l.id, p.out)
    return p
  })
  const profile = new Map<string, number | undefined>()
  for (let i = plan.layers.length - 1; i >= 0; i--) {
    const l = plan.layers[i]!
    if (l.id === plan.output) profile.set(l.id, 1)
    else {
      let sum: number | undefined = 0
      for (const r of new Set(readers.get(l.id)))
        r.inputs.forEach((from, k) => {
          const [g, b] = [profile.get(r.id), passages[r.index]!.back[k]]
          if (from === l.id) sum = sum === undefined || g === undefined || b === undefined ? undefined : sum + g * b
        })
      profile.set(l.id, sum)
    }
  }
  return plan.layers.map((l, i) => {
    const [through, p, out] = [passages[i]!.back[0], profile.get(l.id), passages[i]!.out]
    return {
      ...(through !== undefined && { through: Math.sqrt(through) }),
      ...(p !== undefined && { profile: Math.sqrt(p) }),
      ...(out && { activationRms: Math.sqrt(out.square) })
    }
  })
}
