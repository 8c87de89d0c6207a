import { sizeOf } from '../shared/base/sizeOf'
import { datasets } from '../shared/catalog/datasets'
import { guessesOf } from '../shared/catalog/datasets/parts/guesses'
import { dataContext } from '../shared/catalog/datasets/parts/files'
import type { Remark } from '../shared/catalog/datasets/parts/remark'
import { momentsOf, takeExamples } from '../shared/catalog/datasets/parts/sequence'
import type { Attachments, Data, DataContext, DataInfo } from '../shared/catalog/datasets/types'
import { heldCount, trainCount, type Experiment } from '../shared/experiment'
import { meantTask } from '../shared/experiment/meant'
import { makeRng, permutation, type Rng } from '../shared/base/random/rng'
import type { RunSchema } from '../shared/run/types'
import type { Batch } from './engine'
import { areAlike, classShares, outliersOf, spreadOf } from './spread'

/** Examples ready to be trained on. */
export interface Prepared {
  info: DataInfo
  train: Batch
  validation: Batch
  /** Of the training part, as it is fed. */
  spread: NonNullable<RunSchema['data']>
  /** Standard deviations that the targets were divided by, one per output; 1 when they weren't. */
  targetScale: Float64Array
  /** Places, among the training examples, of the only ones that are trained on; absent: all. */
  chosen?: Int32Array
  /** What makes a target of a value of the feature `info.lastValue`, as both are given here: × scale + shift. */
  lastValue?: { scale: number; shift: number }
}

const contextOf = (experiment: Experiment, files: Attachments): DataContext =>
  dataContext(experiment.seed, files, meantTask(experiment), experiment.data.validation)

/** Shapes, task and counts of an experiment's data set, without loading it where it can be told. @throws InputError */
export function describeData(experiment: Experiment, files: Attachments): DataInfo {
  const { id, ...params } = experiment.data.dataset
  return datasets.get(id).describe(params, contextOf(experiment, files))
}

/** Remarks on the experiment's data. @throws InputError when it doesn't make a data set */
export function remarksOn(experiment: Experiment, files: Attachments): Remark[] {
  const { id, ...params } = experiment.data.dataset
  return datasets.get(id).remarks?.(params, contextOf(experiment, files)) ?? []
}

/** What was guessed while the experiment's data was read, although it makes no data set. */
export function guessesOn(experiment: Experiment, files: Attachments): Remark[] {
  const { id, ...params } = experiment.data.dataset
  return guessesOf(id, params, contextOf(experiment, files))
}

/** The experiment's data set, unscaled and in the order it came in. @throws InputError */
export function loadData(experiment: Experiment, files: Attachments): Data {
  const { id, ...params } = experiment.data.dataset
  return datasets.get(id).load(params, contextOf(experiment, files))
}

/**
 * Some of the training examples, drawn by the seed: of each class in turn, so that a few examples hold as many classes
 * as they can. @param y targets, `width` values each @returns places, in order
 */
function choose(y: Float32Array, width: number, want: number, isClass: boolean, seed: number): Int32Array {
  const byClass = new Map<string, number[]>()
  for (const place of permutation(y.length / width, makeRng(seed, 'examples'))) {
    const target = isClass ? y.subarray(place * width, (place + 1) * width).join() : ''
    byClass.set(target, [...(byClass.get(target) ?? []), place])
  }
  const queues = [...byClass.values()]
  const taken: number[] = []
  for (let i = 0; taken.length < want; i++) taken.push(...queues.flatMap((q) => (i < q.length ? [q[i]!] : [])))
  return Int32Array.from(taken.slice(0, want)).sort()
}

/**
 * Loads, splits by a seeded permutation (the last ones are held out where examples follow each other in time), and
 * standardises by the training part: a sequence [steps, features] by feature, over all steps. @throws InputError
 */
export function prepareData(experiment: Experiment, files: Attachments): Prepared {
  const { x, y, lengths, ...info } = loadData(experiment, files)
  const held = heldCount(experiment, info)
  const order =
    held && !info.inOrder
      ? permutation(info.count, makeRng(experiment.seed, 'split'))
      : Int32Array.from({ length: info.count }, (_, i) => (i + info.count - held) % info.count)
  // Within each part the examples keep the order they came in.
  const train = order.slice(held).sort()
  const validation = order.slice(0, held).sort()
  const [features, steps] =
    info.inputShape.length === 2 ? [info.inputShape[1]!, info.inputShape[0]!] : [sizeOf(info.inputShape), 1]
  const [outputs, answers] =
    info.targetShape.length === 2 ? [info.targetShape[1]!, info.targetShape[0]!] : [sizeOf(info.targetShape), 1]
  const mx = experiment.data.standardize ? momentsOf(x, features, steps, train, lengths) : undefined
  const my =
    experiment.data.standardize && info.task === 'regression' ? momentsOf(y, outputs, answers, train) : undefined
  const part = (examples: Int32Array): Batch => ({
    x: takeExamples(x, features, steps, examples, mx, lengths),
    y: takeExamples(y, outputs, answers, examples, my),
    count: examples.length
  })
  const isClass = info.task === 'binary' || info.task === 'multiclass'
  const whole = part(train)
  const want = trainCount(experiment, info)
  const chosen = want < train.length ? choose(whole.y, outputs * answers, want, isClass, experiment.seed) : undefined
  const fed = chosen ? part(chosen.map((place) => train[place]!)) : whole
  const { lastValue: last } = info
  const targetScale = my?.std ?? new Float64Array(outputs).fill(1)
  const outliers = info.task === 'regression' ? outliersOf(y, outputs, targetScale) : undefined
  return {
    info,
    train: fed,
    validation: part(validation),
    spread: {
      input: spreadOf(fed.x, features),
      target: spreadOf(fed.y, outputs),
      ...(isClass && { classes: classShares(fed.y, outputs) }),
      ...(areAlike(fed.x, fed.count) && { alike: true as const }),
      ...(outliers && { outliers })
    },
    ...(chosen && { chosen }),
    targetScale,
    ...(last !== undefined && {
      lastValue: {
        scale: (mx?.std[last] ?? 1) / (my?.std[0] ?? 1),
        shift: ((mx?.mean[last] ?? 0) - (my?.mean[0] ?? 0)) / (my?.std[0] ?? 1)
      }
    })
  }
}

/**
 * Batches without end: seeded permutations of the training part, one after the other, cut into equal pieces. All
 * examples at once are one batch in a fixed order.
 */
export class Batches {
  private readonly rng: Rng
  private order: Int32Array = new Int32Array(0)
  private at = 0
  private taken = 0
  private size: number

  /** @param batchSize 0 for all */
  constructor(
    private readonly data: Batch,
    batchSize: number,
    seed: number
  ) {
    this.size = batchSize || data.count
    this.rng = makeRng(seed, 'batches')
  }
  /** From here on this many examples at a time, in the same order of examples. @param batchSize 0 for all */
  resize(batchSize: number): void {
    this.size = batchSize || this.data.count
  }
  /** Examples drawn so far: all there is to know of where the order stands. */
  get drawn(): number {
    return this.taken
  }
  /** Goes on from where so many examples have been drawn. Call it on a fresh one. */
  skip(drawn: number): void {
    const { count } = this.data
    this.taken = drawn
    for (let left = drawn; left > 0; left -= count) {
      this.order = permutation(count, this.rng)
      this.at = Math.min(left, count)
    }
  }
  next(): Batch {
    const { data, size: count } = this
    if (count >= data.count) return data
    const [w, v] = [data.x.length / data.count, data.y.length / data.count]
    const x = new Float32Array(count * w)
    const y = new Float32Array(count * v)
    this.taken += count
    for (let i = 0; i < count; i++) {
      if (this.at === this.order.length) {
        this.order = permutation(data.count, this.rng)
        this.at = 0
      }
      const r = this.order[this.at++]!
      x.set(data.x.subarray(r * w, (r + 1) * w), i * w)
      y.set(data.y.subarray(r * v, (r + 1) * v), i * v)
    }
    return { x, y, count }
  }
}
