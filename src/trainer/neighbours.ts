import { sizeOf } from '../shared/base/sizeOf'
import type { Params } from '../shared/base/params'
import type { Loss } from '../shared/catalog/losses/types'
import type { Prepared } from './data'

/** Examples that are compared with each other at most, and values of each. */
const [EXAMPLES, FEATURES] = [400, 1024]
/** Values of each where the figure is only a remark: it then costs about ten milliseconds. */
export const NARROW = 64
/** Nearest examples that a forecast is the mean of. */
const NEAREST = 5
/** Of fewer examples than this the others say little: there a table of the inputs is asked, not the neighbours. */
const FEW = 20

/** Inputs of some examples, every feature with the variance 1: a large unit is no distance. */
function scaled(x: Float32Array, width: number, rows: number[]): Float64Array[] {
  const list = rows.map((r) => Float64Array.from(x.subarray(r * width, (r + 1) * width)))
  for (let c = 0; c < width; c++) {
    const mean = list.reduce((sum, row) => sum + row[c]! / list.length, 0)
    const std = Math.sqrt(list.reduce((sum, row) => sum + (row[c]! - mean) ** 2 / list.length, 0)) || 1
    for (const row of list) row[c] = (row[c]! - mean) / std
  }
  return list
}
function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let c = 0; c < a.length; c++) sum += (a[c]! - b[c]!) ** 2
  return sum
}
/** Places of the nearest others of one, the nearest first; of those as far away, the first ones. */
function nearest(far: Float64Array, self: number): number[] {
  const found: number[] = []
  for (let j = 0; j < far.length; j++) {
    if (j === self || (found.length === NEAREST && !(far[j]! < far[found[NEAREST - 1]!]!))) continue
    let at = found.length
    while (at > 0 && far[j]! < far[found[at - 1]!]!) at--
    found.splice(at, 0, j)
    found.length = Math.min(found.length, NEAREST)
  }
  return found
}
/** Place of the class that a row of targets, or of their means, is of. */
const classOf = (row: readonly number[]): number =>
  row.length === 1 ? Number(row[0]! > 0.5) : row.indexOf(Math.max(...row))

/** What an answer hangs on, and the answer. */
interface Known {
  x: Buffer
  y: Buffer
  rest: string
  told: number | undefined
}
/** Answers that are kept, and bytes of inputs up to which one is. */
const [KEPT, KEPT_BYTES] = [8, 2e6]
/** The newest last: a search asks the same of a few sets of data for each of its trainings. */
const known: Known[] = []
const bytesOf = (v: Float32Array): Buffer => Buffer.from(v.buffer, v.byteOffset, v.byteLength)

/**
 * How well the nearest training examples tell an example’s target, without a model: the mean of the five nearest others
 * (Cover & Hart 1967), or, where there are few examples, of those with the same inputs, itself among them.
 * @param loss what is trained for: where that is no squared one, its share that the forecast saves stands for r²
 * @param features values of an example up to which it is asked
 * @returns accuracy or r² over the training part, or some of it; undefined where that is not asked of the data
 */
export function neighboursOf(data: Prepared, trainedFor: Trained, features = FEATURES): number | undefined {
  const { info, train } = data
  if (train.x.byteLength > KEPT_BYTES) return ask(data, trainedFor, features)
  const [x, y] = [bytesOf(train.x), bytesOf(train.y)]
  const rest = JSON.stringify([info, train.count, trainedFor.loss.id, trainedFor.params, features])
  const before = known.find((k) => k.rest === rest && k.y.equals(y) && k.x.equals(x))
  if (before) return before.told
  const told = ask(data, trainedFor, features)
  // Copies: whose data they are may change them.
  known.push({ x: Buffer.from(x), y: Buffer.from(y), rest, told })
  if (known.length > KEPT) known.shift()
  return told
}
/** What a network is trained for. */
interface Trained {
  loss: Loss
  params: Params
}
function ask({ info, train }: Prepared, { loss, params }: Trained, features: number): number | undefined {
  const width = train.x.length / train.count
  if (info.task === 'critic' || info.targetShape.length > 1 || width > features || train.count < 2) return undefined
  const count = Math.min(EXAMPLES, train.count)
  const rows = Array.from({ length: count }, (_, i) => Math.floor((i * train.count) / count))
  const [outputs, x] = [sizeOf(info.targetShape), scaled(train.x, width, rows)]
  const y = rows.map((r) => Array.from(train.y.subarray(r * outputs, (r + 1) * outputs)))
  const meanOf = (of: readonly number[]): number[] =>
    Array.from({ length: outputs }, (_, o) => of.reduce((sum, j) => sum + y[j]![o]! / of.length, 0))
  const apart = x.map(() => new Float64Array(count))
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) apart[i]![j] = apart[j]![i] = distance(x[i]!, x[j]!)
  const forecast = (i: number): number[] => {
    const far = apart[i]!
    return meanOf(count < FEW ? rows.flatMap((_, j) => (far[j] === 0 ? [j] : [])) : nearest(far, i))
  }
  const told = x.map((_, i) => forecast(i))
  if (info.task !== 'regression') return told.filter((row, i) => classOf(row) === classOf(y[i]!)).length / count
  if (loss.constant) {
    const best = Array.from({ length: outputs }, (_, o) =>
      loss.constant!(
        Float64Array.from(y, (row) => row[o]!),
        params
      )
    )
    return (
      1 -
      loss.reference(told, y, params) /
        loss.reference(
          y.map(() => best),
          y,
          params
        )
    )
  }
  const mean = meanOf(rows.map((_, i) => i))
  const squares = (of: (i: number) => readonly number[]): number =>
    y.reduce((sum, row, i) => sum + row.reduce((part, v, o) => part + (v - of(i)[o]!) ** 2, 0), 0)
  return 1 - squares((i) => told[i]!) / squares(() => mean)
}
