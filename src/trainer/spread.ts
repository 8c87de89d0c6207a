import { farValues } from '../shared/base/farValues'
import type { Offset, Outliers, Spread } from '../shared/run/types'

/** Standard deviations from 0 beyond which a mean hides how a feature varies. */
const FAR = 10
/** Share of a value that is no more than the rounding of sums. */
const ROUNDING = 1e-6

/** Of the features that lie far from 0 for how little they vary, the one farthest off. @param sums of each feature */
function farthest(values: Float32Array, sums: Float64Array): Offset | undefined {
  const features = sums.length
  const rows = values.length / features
  const squares = new Float64Array(features)
  for (let i = 0, c = 0; i < values.length; i++, c = c + 1 === features ? 0 : c + 1)
    squares[c]! += (values[i]! - sums[c]! / rows) ** 2
  let far: Offset | undefined
  for (let feature = 0; feature < features; feature++) {
    const [mean, std] = [sums[feature]! / rows, Math.sqrt(squares[feature]! / rows)]
    // A column that never varies, up to rounding, hides nothing.
    const varies = std > ROUNDING * Math.abs(mean)
    if (varies && Math.abs(mean) > FAR * std && !(far && Math.abs(mean) <= Math.abs(far.mean)))
      far = { feature, mean, std }
  }
  return far
}
/**
 * Sizes of some values.
 * @param values row-major, [rows, features]
 */
export function spreadOf(values: Float32Array, features: number): Spread {
  const squares = new Float64Array(features)
  const sums = new Float64Array(features)
  let [min, max, sum] = [Infinity, -Infinity, 0]
  for (let i = 0, c = 0; i < values.length; i++, c = c + 1 === features ? 0 : c + 1) {
    const v = values[i]!
    if (v < min) min = v
    if (v > max) max = v
    squares[c]! += v * v
    sums[c]! += v
    sum += v * v
  }
  let feature = 0
  for (let c = 1; c < features; c++) if (squares[c]! > squares[feature]!) feature = c
  const rows = values.length / features
  const far = farthest(values, sums)
  return {
    min,
    max,
    rms: Math.sqrt(sum / values.length),
    largest: Math.sqrt(squares[feature]! / rows),
    feature,
    ...(far && { far })
  }
}

/** Whether all of some examples are the same, up to rounding. @param values row-major, [count, …] */
export function areAlike(values: Float32Array, count: number): boolean {
  const width = values.length / count
  return count > 1 && values.every((v, i) => Math.abs(v - values[i % width]!) <= ROUNDING * Math.abs(v))
}

/**
 * Share of each class among some targets.
 * @param targets one-hot rows [rows, outputs], or 0 and 1 where there is one output
 * @returns one share per class; [share of 0, share of 1] where there is one output
 */
export function classShares(targets: Float32Array, outputs: number): number[] {
  const sums = new Array<number>(outputs).fill(0)
  targets.forEach((v, i) => (sums[i % outputs]! += v))
  const shares = sums.map((s) => s / (targets.length / outputs))
  return outputs === 1 ? [1 - shares[0]!, shares[0]!] : shares
}

/**
 * The output whose targets hold values far from all others, the one where these weigh most.
 * @param targets in their own unit, row-major, [rows, outputs]
 * @param scale what the targets of each output are divided by before they are fed
 */
export function outliersOf(targets: Float32Array, outputs: number, scale: ArrayLike<number>): Outliers | undefined {
  let most: Outliers | undefined
  for (let output = 0; output < outputs; output++) {
    const values = targets.filter((_, i) => i % outputs === output)
    const far = farValues(values)
    if (!far) continue
    const mean = values.reduce((sum, v) => sum + v / values.length, 0)
    const squares = (list: ArrayLike<number>): number => Array.from(list).reduce((sum, v) => sum + (v - mean) ** 2, 0)
    const share = squares(far.places.map((i) => values[i]!)) / squares(values)
    const { from, to, low, high } = far
    if (!most || share > most.share)
      most = {
        count: far.places.length,
        of: values.length,
        output,
        from,
        to,
        low,
        high,
        share,
        usual: far.usual / scale[output]!
      }
  }
  return most
}
