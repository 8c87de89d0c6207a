import type { Spread } from '../shared/run/types'

/**
 * Sizes of some values.
 * @param values row-major, [rows, features]
 */
export function spreadOf(values: Float32Array, features: number): Spread {
  const squares = new Float64Array(features)
  let [min, max, sum] = [Infinity, -Infinity, 0]
  for (let i = 0, c = 0; i < values.length; i++, c = c + 1 === features ? 0 : c + 1) {
    const v = values[i]!
    if (v < min) min = v
    if (v > max) max = v
    squares[c]! += v * v
    sum += v * v
  }
  let feature = 0
  for (let c = 1; c < features; c++) if (squares[c]! > squares[feature]!) feature = c
  const rows = values.length / features
  return { min, max, rms: Math.sqrt(sum / values.length), largest: Math.sqrt(squares[feature]! / rows), feature }
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
