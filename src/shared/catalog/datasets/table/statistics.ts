import type { Column } from './column'

/** Distinct values are counted up to this number. */
export const UNIQUE_LIMIT = 10_000
/** Whole numbers beyond it are rounded by 32-bit numbers. */
const FLOAT32_WHOLE = 2 ** 24
/** Marks of a missing value that nobody named: far from all else, and written again and again. */
const SENTINELS = new Set([-1, -9, -99, -999, -9999, -99999, 99, 999, 9999, 99999, 999999, -8888, 8888, 1e20, -1e20])
/** If float32 keeps a smaller share of different numbers apart, a remark says so. */
const MERGED = 0.9
/** The same in digits: 99.9, 999.99. */
const NINES = /^-?99+(?:\.9+)?$|^-?9\.9+$/

/** What is told of the numbers of a column. */
type Told = Pick<Column, 'unique' | 'min' | 'max' | 'mean' | 'integer' | 'constant' | 'rounded' | 'merged' | 'sentinel'>

/**
 * Range, mean and oddities of the numbers of a column.
 * @param numbers without NaN, in the order of the rows
 * @param complete every cell of the column has a number
 */
export function describeNumbers(numbers: Float64Array, complete: boolean): Told {
  let min = Infinity
  let max = -Infinity
  let mean = 0
  let integer = true
  let rounded = 0
  let zeros = 0
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i]!
    if (value < min) min = value
    if (value > max) max = value
    if (integer && !Number.isInteger(value)) integer = false
    const kept = Math.fround(value)
    if (kept !== value) {
      if (Math.abs(value) > FLOAT32_WHOLE) rounded++
      if (kept === 0) zeros++
    }
    // A running mean: a sum of large values might overflow.
    mean += (value - mean) / (i + 1)
  }
  const distinct = distinctOf(numbers)
  const kept = integer && !rounded ? distinct.length : keptApart(distinct)
  const merged = !integer && (zeros > 0 || kept <= MERGED * distinct.length)
  const sentinel = sentinelIn(numbers, distinct, integer, min, max)
  return {
    unique: distinct.length,
    min,
    max,
    mean,
    integer,
    constant: min === max && complete,
    ...(rounded && integer && { rounded: { count: rounded, from: distinct.length, to: kept } }),
    ...(merged && { merged: { from: distinct.length, to: kept, zeros } }),
    ...(sentinel && { sentinel })
  }
}
/** Different numbers, in ascending order: all of them, or the first UNIQUE_LIMIT. */
function distinctOf(numbers: Float64Array): Float64Array {
  if (numbers.length > UNIQUE_LIMIT) {
    const seen = new Set<number>()
    for (const value of numbers) {
      if (seen.size >= UNIQUE_LIMIT) break
      seen.add(value)
    }
    return Float64Array.from(seen).sort()
  }
  const sorted = numbers.slice().sort()
  let n = 0
  for (let i = 0; i < sorted.length; i++) if (!i || sorted[i] !== sorted[n - 1]) sorted[n++] = sorted[i]!
  return sorted.subarray(0, n)
}
/** How many of different numbers 32-bit numbers keep apart. @param ascending in this order */
function keptApart(ascending: Float64Array): number {
  let n = 0
  let last = NaN
  for (const value of ascending) {
    const kept = Math.fround(value)
    if (kept !== last) n++
    last = kept
  }
  return n
}
/** An extreme that comes again, further from the rest than the rest is wide. */
function sentinelIn(
  numbers: Float64Array,
  ascending: Float64Array,
  integer: boolean,
  min: number,
  max: number
): Column['sentinel'] {
  const different = ascending.length
  if (different < 4) return undefined
  for (const [value, other] of [
    [min, max],
    [max, min]
  ] as const) {
    const known = SENTINELS.has(value) || NINES.test(String(value))
    // Of a long column an extreme may come only behind the different numbers that are kept.
    const isKept = value === ascending[0] || value === ascending[different - 1]
    let count = 0
    if (isKept) for (let i = 0; i < numbers.length; i++) if (numbers[i] === value) count++
    // A number of no known mark comes again, where most do not.
    const comesAgain = count > 2 && different >= 10 && numbers.length > 2 * count
    if (!(known || comesAgain) || count * 2 > numbers.length) continue
    // The nearest other number that is kept: the one at that end, or beside it.
    const end = value === min ? 0 : different - 1
    const inner = ascending[end] === value ? (end ? end - 1 : 1) : end
    const found = ascending[inner]!
    const next = Math.abs(found - value) < Math.abs(other - value) ? found : other
    // One cell alone must lie very far off.
    if (count < 2 && Math.abs(next - value) < 20 * Math.max(1, Math.abs(other - next))) continue
    const width = Math.abs(other - next)
    // A minus where nothing else has one: −1 among ages.
    const only = known && count > 1 && value < 0 && next >= 5
    if (only || (Math.abs(next - value) > (known ? 1 : 2) * width && !(integer && Math.abs(next - value) < 3)))
      return { value, count }
  }
  return undefined
}
