import { datasets } from '../shared/datasets'
import { dataContext } from '../shared/datasets/parts/files'
import type { Attachments, Data, DataInfo } from '../shared/datasets/types'
import { trainCount, type Experiment } from '../shared/experiment'
import { makeRng, permutation, type Rng } from '../shared/random/rng'
import type { Batch } from './engine'

/** Examples ready to be trained on. */
export interface Prepared {
  info: DataInfo
  train: Batch
  validation: Batch
  /** Standard deviations that the targets were divided by, one per output; 1 when they weren't. */
  targetScale: Float64Array
}
const size = (shape: number[]): number => shape.reduce((a, b) => a * b, 1)

export function describeData(experiment: Experiment, files: Attachments): DataInfo {
  const { id, ...params } = experiment.data.dataset
  return datasets.get(id).describe(params, dataContext(experiment.seed, files))
}

/** Column means and standard deviations of some rows; a column that doesn't vary has the deviation 1. */
function moments(values: Float32Array, width: number, rows: Int32Array): { mean: Float64Array; std: Float64Array } {
  const mean = new Float64Array(width)
  const std = new Float64Array(width)
  for (const r of rows) for (let c = 0; c < width; c++) mean[c]! += values[r * width + c]! / rows.length
  for (const r of rows) for (let c = 0; c < width; c++) std[c]! += (values[r * width + c]! - mean[c]!) ** 2 / rows.length
  for (let c = 0; c < width; c++) {
    const s = Math.sqrt(std[c]!)
    // Below float32's resolution of the mean there is only rounding to be blown up.
    const varies = s > 1e-6 * Math.abs(mean[c]!) && s > 0
    std[c] = varies ? s : 1
    if (!varies && rows.length) mean[c] = values[rows[0]! * width + c]!
  }
  return { mean, std }
}

function take(
  data: Data,
  rows: Int32Array,
  x?: { mean: Float64Array; std: Float64Array },
  y?: { mean: Float64Array; std: Float64Array }
): Batch {
  const pick = (from: Float32Array, width: number, m?: { mean: Float64Array; std: Float64Array }): Float32Array => {
    const out = new Float32Array(rows.length * width)
    rows.forEach((r, i) => {
      if (!m) out.set(from.subarray(r * width, (r + 1) * width), i * width)
      else for (let c = 0; c < width; c++) out[i * width + c] = (from[r * width + c]! - m.mean[c]!) / m.std[c]!
    })
    return out
  }
  return { x: pick(data.x, size(data.inputShape), x), y: pick(data.y, size(data.targetShape), y), count: rows.length }
}

/** Loads, splits by a seeded permutation, and standardises by the training part. @throws InputError */
export function prepareData(experiment: Experiment, files: Attachments): Prepared {
  const { id, ...params } = experiment.data.dataset
  const { x: _x, y: _y, ...info } = datasets.get(id).load(params, dataContext(experiment.seed, files))
  const data: Data = { ...info, x: _x, y: _y }
  const held = data.count - trainCount(experiment, data)
  const order = held ? permutation(data.count, makeRng(experiment.seed, 'split')) : Int32Array.from({ length: data.count }, (_, i) => i)
  // Within each part the examples keep the order they came in.
  const train = order.slice(held).sort()
  const validation = order.slice(0, held).sort()
  const mx = experiment.data.standardize ? moments(data.x, size(data.inputShape), train) : undefined
  const my = experiment.data.standardize && data.task === 'regression' ? moments(data.y, size(data.targetShape), train) : undefined
  return {
    info,
    train: take(data, train, mx, my),
    validation: take(data, validation, mx, my),
    targetScale: my?.std ?? new Float64Array(size(data.targetShape)).fill(1)
  }
}

/**
 * Batches without end: seeded permutations of the training part, one after the other, cut into equal pieces. All examples at once
 * are one batch in a fixed order.
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
