import { counted } from '../../../base/text'
import { countCells, type Counts } from './counts'
import { normal } from './numerals'
import { isNot, numeralReading } from './numbers'
import { example, kept, type Evidence, type Reading } from './columnReading'
import { spanOf } from './spans'

/** Not ranges: telephone numbers, which have equally many digits (555-1234), and lists ([1, 2]). */
function areNoRanges(present: readonly string[]): boolean {
  const lists = present.some((c) => /^\[.*\]$/.test(c)) && !present.some((c) => /^\[.*\)$|^\(.*\]$/.test(c))
  const digits = present.map((c) => /^\+?(\d{2,})-(\d{2,})$/.exec(normal(c)))
  const shapes = new Set(
    digits.map((m) => (m && m[1]!.length !== m[2]!.length ? `${m[1]!.length} ${m[2]!.length}` : ''))
  )
  return lists || (shapes.size === 1 && !shapes.has('')) || areIds(digits)
}
/** Long numbers that end in such digits are where people cut classes: 1000-1999, 2001-2500. */
const CUT = /(?:0[01]|5[01]|49|99)$/
/** In so many cells the larger number is not always second by chance. */
const BY_CHANCE = 8
/**
 * Whether pairs of long numbers are ids (12345-67890): none is a year, hardly one is where classes are cut, and no cell
 * goes on where another ends. @param pairs both numbers of each cell, as matched
 */
function areIds(pairs: readonly (RegExpExecArray | null)[]): boolean {
  const cells = pairs.filter((m) => m !== null)
  if (!cells.length || cells.length < pairs.length || new Set(cells.map((m) => m[0])).size > BY_CHANCE) return false
  const ends = cells.flatMap((m) => m.slice(1, 3))
  if (ends.some((e) => e.length < 4 || (+e >= 1500 && +e <= 2100))) return false
  const lows = new Set(cells.map((m) => +m[1]!))
  const goesOn = cells.some((m) => lows.has(+m[2]!) || lows.has(+m[2]! + 1))
  return !goesOn && ends.filter((e) => CUT.test(e)).length * 2 <= ends.length
}
/** Whether bounds cut one number into two sides, as <=50K and >50K do: these are classes, and both would be 50. */
function parts(present: readonly string[], read: Reading['read']): boolean {
  const sides = new Map<number, string>()
  return present.some((cell) => {
    const { side, ends } = spanOf(normal(cell)) ?? {}
    const value = side && read(ends![0]!)
    if (typeof value !== 'number') return false
    if (!sides.has(value)) sides.set(value, side!)
    return sides.get(value) !== side
  })
}
/**
 * How a column is read whose numbers are ranges (10-20 as their middle, 15) or bounds (<5 as 5), among numbers or
 * alone; undefined where their ends are no numbers of one unit.
 */
export function spanReading(present: readonly string[], n: Counts, e: Evidence): Reading | undefined {
  const endsOf = (cell: string): readonly string[] => spanOf(normal(cell))?.ends ?? [cell]
  const ends = present.flatMap((cell) => endsOf(cell))
  const inner = numeralReading(countCells(ends), e, () => ends)
  if (!inner.numeric) return undefined
  if (parts(present, inner.read) || areNoRanges(present)) return undefined
  const read = kept((cell) => {
    const values = endsOf(cell).map((end) => inner.read(end))
    const wrong = values.find((v) => typeof v !== 'number')
    if (wrong !== undefined)
      return values.length > 1 || endsOf(cell)[0] !== cell
        ? isNot(cell, 'range or bound of this column', '此列的区间或界限')
        : wrong
    return (values as number[]).reduce((a, b) => a + b, 0) / values.length
  })
  const how: [string, string][] = []
  if (n.ranges) how.push([`the middle of ${counted(n.ranges, 'range')}`, `${n.ranges} 个区间的中点`])
  if (n.bounds) how.push([`${counted(n.bounds, 'bound')} as the number itself`, `${n.bounds} 个界限取其数值本身`])
  if (inner.told) how.push([inner.told.how.en, inner.told.how.zh])
  how.push(['if they are names, read the column as categories', '若为名称，请将该列按类别读取'])
  return {
    ...inner,
    read,
    plain: false,
    spans: { ranges: n.ranges, bounds: n.bounds },
    told: {
      code: 'numbersDressed',
      how: { en: how.map((h) => h[0]).join('; '), zh: how.map((h) => h[1]).join('；') },
      count: n.ranges + n.bounds,
      ...example(
        () => present,
        read,
        (c) => endsOf(c)[0] !== c
      )
    }
  }
}
