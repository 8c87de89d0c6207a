import { activations } from '../../../catalog/activations'
import { layers } from '../../../catalog/layers'
import { losses } from '../../../catalog/losses'
import { defaultsOf, type Spec } from '../../../base/params'
import { reachOf } from '../../../experiment/output'
import { sites } from '../../remedies/parts/graph'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { biasStartOf, LEAK } from './biases'
import { constantLayer } from './constant'
import { passes } from './passes'
import { isHarmed } from './progress'
import { framesFor, last, lossesAt, median, newest, parts, S, valuesAt, WINDOW } from './view'
import { once } from './once'

/** Targets may lie this share of their range beyond what the output reaches: noise about a bound. */
const SLACK = 0.05
/** Share of an output layer's units that give 0 for every example, over so many examples in a row. */
const DEAD = 0.25
const SEEN = 32

/** An output is stuck if more of its pre-activations are saturated, and a smaller share of the gradient passes. */
const [SATURATED, PASSES] = [0.95, 0.02]
/** The same where the loss is above that of a guess: what little passes does not bring it there. */
const [MOSTLY, LITTLE, ABOVE] = [0.85, 0.2, 1.5]

/** An output whose RMS stays below this share of the targets’ for so many recorded steps is dead. */
const NOTHING = 0.05
const LASTING = 30

/** With a smaller slope an output hardly reaches negative targets: a pre-activation of −20 gives less than 1. */
const HARDLY = 0.05

/** What is wrong with the layer that makes the output. */
export interface OutputFault {
  kind: 'squashed' | 'unreachable' | 'dead' | 'saturated' | 'score'
  layer: RunLayer
  activation: Spec
  reach: [low: number, high: number]
  /** Slope with which it goes beyond that, if it does. */
  slope?: number
  /** Share of its units that are dead, or of its pre-activations that are saturated. */
  share?: number
  /** An activation without the fault. */
  to: Spec
}

/** The activation that bounds a cell with gates; undefined for other layers, and where its parameters are not known. */
function within({ experiment }: RunView, { kind, node }: RunLayer): Spec | undefined {
  for (const s of sites(experiment?.network.nodes ?? []))
    if (s.path === node) return layers.find(kind)?.within?.(s.node.params)
  return undefined
}
/** The activation that the output ends with, and the layer that it belongs to; undefined for a linear output. */
function ending(view: RunView): { layer: RunLayer; activation: Spec; gated?: true } | undefined {
  const { ids } = parts(view)
  const layer = [...view.schema.layers]
    .reverse()
    .find((l) => ids.has(l.id) && l.activation && l.activation !== 'linear')
  if (layer) return { layer, activation: { id: layer.activation!, ...layer.activationParams } }
  const cell = view.schema.layers.find((l) => ids.has(l.id) && l.main)
  const activation = cell && within(view, cell)
  return activation && activation.id !== 'linear' ? { layer: cell, activation, gated: true } : undefined
}
/** Slope below 0 of a leaky ReLU. */
const leakOf = ({ id, ...params }: Spec): number =>
  -activations.get(id).f(-1, { ...defaultsOf(activations.get(id).fields), ...params })
/** The share of units that gave 0 for each of the last `SEEN` examples, bounded by the least share of a batch. */
function deadOver(view: RunView, layer: RunLayer): number {
  const count = framesFor(view, 3, SEEN)
  const frames = newest(view, count)
  if (view.length < count || !Number.isFinite(view.scalar(last(view), 'loss'))) return 0
  const shares = valuesAt(view, frames, layer.index, S.dead)
  return shares.length === frames.length ? Math.min(...shares) : 0
}
/** Whether the weights of an output that can die have gone to 0: it has been tiny against its targets for long. */
function isZero(view: RunView, layer: RunLayer): boolean {
  const target = view.schema.data?.target.rms
  if (view.schema.info.task !== 'regression' || !target || view.length < LASTING) return false
  return newest(view, LASTING).every((i) => {
    const [mean, std] = [view.value(i, layer.index, S.mean), view.value(i, layer.index, S.std)]
    return mean !== undefined && std !== undefined && Math.hypot(mean, std) < NOTHING * target
  })
}

/** The share of saturated pre-activations of an output that hardly any gradient passes; undefined for others. */
function stuck(view: RunView, layer: RunLayer): number | undefined {
  const count = framesFor(view, 3, SEEN)
  if (view.length < count || !isHarmed(view)) return undefined
  const shares = valuesAt(view, newest(view, count), layer.index, S.saturated)
  const least = shares.length ? Math.min(...shares) : 0
  const open = passes(view, layer)
  if (least > SATURATED && open < PASSES) return least
  const frames = newest(view, Math.max(count, WINDOW))
  const usual = median(valuesAt(view, frames, layer.index, S.saturated))
  const guess = view.schema.baselines?.[0]?.trainingLoss ?? Infinity
  const isAbove = median(lossesAt(view, frames)) > ABOVE * guess
  return isAbove && usual > MOSTLY && open < LITTLE ? usual : undefined
}

/**
 * Whether the loss of a critic is the difference of its scores. A recording has only the values of the loss. A
 * difference goes below 0, but the likelihood that trains a discriminator, whose output is a probability, does not.
 */
const isDifference = (view: RunView): boolean =>
  !view.schema.recording || newest(view, view.length).some((i) => (view.scalar(i, 'loss') ?? 0) < 0)

/** The remedy for it. A bias that keeps the output away from the targets starts anew. */
export const outputChoice = (view: RunView, { kind, layer, to }: OutputFault): Spec => ({
  id: 'outputLayer',
  to,
  ...(kind !== 'squashed' && biasStartOf(view, layer) !== 0 && { bias: true })
})
/** What is wrong with the output layer now; undefined where nothing is. */
export const outputFault = once((view: RunView): OutputFault | undefined => {
  const end = ending(view)
  const { info, data } = view.schema
  if (!end || !activations.find(end.activation.id)) return undefined
  const [low, high] = reachOf(end.activation)
  // A gate that is shut gives 0.
  const reach: [number, number] = end.gated ? [Math.min(0, low), Math.max(0, high)] : [low, high]
  const base = { layer: end.layer, activation: end.activation, reach, to: { id: 'linear' } }
  // Only the difference of a critic's scores counts. One bound may be far away, but two limit the difference.
  if (info.task === 'critic')
    return reach.every(Number.isFinite) && isDifference(view) ? { ...base, kind: 'score' } : undefined
  const loss = view.experiment && losses.find(view.experiment.training.loss.id)
  if (loss?.squashes) return { ...base, kind: 'squashed' }
  if (info.task === 'regression' && data) {
    const { min, max } = data.target
    const slack = SLACK * (max - min)
    const slope = end.activation.id === 'leakyRelu' ? leakOf(end.activation) : 0
    if (slope > 0 && slope < HARDLY && min < -slack)
      return { ...base, kind: 'unreachable', reach: [0, Infinity], slope }
    if (min < reach[0] - slack || max > reach[1] + slack) return { ...base, kind: 'unreachable' }
  }
  const saturated = stuck(view, end.layer)
  if (saturated !== undefined) return { ...base, kind: 'saturated', share: saturated }
  const share = deadOver(view, end.layer)
  const isHinge = activations.get(end.activation.id).regime({}).canDie === true
  if (share < DEAD && !(isHinge && isZero(view, end.layer))) return undefined
  // Without a hidden layer nothing else bends, and a linear output would leave a linear model.
  const bends = parts(view).hidden.length > 0
  return {
    ...base,
    kind: 'dead',
    share: share < DEAD ? 1 : share,
    to: bends ? base.to : { id: 'leakyRelu', alpha: LEAK }
  }
})
/**
 * Whether hardly anything can come back from the output, so that it says nothing of hidden layers: it is dead or
 * saturated, a layer gives the same for all, or its units have been 0 all along, perhaps over too few examples yet to
 * call them dead.
 */
export function outputBlocks(view: RunView): boolean {
  if (constantLayer(view)) return true
  const kind = outputFault(view)?.kind
  const end = ending(view)
  const shares = end ? valuesAt(view, newest(view), end.layer.index, S.dead) : []
  return kind === 'dead' || kind === 'saturated' || (shares.length > 0 && shares.every((share) => share >= DEAD))
}
