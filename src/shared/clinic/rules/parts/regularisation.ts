import type { Params } from '../../../base/params'
import { sites } from '../../remedies/parts/graph'
import { mainPath } from '../../../run/path'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { currentProfile, profileOf } from './profile'
import { isHalfWay } from './progress'
import { guesses, last, learnsWell, lossesAt, median, newest, oldest, S, valuesAt, WINDOW } from './view'
import { once } from './once'

/** Limits that weights are cut to after each step. */
const CUTS = ['weightClip', 'spectralNorm'] as const
type Cut = (typeof CUTS)[number]
/** Settings that hold a network back. `optimizer` is the weight decay of AdamW, `weightDecay` that of any other. */
export type Setting = 'l2' | 'l1' | 'weightDecay' | 'optimizer' | 'dropout' | Cut
/** Whether a setting cuts weights to a limit, where others pull them towards 0 or drop what they read. */
export const isCut = (setting: Setting): setting is Cut => CUTS.includes(setting as Cut)
/** A setting that leaves the loss too little say. */
export interface Regularised {
  setting: Setting
  /** The largest λ, or drop probability; of weights that are cut the limit. */
  value: number
  layers: string[]
  /** The largest pull on a layer ÷ the largest gradient of the loss alone, before anything was pulled. */
  pull?: number
  /** Size of the weights now ÷ at the start, of the layer that has least left. */
  left?: number
  /** Noise ÷ signal behind all dropouts of a chain, where none of them is too strong by itself. */
  noise?: number
  /** The penalty ÷ the loss without it, where that alone tells. */
  outweighs?: number
  /** The network answers well all the same, though without certainty. */
  isMild?: true
}
/** How many times the loss's largest gradient the pull has to be at the start. */
export const PULL = 5
/** Share of their first size under which weights have been pulled away. */
export const LEFT = 0.2
/** The same where the loss has not got far by half of the run. */
const HALF = 0.5
/** Drop probability from which on the values that are left say little of the others. */
export const DROPPED = 0.8
/** λ up to which weights that shrink are taken for a consequence of another fault. A cut is none of that. */
const USUAL: Record<Exclude<Setting, 'dropout'>, number> = {
  l2: 0.01,
  l1: 0.01,
  weightDecay: 0.1,
  optimizer: 0.1,
  weightClip: 0,
  spectralNorm: 0
}
/** First ÷ last hidden layer of a gradient that is sound: beyond these something else is wrong. */
const [VANISHES, EXPLODES] = [0.005, 200]
/** Frames that show the gradients before the weights have been pulled. */
const START = 3
/** Recorded steps after which a network that only guesses is harmed, as in `isHarmed`. */
const LONG = 30
/** The same in the later half of a run. */
const FEWEST = 3
/** A loss of this share of a guess's at half of a run is hardly below it. */
const NEAR = 0.8
/** A training loss of so many times that at the start is harm. The penalty is part of it, and falls by itself. */
const ROSE = 2

/** Share of a guess's loss above which there is more to learn of the training examples. */
const UNLEARNT = 0.3
/**
 * The penalty ÷ the loss without it, from which on it is too strong once weights have come to rest. Of a ridge
 * regression with the best λ it is p/n, weights that matter ÷ examples: λ‖w‖² = σ²·p/n there, and σ² is the loss.
 */
const OUTWEIGHS = 0.25
/** Share of the penalty of some time ago that is left where weights have come to rest. */
const AT_REST = 0.95

/** Share of the way from chance to perfect, on held-out examples too, from which on something is learnt. */
const SOME = 0.2

/** Layers with the λ that pulls their kernels. */
interface Pulled {
  setting: Exclude<Setting, 'dropout'>
  of: { layer: RunLayer; lambda: number }[]
}
const numberOf = (params: Params, key: string): number => (typeof params[key] === 'number' ? params[key] : 0)
/** Whether the gradient of these frames is about as large at the first hidden layer as at the last. */
function isSound(view: RunView, frames?: number[]): boolean {
  const ratio = (frames ? profileOf(view, frames) : currentProfile(view))?.ratio ?? 1
  return ratio > VANISHES && ratio < EXPLODES
}
/** Settings of a run that pull weights towards 0 or cut them down, each with the layers it is about. */
function pulls(view: RunView): Pulled[] {
  const { experiment, main, schema } = view
  if (!experiment) return []
  const { hooks, optimizer } = experiment.training
  const l2 = new Map([...sites(experiment.network.nodes)].map((s) => [s.path, numberOf(s.node.params, 'l2')]))
  const everywhere = (setting: Pulled['setting'], lambda: number): Pulled => ({
    setting,
    of: main.map((layer) => ({ layer, lambda }))
  })
  const hook = (id: 'l1' | 'weightDecay' | Cut, key = 'lambda'): Pulled =>
    everywhere(id, numberOf(hooks.find((h) => h.id === id) ?? {}, key))
  // A critic's weights are cut on purpose, and what was unsound before the first cut is not the limit's doing.
  const cuts = schema.info.task !== 'critic' && isSound(view, [0]) ? CUTS.map((id) => hook(id, 'limit')) : []
  const all: Pulled[] = [
    { setting: 'l2', of: main.map((layer) => ({ layer, lambda: l2.get(layer.node) ?? 0 })) },
    hook('l1'),
    hook('weightDecay'),
    everywhere('optimizer', numberOf(optimizer, 'weightDecay')),
    ...cuts
  ]
  return all.map(({ setting, of }) => ({ setting, of: of.filter((o) => o.lambda > 0) })).filter(({ of }) => of.length)
}
/**
 * The largest pull on a layer ÷ the largest gradient of the loss alone. A penalty's gradient, 2λ‖W‖ or λ√n, is part of
 * the measured one; the two are taken for orthogonal, as they are for weights that know nothing of the data yet.
 * Decay apart from the gradient is αλ‖W‖ of the measured step in the same way.
 */
function pullAtStart(view: RunView, { setting, of }: Pulled): number {
  const frames = oldest(view, START)
  const isPenalty = setting === 'l2' || setting === 'l1'
  const one = (i: number): number => {
    let [strongest, loss] = [0, 0]
    const rate = view.scalar(i, 'learningRate') ?? view.learningRate
    for (const layer of view.main) {
      const lambda = of.find((o) => o.layer === layer)?.lambda ?? 0
      const size = view.value(i, layer.index, S.weights) ?? NaN
      const whole = isPenalty
        ? (view.value(i, layer.index, S.weightGradient) ?? NaN)
        : (view.value(i, layer.index, S.update) ?? NaN) * size
      const pull =
        setting === 'l2'
          ? 2 * lambda * size
          : setting === 'l1'
            ? lambda * Math.sqrt(layer.paramCount)
            : rate * lambda * size
      if (!(whole >= 0 && pull >= 0)) continue
      strongest = Math.max(strongest, pull)
      loss = Math.max(loss, Math.sqrt(Math.max(0, whole ** 2 - pull ** 2)))
    }
    return strongest > 0 ? strongest / loss : 0
  }
  const ratio = median(frames.map(one).filter((r) => r > 0))
  return Number.isNaN(ratio) ? 0 : ratio
}
/** Size of a layer's weights now against their start; 1 where it is not known. */
function leftOf(view: RunView, { index }: RunLayer): number {
  const left = median(valuesAt(view, newest(view), index, S.weights)) / (view.value(0, index, S.weights) ?? NaN)
  return Number.isFinite(left) ? left : 1
}
/** The penalty or decay that has the say in place of the loss. */
function strongPull(view: RunView, most = LEFT): Regularised | undefined {
  for (const pulled of pulls(view)) {
    const { setting, of } = pulled
    const value = Math.max(...of.map((o) => o.lambda))
    const pull = isCut(setting) ? 0 : pullAtStart(view, pulled)
    // A cut that has made a sound gradient vanish needs no more evidence.
    const limit = isCut(setting) && !isSound(view) ? HALF : most
    const shrunk = of
      .filter((o) => o.lambda > USUAL[setting])
      .map(({ layer }) => ({ id: layer.id, left: leftOf(view, layer) }))
      .filter((o) => o.left < limit)
    if (!(pull > PULL) && !shrunk.length) continue
    const strongest = of.filter((o) => o.lambda >= value / PULL).map((o) => o.layer.id)
    return {
      setting,
      value,
      layers: shrunk.length ? shrunk.map((o) => o.id) : strongest,
      ...(pull > 0 && Number.isFinite(pull) && { pull }),
      ...(shrunk.length && { left: Math.min(...shrunk.map((o) => o.left)) })
    }
  }
  return undefined
}
/** Whether a limit on weights has left less than half of a layer. */
export const areWeightsCut = once((view: RunView): boolean =>
  pulls(view).some(({ setting, of }) => isCut(setting) && of.some(({ layer }) => leftOf(view, layer) < HALF))
)
/** Drop probabilities by node. */
const dropRates = ({ experiment }: RunView): Map<string, number> =>
  new Map(
    [...sites(experiment?.network.nodes ?? [])]
      .filter((s) => s.node.kind === 'dropout')
      .map((s) => [s.path, numberOf(s.node.params, 'rate')])
  )
/**
 * Dropouts one behind the other, none of them too strong by itself, under which a network still guesses by half of the
 * run: what passes all of them has Π 1/(1 − p) − 1 times as much variance from noise as from the signal.
 */
function dropoutChain(view: RunView): Regularised | undefined {
  if (view.length < FEWEST || !isHalfWay(view) || !isSound(view) || !guesses(view) || learnsWell(view, SOME))
    return undefined
  const rates = dropRates(view)
  const chain = mainPath(view.schema.layers).filter((l) => (rates.get(l.node) ?? 0) > 0)
  const grown = chain.reduce((product, l) => product / (1 - rates.get(l.node)!), 1)
  if (chain.length < 2 || !(grown >= 1 / (1 - DROPPED))) return undefined
  return {
    setting: 'dropout',
    value: Math.max(...chain.map((l) => rates.get(l.node)!)),
    layers: chain.map((l) => l.id),
    noise: Math.sqrt(grown - 1)
  }
}
/** Dropout that leaves next to nothing of what a layer says. */
function strongDropout(view: RunView): Regularised | undefined {
  const { schema } = view
  const rates = dropRates(view)
  const strong = schema.layers.filter((l) => (rates.get(l.node) ?? 0) >= DROPPED)
  if (!strong.length) return undefined
  return {
    setting: 'dropout',
    value: Math.max(...strong.map((l) => rates.get(l.node)!)),
    layers: strong.map((l) => l.id)
  }
}
/**
 * The regularisation that holds this network, whether it has shown harm yet or not: small gradients and a loss that
 * does not fall are its doing. Undefined where there is none, and once the network learns.
 */
function strongRegularisation(view: RunView): Regularised | undefined {
  if (!view.experiment || !view.length || learnsWell(view)) return undefined
  return strongPull(view) ?? strongDropout(view)
}
/** Whether the loss, without penalties, stands near that of a guess, or another baseline is better. */
function isHeld({ trials = [], schema }: RunView): boolean {
  const end = trials[trials.length - 1]?.metrics['loss']
  const [best, ...others] = schema.baselines ?? []
  if (end === undefined || !best) return false
  return end > NEAR * best.metrics['loss']! || others.some((b) => end > b.metrics['loss']!)
}
/**
 * A pull that has left less than half of a layer, where the loss has not got far by half of the run; less than a fifth
 * where most answers are right all the same, if hardly righter than wrong.
 */
function crippled(view: RunView): Regularised | undefined {
  if (!view.experiment || view.length < FEWEST || !isHalfWay(view) || !isHeld(view)) return undefined
  if (!learnsWell(view)) return strongPull(view, HALF)
  const found = strongPull(view)
  return found?.left === undefined ? undefined : { ...found, isMild: true }
}
/**
 * A penalty that measures a quarter of what is left of the loss, or more, by half of the run, on weights that have lost
 * half of their size by it: it holds the network back, also where that learns a good deal.
 */
function outweighing(view: RunView): Regularised | undefined {
  const guess = view.schema.baselines?.[0]?.trainingLoss
  if (!view.experiment || view.length < FEWEST || !isHalfWay(view) || !(guess! > 0)) return undefined
  const frames = newest(view)
  const penaltyAt = (of: number[]): number => median(of.map((i) => view.scalar(i, 'penalty') ?? NaN))
  const penalty = penaltyAt(frames)
  const quarter = view.length >> 2
  // What still pulls the weights to where they belong says nothing of that place.
  if (!(penalty > AT_REST * penaltyAt(frames.map((i) => i - quarter).filter((i) => i >= 0)))) return undefined
  const loss = median(lossesAt(view, frames)) - penalty
  if (!(penalty > OUTWEIGHS * loss && loss > UNLEARNT * guess!)) return undefined
  const found = strongPull(view, HALF)
  const isPenalty = found?.setting === 'l2' || found?.setting === 'l1'
  return isPenalty && found.left !== undefined ? { ...found, outweighs: penalty / loss } : undefined
}
/**
 * The same once it has done harm: the network only guesses or stands near that, or its loss has risen or is no number.
 */
export const tooRegularised = once((view: RunView): Regularised | undefined => {
  const found = strongRegularisation(view)
  if (!found) return crippled(view) ?? outweighing(view) ?? dropoutChain(view)
  const isDropout = found.setting === 'dropout'
  const now = view.scalar(last(view), 'loss') ?? NaN
  if (!Number.isFinite(now)) return isDropout ? undefined : found
  // Of few recorded steps the later half says enough.
  const halfWay = isHalfWay(view)
  if (view.length < (halfWay ? FEWEST : WINDOW)) return undefined
  const start = median(lossesAt(view, [0, 1, 2]))
  if (median(lossesAt(view, newest(view))) > ROSE * start) return found
  // Noise makes learning slow at first, and hides on the batches what is learnt.
  const isDue = halfWay || (!isDropout && view.length >= LONG) || (isCut(found.setting) && !isSound(view))
  if (isDue && guesses(view) && !learnsWell(view, SOME)) return found
  return isDropout ? undefined : (crippled(view) ?? outweighing(view))
})
/** Whether strong regularisation explains what else is found: until its harm can be told, and where it does harm. */
export const heldByRegularisation = (view: RunView): boolean =>
  (strongRegularisation(view) !== undefined || areWeightsCut(view)) &&
  (!isHalfWay(view) || tooRegularised(view) !== undefined)
