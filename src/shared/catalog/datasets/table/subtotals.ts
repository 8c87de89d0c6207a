import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { add, copyOf, figureNamed, isExtreme, isSumOf, leftOut, noSums, type Figure, type Line } from './summary'

// cspell:disable
/** Names of sums that stand behind what they sum: `North total`, 北区小计. */
const BEHIND = /(?:\p{L}|\d).* (?:sub)?totals?:?$|^total (?:of|for|de|du|der)(?!\p{L})|[小合总]计$|[小合總]計$/iu
const SUBTOTAL =
  /^sub[- ]?tota|^(?:zwischen|teil)summe|(?:\p{L}|\d).* (?:sub)?totals?:?$|^sous-total|[小合总]计$|[小合總]計$|^промежуточный итог/iu
// cspell:enable
/** Letters of a name; longer cells are texts, which take long to search. */
const LONGEST = 80
/** Cells of a row that may hold its name. */
const NAMED = 3
/** A subtotal of at least so many rows is no coincidence. */
const FEWEST = 2
/** How many blocks above a sum it may add up, as a sum of regions adds up those of towns. */
const BLOCKS = 50
/** With more rows called least, largest and so on, these words are values of a column. */
const EXTREMES = 200

/** A row whose name says that it summarises others. */
interface Named {
  /** Place of the row among the lines. */
  at: number
  name: string
  figure: Figure
}
/** The kind of summary that one of the first cells of a row names; undefined for most rows. */
function nameOf({ row }: Line, first: readonly string[]): Omit<Named, 'at'> | undefined {
  for (let i = 0; i < NAMED && i < row.length; i++) {
    const cell = row[i]!
    if (cell === '' || cell.length > LONGEST) continue
    const figure = figureNamed(cell) ?? (BEHIND.test(cell) ? 'sum' : undefined)
    // In a column of percentages they are values.
    if (figure && !((figure === 'share' || figure === 'median') && looksLikeNumber(cell) && looksLikeNumber(first[i]!)))
      return { name: cell, figure }
  }
  return undefined
}
interface Told extends Named {
  /** Rows that it may summarise. */
  above: number
  /** Whether its numbers match its name. */
  holds: boolean
}
const isSum = ({ figure }: Named): boolean => figure === 'sum' || figure === 'mean'
/** The rows whose names say that they summarise others, and whether they do. */
function toldIn(lines: readonly Line[], named: readonly Named[], width: number): Told[] {
  const byPlace = new Map(named.map((n) => [n.at, n]))
  const others = named.length < EXTREMES ? lines.filter((_, at) => !byPlace.has(at)) : []
  const sums = noSums(width)
  /** Sums above the first row, and above each row that is called so. */
  const starts = [noSums(width)]
  const all = noSums(width)
  // A row at the top may sum all below it.
  if (byPlace.has(0)) for (const [at, { row }] of lines.entries()) if (!byPlace.has(at)) add(all, row)
  const out: Told[] = []
  lines.forEach(({ row }, at) => {
    const is = byPlace.get(at)
    if (!is) return add(sums, row)
    const from = [starts[0]!, ...starts.slice(1).slice(-BLOCKS)]
    const start = from.filter((s) => s.rows < sums.rows).at(-1) ?? sums
    const [ends, begins] = sums.rows ? [sums, from] : [all, [noSums(width)]]
    const holds = isSum(is)
      ? row.some(
          (cell, i) =>
            looksLikeNumber(cell) &&
            /[1-9]/.test(cell) &&
            begins.some((s) => isSumOf(cell, i, s, ends, is.figure === 'mean'))
        )
      : [...new Set([start.rows, 0])].some((rows) => {
          const told = sums.rows ? others.slice(rows, sums.rows) : others
          return told.length >= FEWEST && isExtreme(is.figure, row, told)
        })
    out.push({ ...is, above: ends.rows - starts.at(-1)!.rows, holds })
    starts.push(copyOf(sums))
  })
  return out
}
/** Rows at the end that summarise those above in several ways: least, largest, mean. */
function statistics(told: readonly Told[], lines: readonly Line[]): Told[] {
  let n = told.length
  while (n && told[n - 1]!.at === lines.length - (told.length - n) - 1) n--
  const tail = told.slice(n)
  const enough = lines.length - tail.length >= FEWEST
  const several = new Set(tail.map((t) => t.figure)).size > 1
  const sure = tail.some((t) => t.holds && !isSum(t)) || (several && tail.some((t) => t.holds))
  return enough && sure && (several || tail.every((t) => t.holds)) ? tail : []
}
/**
 * Leaves out rows that sum or average those above them, and rows of statistics at the end; names rows that are called
 * so and are no sums. Sums below the table alone are for `withoutTail`.
 */
export function withoutSubtotals(
  lines: Line[],
  width: number,
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): Line[] {
  const named: Named[] = []
  const first = lines[0]?.row ?? []
  lines.forEach((line, at) => {
    const is = line.row.length === width ? nameOf(line, first) : undefined
    if (is && !isMissing(is.name)) named.push({ at, ...is })
  })
  if (!named.length) return lines
  const all = toldIn(lines, named, width)
  const tail = new Set(statistics(all, lines))
  // A word that names no summary may be a person's name (Max) or a class.
  const missed = new Set(all.filter((t) => !t.holds && !tail.has(t)).map((t) => t.figure))
  const told = all.filter((t) => isSum(t) || tail.has(t) || !missed.has(t.figure))
  let end = lines.length
  for (const { at } of [...told].reverse()) if (at === end - 1) end--
  const inside = told.filter((t) => t.at < end)
  const left = told.filter((t) => tail.has(t) || t.holds || t.at >= end)
  const sure = inside.every((t) => t.holds) && inside.some((t) => t.above >= FEWEST)
  if (sure || tail.size) {
    const gone = new Set((sure ? left : [...tail]).map((t) => t.at))
    const out = lines.filter((_, at) => gone.has(at))
    const { name } = all.find((t) => gone.has(t.at))!
    remarks.push(
      leftOut(
        out,
        name,
        ['line that sums or averages others was left out', 'lines that sum or average others were left out'],
        '# 行对其他行的合计或平均'
      )
    )
    return lines.filter((_, at) => !gone.has(at))
  }
  const once = (name: string): boolean => inside.filter((t) => t.name === name).length === 1
  const doubtful = inside.filter((t) => isSum(t) && (SUBTOTAL.test(t.name) || once(t.name)))
  const [one] = doubtful
  if (one) {
    const { line } = lines[one.at]!
    const name = JSON.stringify(one.name.slice(0, 40))
    remarks.push(
      remark(
        'totalsKept',
        `${counted(doubtful.length, 'line is', 'lines are')} called as sums of others are, such as line ${line} (${name}), and not all are: they were kept; take them out of the file if they are sums`,
        `${doubtful.length} 行的名称像合计，如第 ${line} 行（${name}），但并非都是合计，因此保留；若为合计，请从文件中去掉`,
        { line, count: doubtful.length }
      )
    )
  }
  return lines
}
