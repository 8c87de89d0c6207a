/** Values of which few lie far from all others. */
export interface FarValues {
  /** Places of those that lie far, in order. */
  places: number[]
  /** Smallest and largest of them. */
  from: number
  to: number
  /** Smallest and largest of the others. */
  low: number
  high: number
  /** Distance from the median under which 95 % of all values lie. */
  usual: number
}

/** Values from which on a few of them can be told from the others. */
const FEWEST = 20
/** Share of the values that are the others at least. */
const OTHERS = 0.95
/** Distance from the median ÷ that of 95 % of the values, and ÷ the largest of those that lie less far. */
const [FAR, GAP] = [50, 10]

/** Values that tell most lists, of which eight in ten lie within the usual distance, and how many times that is far. */
const [SAMPLE, MOST, CLEARLY] = [64, 0.8, 20]

/**
 * Whether a value may lie far, told by some of them and one pass: what lies far is 50 × as far from the median as 95 %
 * of all, so that it is 20 × as far from that of a sample as 80 % of that. To sort all takes ten times as long.
 */
function mayLieFar(values: ArrayLike<number>): boolean {
  const n = values.length
  if (n <= 2 * SAMPLE) return true
  // Not quite even: values that come back after so many would be all that it holds, or none.
  const sample = Float64Array.from(
    { length: SAMPLE },
    (_, i) => values[Math.floor(((i + ((i * 0.618) % 1)) * n) / SAMPLE)]!
  )
  const middle = sample.sort()[SAMPLE >> 1]!
  const usual = sample.map((v) => Math.abs(v - middle)).sort()[Math.floor(MOST * SAMPLE)]!
  let others = 0
  for (let i = 0; i < n; i++) {
    const distance = Math.abs(values[i]! - middle)
    if (usual > 0 ? distance > CLEARLY * usual : distance > 0 && ++others > (1 - OTHERS) * (n - 1)) return true
  }
  return false
}
/**
 * The few values, 5 % at most, that lie 50 × as far from the median as 95 % of all do, with nothing between: the next
 * one is less than a tenth as far. Tails that are heavy, but without such a gap, are none: of 500 samples of 1,000
 * values, none had one where they were exponential or lognormal with σ = 1, and 1 % with σ = 2.
 * @param values finite numbers @returns undefined where none lies far
 */
export function farValues(values: ArrayLike<number>): FarValues | undefined {
  const n = values.length
  if (n < FEWEST || !mayLieFar(values)) return undefined
  const ascending = Float64Array.from(values).sort()
  const middle = (ascending[(n - 1) >> 1]! + ascending[n >> 1]!) / 2
  const distances = ascending.map((v) => Math.abs(v - middle)).sort()
  const first = Math.floor(OTHERS * (n - 1))
  const usual = distances[first]!
  if (!(usual > 0)) return undefined
  let at = first + 1
  while (at < n && !(distances[at]! > FAR * usual && distances[at]! > GAP * distances[at - 1]!)) at++
  if (at >= n) return undefined
  const limit = distances[at]!
  const found: FarValues = { places: [], from: Infinity, to: -Infinity, low: Infinity, high: -Infinity, usual }
  for (let i = 0; i < n; i++) {
    const v = values[i]!
    if (Math.abs(v - middle) >= limit) {
      found.places.push(i)
      found.from = Math.min(found.from, v)
      found.to = Math.max(found.to, v)
    } else {
      found.low = Math.min(found.low, v)
      found.high = Math.max(found.high, v)
    }
  }
  return found
}
