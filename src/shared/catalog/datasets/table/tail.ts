import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { normal, numeralOf, PLAIN, valueOf } from './numerals'
import { isUnit } from './units'

/** One line of the file, cut into trimmed cells; its number is 1-based. */
export interface Line {
  row: string[]
  line: number
}
/** Rows that are looked at for a guess. */
export const SAMPLE = 500

// cspell:disable
const TOTAL =
  /^(?:grand |sub)?(?:totale?s?|totaal|sums?|(?:summe|gesamt)\p{L}*|insgesamt|average|avg|mean|count|somme|moyenne|suma|ø)(?!\p{L}):?|^(?:总计|总計|總計|总和|合计|合計|小计|小計|平均|均值|汇总|итого|всего)/iu
// cspell:enable
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
  const { line, row } = left.at(-1)!
  const shown = JSON.stringify(row.filter(Boolean).join(' ').slice(0, 40))
  remarks.push(
    remark(
      'totalLines',
      `${left.length} line(s) below the table were left out as total, units or note, such as line ${line}: ${shown}`,
      `忽略了表格下方的 ${left.length} 行合计、单位或附注，如第 ${line} 行：${shown}`,
      { line, count: left.length }
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
/** Lines above a row up to which its numbers are held against their sums, where its name is no known one. */
const SUMMED = 10_000
/** Numbers of a column under each decimal sign; 0 of a cell that is none. */
export const FIGURES = (['.', ','] as const).map((sign) => (cell: string): number => {
  if (PLAIN.test(cell) && (sign === '.' || !cell.includes('.'))) return Number(cell)
  const numeral = cell ? numeralOf(normal(cell)) : undefined
  return (numeral && valueOf(numeral, sign)) ?? 0
})
/** Whether the number of a row is the sum of those above, none of which is as large. */
function isSum(lines: readonly Line[], at: number, column: number, larger: boolean): boolean {
  return FIGURES.some((figure) => {
    const total = figure(lines[at]!.row[column]!)
    let sum = 0
    let most = 0
    for (let k = 0; k < at; k++) {
      const v = figure(lines[k]!.row[column] ?? '')
      sum += v
      most = Math.max(most, Math.abs(v))
    }
    return Math.abs(sum - total) <= 1e-6 * Math.max(1, Math.abs(sum)) && (!larger || Math.abs(total) > most)
  })
}
/** A row called total; or one whose first cell is no number and none of those above, and that holds their sums. */
function isTotal(lines: readonly Line[], at: number, width: number, isMissing: (cell: string) => boolean): boolean {
  const { row } = lines[at]!
  const named = row.some((c) => TOTAL.test(c))
  if (row.length !== width) return named && row.length < width
  const numbers = row.map((c, i) => (looksLikeNumber(c) ? i : -1)).filter((i) => i >= 0)
  if (!named) {
    const odd = isMissing(row[0]!)
    if (!numbers.length || (!odd && (at < 3 || at > SUMMED || looksLikeNumber(row[0]!)))) return false
    if (!odd && lines.slice(0, at).some((l) => l.row[0] === row[0])) return false
    return numbers.every((i) => isSum(lines, at, i, !odd)) && numbers.some((i) => FIGURES[0]!(row[i]!) !== 0)
  }
  const sums = numbers.filter((i) => isSum(lines, at, i, false))
  const column = row.findIndex((c) => TOTAL.test(c))
  const others = lines.slice(0, Math.min(at, SAMPLE)).map((l) => l.row[column] ?? '')
  // A word that comes again above is a class of its own.
  return !others.includes(row[column]!) && (sums.length > 0 || numbers.length > 0 || others.some(looksLikeNumber))
}
