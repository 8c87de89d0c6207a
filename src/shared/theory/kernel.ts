import { initializers } from '../catalog/initializers'
import { windowOf as kernelOf } from '../catalog/layers/parts/convolution'
import { windows, zerosBefore, type Window } from '../catalog/layers/parts/window'
import type { PlanLayer } from '../experiment/plan'
import { gaussianCdf } from '../base/gaussian'
import { activationMoments, activationOf, isHomogeneous } from './chi'
import { gaussianMean } from './quadrature'
import { slopeKurtosis, throughActivation, unknown, type Passage, type Signal } from './signal'

/** What a layer's kernel and bias are drawn from. */
interface Draw {
  fanIn: number
  fanOut: number
  /** Of one entry of the kernel. */
  variance: number
  bias: { mean: number; variance: number }
}
/** Moments of a layer's kernel and bias at initialisation; undefined where another theory is needed. */
function drawOf(l: PlanLayer): Draw | undefined {
  const [kernel, bias] = ['kernel', 'bias'].map((role) => l.weights.find((w) => w.role === role))
  if (!kernel) return undefined
  const moments = (w: NonNullable<typeof kernel>): { mean: number; variance: number } => {
    const { id, ...params } = w.init
    const init = initializers.get(id)
    return {
      mean: init.mean?.(w.fanIn, w.fanOut, params, w.shape) ?? 0,
      variance: init.variance(w.fanIn, w.fanOut, params, w.shape)
    }
  }
  const { mean, variance } = moments(kernel)
  // Entries that share a mean add up coherently.
  if (mean !== 0) return undefined
  return { fanIn: kernel.fanIn, fanOut: kernel.fanOut, variance, bias: bias ? moments(bias) : { mean: 0, variance: 0 } }
}
/**
 * z = xW + b at initialisation (Poole 2016, eq. 3; Schoenholz 2017 for the way back). What scatters over
 * initialisations is the length of a vector behind a Gaussian matrix, 2/n, and which slopes it meets, 3(κ − 1)/n; with
 * ReLU that is the 5/n of Hanin 2018.
 * @param share of the kernel that lies within the input: as an output sees it, and as an input does (Xiao 2018, there
 *   for circular padding)
 */
export function throughKernel(
  l: PlanLayer,
  x: Signal | undefined,
  products: boolean,
  share = { out: 1, in: 1 }
): Passage {
  const draw = drawOf(l)
  if (!draw) return unknown(l)
  const spec = l.activation ?? { id: 'linear' }
  const way = draw.fanOut * share.in * draw.variance
  if (!x) {
    // Where the slope is the same on all of a side, only the sides of z matter, and those are even whatever comes in.
    const { entry, params } = activationOf(spec)
    return isHomogeneous(entry, params) && draw.bias.mean === 0
      ? { back: [way * activationMoments(entry, params, 1).slopeSquare] }
      : unknown(l)
  }
  const forward = draw.fanIn * share.out * draw.variance
  const common = draw.bias.mean ** 2 + draw.bias.variance
  const z: Signal = {
    square: forward * x.square + common,
    product: forward * x.product + common,
    mean: draw.bias.mean,
    gaussian: true
  }
  const through = throughActivation(spec, z, products)
  if (!through) return unknown(l)
  const { out, back } = through
  const units = l.outputShape[l.outputShape.length - 1]!
  return { out, back: [way * back], scatter: (2 + 3 * (slopeKurtosis(spec, z) - 1)) / units }
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
export function throughConvolution(l: PlanLayer, x: Signal | undefined, products: boolean): Passage {
  const share = { out: 1, in: 1 }
  for (const length of l.inputShapes[0]!.slice(0, -1)) {
    const c = coverage(length, kernelOf(l.params))
    share.out *= c.out
    share.in *= c.in
  }
  return throughKernel(l, x, products, share)
}
/** The largest of k independent Gaussians; the gradient takes the way of the piece that won. */
export function throughMaxout(l: PlanLayer, x: Signal | undefined): Passage {
  const kernel = drawOf(l)
  // A bias would tell the pieces apart.
  if (!kernel || kernel.bias.mean || kernel.bias.variance) return unknown(l)
  const back = [kernel.fanOut * kernel.variance]
  if (!x) return { back }
  const k = l.params.pieces as number
  const q = kernel.fanIn * kernel.variance * x.square
  const ofLargest = (f: (z: number) => number): number =>
    gaussianMean((u) => k * gaussianCdf(u) ** (k - 1) * f(Math.sqrt(q) * u), 1)
  const mean = ofLargest((z) => z)
  return { out: { square: ofLargest((z) => z * z), product: mean ** 2, mean, gaussian: false }, back }
}
