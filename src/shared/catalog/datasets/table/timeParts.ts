import type { Reading } from './columnReading'

const DAY = 86_400
/** The parts of a time from years to seconds: the first value of each, and the length of the longest unit. */
const FROM = [0, 1, 1, 0, 0, 0]
const SECONDS = [366 * DAY, 31 * DAY, DAY, 3600, 60, 1]

/**
 * Seconds since 1970 of times whose parts stand in columns of their own.
 * @param each what the columns hold, as read
 * @param parts which part each of them is: 0 for years to 5 for seconds
 */
export function joinParts(
  each: readonly { keys: Float64Array; reading: Reading }[],
  parts: readonly number[]
): Float64Array {
  // A whole date is called day or quarter, too: 2024-01-31 beside the hour. What is coarser than it says nothing more.
  const dated = each.map(({ reading }) => reading.kind).lastIndexOf('date')
  if (dated >= 0) {
    const finer = each.map(({ keys }, i) => ({ keys, part: parts[i]! })).filter(({ part }) => part > parts[dated]!)
    return each[dated]!.keys.map((start, i) =>
      finer.reduce((at, { keys, part }) => at + (keys[i]! - FROM[part]!) * SECONDS[part]!, start)
    )
  }
  const of = (i: number, part: number, otherwise: number): number => each[parts.indexOf(part)]?.keys[i] ?? otherwise
  return each[0]!.keys.map(
    (_, i) => Date.UTC(of(i, 0, 2000), of(i, 1, 1) - 1, of(i, 2, 1), of(i, 3, 0), of(i, 4, 0), of(i, 5, 0)) / 1000
  )
}
