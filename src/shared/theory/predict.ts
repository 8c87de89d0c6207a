import { sizeOf } from '../base/sizeOf'
import { initializers } from '../catalog/initializers'
import type { Plan, PlanLayer } from '../experiment/plan'
import type { Spec } from '../base/params'
import { INPUT } from '../experiment/types'
import { alphaMoments } from '../catalog/layers/alphaDropout'
import { windowOf as kernelOf } from '../catalog/layers/parts/convolution'
import { windowOf as poolOf } from '../catalog/layers/parts/pooling'
import { windows, zerosBefore, type Window } from '../catalog/layers/parts/window'
import { batchNormMoments } from './batchNorm'
import { activationMoments, activationOf, isHomogeneous } from './chi'
import { gaussianCdf } from '../base/gaussian'
import { gaussianMean, gaussianProduct } from './quadrature'

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

/** Variance of a layer's kernel at initialisation; undefined where another theory is needed. */
function kernelVariance(l: PlanLayer): { fanIn: number; fanOut: number; variance: number } | undefined {
  const kernel = l.weights.find((w) => w.role === 'kernel')
  const bias = l.weights.find((w) => w.role === 'bias')
  if (!kernel || (bias && bias.init.id !== 'zeros' && !(bias.init.id === 'constant' && bias.init.value === 0)))
    return undefined
  const { id, ...params } = kernel.init
  const init = initializers.get(id)
  const { fanIn, fanOut } = kernel
  // Entries that share a mean add up coherently.
  if (init.mean && init.mean(fanIn, fanOut, params, kernel.shape) !== 0) return undefined
  return { fanIn, fanOut, variance: init.variance(fanIn, fanOut, params, kernel.shape) }
}
/**
 * z = xW at initialisation (Poole 2016, eq. 3; Schoenholz 2017 for the way back).
 * @param share of the kernel that lies within the input: as an output sees it, and as an input does (Xiao 2018, there
 *   for circular padding)
 */
function throughKernel(l: PlanLayer, x: Signal | undefined, products: boolean, share = { out: 1, in: 1 }): Passage {
  const kernel = kernelVariance(l)
  if (!kernel) return unknown(l)
  const spec = l.activation ?? { id: 'linear' }
  const way = kernel.fanOut * share.in * kernel.variance
  if (!x) {
    // Where the slope is the same on all of a side, only the sides of z matter, and those are even whatever comes in.
    const { entry, params } = activationOf(spec)
    return isHomogeneous(entry, params) ? { back: [way * activationMoments(entry, params, 1).slopeSquare] } : unknown(l)
  }
  const forward = kernel.fanIn * share.out * kernel.variance
  const z: Signal = { square: forward * x.square, product: forward * x.product, mean: 0, gaussian: true }
  const { out, back } = throughActivation(spec, z, products)
  return { out, back: [way * back] }
}
/**
 * Part of a window that lies within an axis, on average over the windows; and the same, as an element sees it, over the
 * elements.
 */
function coverage(length: number, w: Window): { out: number; in: number } {
  const [n, before] = [windows(length, w), zerosBefore(length, w)]
  let taps = 0
  for (let o = 0; o < n; o++)
    taps += Math.max(0, Math.min(length, o * w.stride - before + w.size) - Math.max(0, o * w.stride - before))
  return { out: taps / (n * w.size), in: taps / (length * w.size) }
}
/** Zeros beyond the border carry nothing in and take some of what goes back. */
function throughConvolution(l: PlanLayer, x: Signal | undefined, products: boolean): Passage {
  const share = { out: 1, in: 1 }
  for (const length of l.inputShapes[0]!.slice(0, -1)) {
    const c = coverage(length, kernelOf(l.params))
    share.out *= c.out
    share.in *= c.in
  }
  return throughKernel(l, x, products, share)
}
/** The largest of k independent Gaussians; the gradient takes the way of the piece that won. */
function throughMaxout(l: PlanLayer, x: Signal | undefined): Passage {
  const kernel = kernelVariance(l)
  if (!kernel) return unknown(l)
  const back = [kernel.fanOut * kernel.variance]
  if (!x) return { back }
  const k = l.params.pieces as number
  const q = kernel.fanIn * kernel.variance * x.square
  const ofLargest = (f: (z: number) => number): number =>
    gaussianMean((u) => k * gaussianCdf(u) ** (k - 1) * f(Math.sqrt(q) * u), 1)
  const mean = ofLargest((z) => z)
  return { out: { square: ofLargest((z) => z * z), product: mean ** 2, mean, gaussian: false }, back }
}
/**
 * Each position gets an equal share of what its window gets; the mean of neighbours depends on what they have in
 * common, which is not followed.
 */
function throughAverage(l: PlanLayer, w?: Window): Passage {
  const axes = l.inputShapes[0]!.slice(0, -1)
  // Overlapping windows' gradients would have something in common as well.
  if (w && (w.stride < w.size || axes.some((n) => w.padding === 'same' && n % w.stride))) return unknown(l)
  return { back: [axes.reduce((share, n) => share * (w ? windows(n, w) / n / w.size : 1 / n ** 2), 1)] }
}

/** Inputs side by side: each gets its own gradient back; their squares count by their widths. */
function besides(l: PlanLayer, inputs: (Signal | undefined)[]): Passage {
  const back = inputs.map(() => 1)
  const [x] = inputs
  if (!x || inputs.some((s) => !s)) return { back }
  const all = inputs as Signal[]
  // Units that differ are no single Gaussian to what comes next.
  const alike = all.every((s) => s.gaussian && s.square === x.square && s.product === x.product && s.batch === x.batch)
  if (alike) return { out: x, back }
  const width = (k: number): number => l.inputShapes[k]![l.inputShapes[k]!.length - 1]!
  const total = all.reduce((n, _, k) => n + width(k), 0)
  const mean = (f: (s: Signal) => number): number => all.reduce((sum, s, k) => sum + (f(s) * width(k)) / total, 0)
  return {
    out: { square: mean((s) => s.square), product: mean((s) => s.product), mean: mean((s) => s.mean), gaussian: false },
    back
  }
}

/** Batch norm; `next` is the activation that reads it, if it is all that does. */
function throughBatchNorm(l: PlanLayer, x: Signal, next: Spec | undefined, batch: number): Passage {
  const variance = x.square - x.product
  const epsilon = l.params.epsilon as number
  // Nothing comes in: nothing to divide by but √ε, and only the mean is projected out.
  if (x.square === 0)
    return { out: { square: 0, product: 0, mean: 0, gaussian: x.gaussian }, back: [(1 - 1 / batch) / epsilon] }
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

function passage(
  l: PlanLayer,
  inputs: (Signal | undefined)[],
  reader: PlanLayer | undefined,
  products: boolean,
  batch: number
): Passage {
  const x = inputs[0]
  // The way back through these does not hang on all of what comes in.
  switch (l.kind.id) {
    case 'dense':
      return throughKernel(l, x, products)
    case 'conv1d':
    case 'conv2d':
      return throughConvolution(l, x, products)
    case 'maxout':
      return throughMaxout(l, products ? undefined : x)
    case 'averagePool':
      return throughAverage(l, poolOf(l.params))
    case 'globalAveragePool':
      return throughAverage(l)
    case 'flatten':
    case 'reshape':
      return { ...(x && { out: x }), back: [1] }
    case 'concatenate':
      return besides(l, inputs)
    case 'dropout': {
      const keep = 1 - (l.params.rate as number)
      return {
        ...(x && { out: { ...x, square: x.square / keep, gaussian: keep === 1 && x.gaussian } }),
        back: [1 / keep]
      }
    }
    case 'alphaDropout': {
      const m = alphaMoments(l.params.rate as number)
      if (!x || products) return { back: [m.back] }
      const { square, mean } = m.of(x.square, x.mean)
      return { out: { square, mean, product: mean ** 2, gaussian: m.back === 1 && x.gaussian }, back: [m.back] }
    }
  }
  if (inputs.some((s) => !s) || !x) return unknown(l)
  switch (l.kind.id) {
    case 'activation': {
      if (!x.gaussian || !l.activation) return unknown(l)
      const { out, back } = throughActivation(l.activation, x, products)
      return { out, back: [back] }
    }
    case 'batchNorm':
      // Of a picture, each position is an example of its channel.
      return throughBatchNorm(
        l,
        x,
        reader?.kind.id === 'activation' ? reader.activation : undefined,
        batch * sizeOf(l.inputShapes[0]!.slice(0, -1))
      )
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
        {
          ...branch,
          square: branch.square * scale ** 2,
          product: branch.product * scale ** 2,
          mean: branch.mean * scale
        },
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
    default:
      return unknown(l)
  }
}

/**
 * The gradient's profile through a network at initialisation, in the limit of wide layers: mean squares are followed
 * forward (Poole 2016), then back (Schoenholz 2017), through kernels dense and convolutional, maxout, batch norm at the
 * batch size given (Yang 2019), layer norm, dropout, average pooling, concatenation and additions (independent parts).
 * Not through a max pool, whose choice and the slope before it have much in common, nor through time.
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
