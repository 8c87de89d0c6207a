import { sizeOf } from '../base/sizeOf'
import { alphaMoments } from '../catalog/layers/alphaDropout'
import { windowOf as poolOf } from '../catalog/layers/parts/pooling'
import { windows, type Window } from '../catalog/layers/parts/window'
import type { Spec } from '../base/params'
import type { PlanLayer } from '../experiment/plan'
import { batchNormMoments } from './batchNorm'
import { activationOf } from './chi'
import { throughConvolution, throughKernel, throughMaxout } from './kernel'
import { throughActivation, unknown, type Passage, type Signal } from './signal'

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
  // What an activation reads of a unit that is normalised passes for Gaussian, whatever it was before.
  const gaussian = x.gaussian || next !== undefined
  const out: Signal = {
    square: 1,
    product: Number.isFinite(batch) ? -1 / (batch - 1) : 0,
    mean: 0,
    gaussian,
    ...(gaussian && { batch })
  }
  if (!gaussian) return { out, back: [1 / (variance + epsilon)] }
  const { entry, params } = activationOf(next ?? { id: 'linear' })
  const m = batchNormMoments(entry, params, batch)
  return { out, back: [m.through / m.slopeSquare / (variance + epsilon)] }
}

/**
 * Layer norm. On the way back mean and scale are projected out, 2 of n directions, and the inverse variance of n
 * Gaussian numbers is (n − 1)-degree χ²: E[1/s²] = n/((n − 3)·σ²). Together (n − 2)/(n − 3)/σ².
 */
function throughLayerNorm(l: PlanLayer, x: Signal): Passage {
  const width = l.inputShapes[0]![l.inputShapes[0]!.length - 1]!
  const variance = x.square - x.mean ** 2 + (l.params.epsilon as number)
  if (width < 4 || !(variance > 0)) return unknown(l)
  return {
    out: { square: 1, product: (x.product - x.mean ** 2) / variance, mean: 0, gaussian: x.gaussian },
    back: [(width - 2) / (width - 3) / variance]
  }
}
/**
 * A sum. Its parts are independent but for their means: a branch draws its weights whatever the shortcut holds, so that
 * E[ab] = E[a]·E[b], and the gradients of the parts add up in squares.
 */
function throughSum(l: PlanLayer, [branch, ...rest]: readonly Signal[]): Passage {
  const scale = l.params.scale as number
  const parts = [
    {
      ...branch!,
      square: branch!.square * scale ** 2,
      product: branch!.product * scale ** 2,
      mean: branch!.mean * scale
    },
    ...rest
  ]
  const sum = (f: (s: Signal) => number): number => parts.reduce((a, s) => a + f(s), 0)
  const mean = sum((s) => s.mean)
  const common = mean ** 2 - sum((s) => s.mean ** 2)
  const variance = (s: Signal): number => s.square - s.mean ** 2
  // What is mostly Gaussian passes for it.
  const odd = sum((s) => (s.gaussian ? 0 : variance(s)))
  const back = [scale ** 2, ...rest.map(() => 1)]
  const out = {
    square: sum((s) => s.square) + common,
    product: sum((s) => s.product) + common,
    mean,
    gaussian: odd <= sum(variance) / 2 + 1e-12
  }
  return { out, back }
}

/**
 * What a layer does at initialisation.
 * @param inputs what comes in, where it is known
 * @param reader the one layer that reads it, if there is but one
 * @param products whether anybody asks what two examples have in common
 */
export function passage(
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
      const through = throughActivation(l.activation, x, products)
      return through ? { out: through.out, back: [through.back] } : unknown(l)
    }
    case 'batchNorm':
      // Of a picture, each position is an example of its channel.
      return throughBatchNorm(
        l,
        x,
        reader?.kind.id === 'activation' ? reader.activation : undefined,
        batch * sizeOf(l.inputShapes[0]!.slice(0, -1))
      )
    case 'layerNorm':
      return throughLayerNorm(l, x)
    case 'add':
      return throughSum(l, inputs as Signal[])
    default:
      return unknown(l)
  }
}
