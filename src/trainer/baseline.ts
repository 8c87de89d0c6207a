import { sizeOf } from '../shared/base/sizeOf'
import type { Params } from '../shared/base/params'
import type { Text } from '../shared/base/text'
import type { Loss } from '../shared/catalog/losses/types'
import type { Baseline } from '../shared/run/types'
import type { Prepared } from './data'
import type { Batch } from './engine'

/** Scores of outputs by name, as in an evaluation. */
export type Score = (output: Float32Array, target: Float32Array, count: number) => Record<string, number>

/** Examples at most that a run is judged by where nothing is held out. */
const JUDGED = 512
/** Examples at most that tell the loss of a training batch. */
const TRAINING = 4096

const NAMES: Record<Baseline['id'], Text> = {
  majority: { en: 'always the most frequent class', zh: '总答最常见的类别' },
  mean: { en: 'always the mean', zh: '总答均值' },
  constant: { en: 'always the constant of least loss', zh: '总答损失最小的常数' },
  last: { en: 'the last value again', zh: '重复最后的值' },
  chance: { en: 'chance', zh: '随机水平' }
}

/** At most so many examples, evenly spread. */
function someOf(part: Batch, most: number): Batch {
  const { x, y, count } = part
  if (count <= most) return part
  const [w, v] = [x.length / count, y.length / count]
  const some = { x: new Float32Array(most * w), y: new Float32Array(most * v), count: most }
  for (let i = 0; i < most; i++) {
    const r = Math.floor((i * count) / most)
    some.x.set(x.subarray(r * w, (r + 1) * w), i * w)
    some.y.set(y.subarray(r * v, (r + 1) * v), i * v)
  }
  return some
}
/** Mean target of the training part, [...target shape]: of a sequence each time step has its own. */
function meanTarget({ y, count }: Batch): Float64Array {
  const width = y.length / count
  const mean = new Float64Array(width)
  y.forEach((v, i) => (mean[i % width]! += v / count))
  return mean
}
/** Of each target, what to answer always for the least loss. */
function constantOf({ y, count }: Batch, least: NonNullable<Loss['constant']>, params: Params): Float64Array {
  const width = y.length / count
  return Float64Array.from({ length: width }, (_, c) =>
    least(
      Float64Array.from({ length: count }, (__, r) => y[r * width + c]!),
      params
    )
  )
}
/**
 * The output of the network that stands for these shares of each class.
 * @param floor the least share: a class that the training part lacks is rare, not impossible
 */
function outputOf(shares: Float64Array, squashes: Loss['squashes'], floor: number): Float64Array {
  const share = (p: number): number => Math.min(1 - floor, Math.max(floor, p))
  if (squashes === 'softmax') return shares.map((p) => Math.log(share(p)))
  return squashes === 'sigmoid' ? shares.map((p) => Math.log(share(p) / (1 - share(p)))) : shares
}
/** One output for all examples. */
const always = (output: Float64Array, count: number): Float32Array =>
  Float32Array.from({ length: output.length * count }, (_, i) => output[i % output.length]!)
/** The newest value of each example, or of each of its time steps, as a target. */
function lastValues({ info, lastValue }: Prepared, { x, count }: Batch): Float32Array {
  const [steps, features] = info.inputShape as [number, number]
  const answers = info.targetShape.length === 2 ? info.targetShape[0]! : 1
  return Float32Array.from({ length: count * answers }, (_, i) => {
    const step = Math.floor(i / answers) * steps + (answers === 1 ? steps - 1 : i % answers)
    return x[step * features + info.lastValue!]! * lastValue!.scale + lastValue!.shift
  })
}

/**
 * What forecasts score that look at no input, or only at the last one: fitted to the training part, scored on the
 * examples that the run is judged by. With cross-entropy the majority's is the entropy of the shares of the classes;
 * with squared errors the mean's is the variance of the targets.
 * Other losses of a regression have a constant of their own to beat, such as the median. Where the classes are
 * weighted, nothing is known of an example while all are alike: chance has to be beaten.
 * @param judged those examples
 * @param batchSize examples of a training batch
 * @returns the one to beat first; none for a critic, whose loss measures a distance to a generator that moves
 */
export function baselinesOf(
  data: Prepared,
  judged: Batch,
  { loss, params }: { loss: Loss; params: Params },
  batchSize: number,
  score: Score
): Baseline[] {
  const { info, train } = data
  if (info.task === 'critic') return []
  const sample = someOf(train, TRAINING)
  const of = (id: Baseline['id'], outputs: (part: Batch) => Float32Array): Baseline => ({
    id,
    name: NAMES[id],
    metrics: score(outputs(judged), judged.y, judged.count),
    trainingLoss: score(outputs(sample), sample.y, sample.count)['loss']! * (loss.sums ? batchSize / sample.count : 1)
  })
  const mean = meanTarget(train)
  if (info.task === 'regression') {
    const fitted = loss.constant && constantOf(sample, loss.constant, params)
    const list = [of(fitted ? 'constant' : 'mean', (part) => always(fitted ?? mean, part.count))]
    if (data.lastValue) list.push(of('last', (part) => lastValues(data, part)))
    return list.sort((a, b) => a.metrics['loss']! - b.metrics['loss']!)
  }
  const classes = Math.max(2, info.targetShape[info.targetShape.length - 1]!)
  const even = new Float64Array(sizeOf(info.targetShape)).fill(1 / classes)
  const output = (shares: Float64Array) => (part: Batch) =>
    always(outputOf(shares, loss.squashes, 0.5 / train.count), part.count)
  const chance = of('chance', output(even))
  // Of classes that are all alike, whichever is first would win.
  chance.metrics['accuracy'] = 1 / classes
  const majority = of('majority', output(mean))
  // Whichever class it is that is always answered, it is one of those that there are.
  const balanced = majority.metrics['balancedAccuracy']
  if (balanced !== undefined) {
    chance.metrics['balancedAccuracy'] = balanced
    return [chance, majority]
  }
  return [majority, chance].sort((a, b) => b.metrics['accuracy']! - a.metrics['accuracy']!)
}

/** The examples that a run is judged by: all that are held out, else some of the training part, evenly spread. */
export const judgedPart = ({ train, validation }: Prepared): Batch =>
  validation.count ? validation : someOf(train, JUDGED)
