import { activations } from '../../../catalog/activations'
import { outputPart } from '../../../run/layers'
import { isLinear } from '../../../run/linear'
import type { RunView } from '../types'
import { newerHalf } from './progress'
import { framesFor, lossesAt, newest } from './view'

/** Recorded steps, and examples, over which a network has to have had the time to learn. */
const [FRAMES, SEEN] = [30, 500]
/** The loss against that of a guess: a linear model that has found all there is for it stands near 1. */
const [LEAST, MOST] = [0.75, 1.25]
/** The same where an output of 0 on one side leaves half of the targets unanswered. */
const MOST_ONE_SIDED = 3
/** Share by which the loss on the same examples may still fall over the newer half of the steps. */
const STILL = 0.02
/** The network has covered at most this share of the way from a guess to the neighbours’ forecast. */
const FAR = 1 / 3
/** What the neighbours’ forecast has to be above a guess: accuracy, as a share of what is left, or r². */
export const MORE = 0.2

/** What the nearest examples tell, a guess, and the network above it: accuracy, r² or a share of the loss. */
interface Straight {
  neighbours: number
  guess: number
  reached: number
}
/** Whether the figure of the neighbours is the share that they save of the loss of a guess. */
export const savesLoss = ({ schema }: RunView): boolean => schema.baselines?.some((b) => b.id === 'constant') === true
/** Whether the output is 0 on one side, as a ReLU is. */
export function isOneSided({ schema: { layers } }: RunView): boolean {
  const output = outputPart(layers)
  return layers.some((l) => output.has(l.id) && activations.find(l.activation ?? '')?.regime({}).canDie === true)
}
/**
 * A linear network that has stopped at the score of a guess, or little above it, although the nearest training examples
 * predict the targets. Undefined for other runs. Where noise is the reason, neighbours predict no more than a guess.
 */
export function straight(view: RunView): Straight | undefined {
  const { schema } = view
  const { neighbours, classes } = schema.data ?? {}
  const best = schema.baselines?.[0]
  if (schema.recording || !best || neighbours === undefined || !isLinear(schema.layers)) return undefined
  const guess = classes ? Math.max(...classes) : 0
  if (!(neighbours > guess + MORE * (1 - guess)) || view.length < framesFor(view, FRAMES, SEEN)) return undefined
  const half = newerHalf(view.trials ?? view.evaluations)
  if (!half) return undefined
  const { before, end } = half
  // The mean, not the median: few targets far off carry most of a squared loss.
  const recent = lossesAt(view, newest(view, framesFor(view, FRAMES, SEEN)))
  const ratio = recent.reduce((sum, l) => sum + l / recent.length, 0) / best.trainingLoss
  const most = isOneSided(view) ? MOST_ONE_SIDED : MOST
  if (!(ratio > LEAST && ratio < most) || end.metrics['loss']! < (1 - STILL) * before.metrics['loss']!) return undefined
  const name = classes ? 'accuracy' : 'r2'
  // r² is not what was trained where the loss is no squared one.
  const reached = savesLoss(view)
    ? 1 - end.metrics['loss']! / best.metrics['loss']!
    : end.metrics[name]! - Math.max(guess, best.metrics[name]!)
  return reached < FAR * (neighbours - guess) ? { neighbours, guess, reached } : undefined
}
