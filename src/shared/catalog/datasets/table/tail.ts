import type { Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { add, figureNamed, FIGURES, isSumOf, leftOut, noSums, type Line, type Sums } from './summary'
import { isUnit } from './units'

/** How many rows a guess is based on. */
export const SAMPLE = 500

const TOTALS: readonly (string | undefined)[] = ['sum', 'mean', 'count']
const isNamed = (cell: string): boolean => TOTALS.includes(figureNamed(cell))
/** Leaves out what stands below the table: totals, notes. */
export function withoutTail(
  lines: Line[],
  width: number,
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): Line[] {
  let n = lines.length
  const left: Line[] = []
  while (n > 2 && left.length < 5) {
    const { row } = lines[n - 1]!
    const filled = row.filter((c) => c !== '')
    const note =
      filled.length === 1 && row[0] !== '' && width > 2 && !looksLikeNumber(row[0]!) && /\p{L}/u.test(row[0]!)
    const shortNote = row.length === 1 && width > 1 && /\p{L}/u.test(row[0]!) && !looksLikeNumber(row[0]!)
    if (!note && !shortNote && !isTotal(lines, n - 1, width, isMissing) && !isUnits(lines, n - 1)) break
    left.push(lines[--n]!)
  }
  if (!left.length) return lines
  left.reverse()
  remarks.push(
    leftOut(
      left,
      left[0]!.row.filter(Boolean).join(' '),
      [
        'line below the table was left out as total, units or note',
        'lines below the table were left out as total, units or note'
      ],
      '表格下方的 # 行合计、单位或附注'
    )
  )
  return lines.slice(0, n)
}
/** A row of units in columns that hold nothing but numbers above. */
function isUnits(lines: readonly Line[], at: number): boolean {
  const { row } = lines[at]!
  const above = lines.slice(Math.max(0, at - 20), at)
  const over = row.map((c, i) => (c ? i : -1)).filter((i) => i >= 0)
  return (
    over.length > 1 &&
    over.every((i) => /^\p{L}|[[(%°]/u.test(row[i]!) && isUnit(row[i]!.replace(/^[[(](.*)[\])]$/, '$1'))) &&
    above.every((l) => over.every((i) => looksLikeNumber(l.row[i] ?? '')))
  )
}
/** The most rows whose sums are compared with a row that has no known name. */
const SUMMED = 10_000
/** From so many rows on it is no coincidence that a row of numbers holds their sums. */
const UNNAMED = 5
/** Whether the number of a row is larger than each of those above. */
const isLargest = (lines: readonly Line[], at: number, column: number): boolean =>
  FIGURES.some((figure) => {
    const total = Math.abs(figure(lines[at]!.row[column]!))
    return lines.slice(0, at).every((l) => Math.abs(figure(l.row[column] ?? '')) < total)
  })
/** A row called total; or one whose first cell is no number and none of those above, and that holds their sums. */
function isTotal(lines: readonly Line[], at: number, width: number, isMissing: (cell: string) => boolean): boolean {
  const { row } = lines[at]!
  const named = row.some(isNamed)
  if (row.length !== width) return named && row.length < width
  const numbers = row.map((c, i) => (looksLikeNumber(c) ? i : -1)).filter((i) => i >= 0)
  let above: Sums | undefined
  const isSum = (i: number): boolean => {
    if (!above) {
      above = noSums(width)
      for (let k = 0; k < at; k++) add(above, lines[k]!.row)
    }
    return isSumOf(row[i]!, i, noSums(width), above)
  }
  if (!named) {
    const odd = isMissing(row[0]!)
    const all = width > 1 && numbers.length === width && at >= UNNAMED
    if (!numbers.length || (!odd && (at < 3 || at > SUMMED || (looksLikeNumber(row[0]!) && !all)))) return false
    if (!odd && !all && lines.slice(0, at).some((l) => l.row[0] === row[0])) return false
    return (
      numbers.every((i) => isSum(i) && (odd || isLargest(lines, at, i))) &&
      numbers.some((i) => FIGURES[0]!(row[i]!) !== 0)
    )
  }
  const sums = numbers.filter(isSum)
  const column = row.findIndex(isNamed)
  const others = lines.slice(0, Math.min(at, SAMPLE)).map((l) => l.row[column] ?? '')
  // A word that stands above, too, is a class.
  return !others.includes(row[column]!) && (sums.length > 0 || numbers.length > 0 || others.some(looksLikeNumber))
}
