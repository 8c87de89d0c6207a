import type { Plan, PlanLayer } from '../experiment/plan'
import { INPUT } from '../experiment/types'
import { nextTowardsLoss } from '../run/path'
import { passage } from './passage'
import type { Passage, Signal } from './signal'

/** What theory says of one layer at initialisation; a field is absent where the theory doesn't reach. */
export interface Prediction {
  /** RMS of ∂loss/∂(the layer's input) over RMS of ∂loss/∂(its output): √χ₁ of the layer. For `add`, of the branch. */
  through?: number
  /** RMS of ∂loss/∂(the layer's output) over that at the network's output. */
  profile?: number
  /**
   * Standard deviation of ln `profile` over initialisations, for the gradient of one example, or of examples that share
   * it as those of a single output do. The mean over examples with gradients of their own scatters less.
   */
  spread?: number
  /** What the statistic `gain` measures: `profile` over that of the next layer towards the loss. */
  gain?: number
  /** √E[h²] of the layer's output. */
  activationRms?: number
}
export interface PredictOptions {
  /** Examples per step: batch norm explodes more with few. Default: many. */
  batchSize?: number
  /** E[x²] of the data, 1 when standardised. */
  inputSquare?: number
}

/**
 * The gradient's profile through a network at initialisation, in the limit of wide layers: mean squares are followed
 * forward (Poole 2016), then back (Schoenholz 2017), through kernels dense and convolutional, maxout, batch norm at the
 * batch size given (Yang 2019), layer norm, dropout, average pooling, concatenation and additions. Where a sum adds
 * activations with a mean, as x + relu(Wx) does, a deep stack of finite width n gains more than its wide limit once the
 * signal has outgrown the gradient by the factor n: then the gradient lines up with the signal. Not through a max pool,
 * whose choice and the slope before it have much in common, nor through time.
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
  const profile = profileOf(plan, passages, readers)
  const rms = (id: string): number | undefined => {
    const p = profile.get(id)
    return p && Math.sqrt(p.square)
  }
  return plan.layers.map((l, i) => {
    const [through, out, own] = [passages[i]!.back[0], passages[i]!.out, rms(l.id)]
    const next = nextTowardsLoss(plan.layers, l, () => true)
    const after = next && rms(next.id)
    return {
      ...(through !== undefined && { through: Math.sqrt(through) }),
      // The variance is that of the square's logarithm.
      ...(own !== undefined && { profile: own, spread: Math.sqrt(profile.get(l.id)!.variance) / 2 }),
      ...(own !== undefined && after && { gain: own / after }),
      ...(out && { activationRms: Math.sqrt(out.square) })
    }
  })
}

/** A gradient's mean square over that at the output, and the variance of its logarithm. */
interface Way {
  square: number
  variance: number
}
/** Follows the gradient back from the output; parts of several readers are independent. */
function profileOf(
  plan: Plan,
  passages: readonly Passage[],
  readers: ReadonlyMap<string, readonly PlanLayer[]>
): Map<string, Way | undefined> {
  const profile = new Map<string, Way | undefined>()
  const at = (l: PlanLayer): Way | undefined => {
    if (l.id === plan.output) return { square: 1, variance: 0 }
    const parts = [...new Set(readers.get(l.id))].flatMap((r) =>
      r.inputs.flatMap((from, k) =>
        from === l.id ? [{ r, way: profile.get(r.id), back: passages[r.index]!.back[k] }] : []
      )
    )
    let [square, variance] = [0, 0]
    for (const { way, back } of parts) {
      if (!way || back === undefined) return undefined
      square += way.square * back
    }
    for (const { r, way, back } of square > 0 ? parts : []) {
      const share = (way!.square * back!) / square
      // What lies above is common to all parts, what a part adds is its own.
      variance += share * way!.variance + share ** 2 * (passages[r.index]!.scatter ?? 0)
    }
    return { square, variance }
  }
  for (const l of [...plan.layers].reverse()) profile.set(l.id, at(l))
  return profile
}
