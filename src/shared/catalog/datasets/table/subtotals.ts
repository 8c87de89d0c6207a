import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { FIGURES, type Line } from './tail'

// cspell:disable
/** Names of rows that sum others, and those that nothing else is called by. */
const SUM =
  /^(?:grand |sub|sub-|sub )?(?:totale?s?|totaal|sums?|summe|insgesamt|somme|suma)(?!\p{L})|^(?:gesamt|zwischen|teil)summe|(?:\p{L}|\d).* (?:sub)?totals?:?$|^total (?:of|for|de|du|der)(?!\p{L})|^sous-total|^subtotaal|[小合总]计$|[小合總]計$|^промежуточный итог|^итого|^(?:average|avg|mean|durchschnitt|mittelwert|moyenne)(?!\p{L})|^(?:平均|均值)/iu
const MEAN = /^(?:average|avg|mean|durchschnitt|mittelwert|moyenne)(?!\p{L})|^(?:平均|均值)/iu
const SUBTOTAL =
  /^sub[- ]?tota|^(?:zwischen|teil)summe|(?:\p{L}|\d).* (?:sub)?totals?:?$|^sous-total|[小合总]计$|[小合總]計$|^промежуточный итог/iu
// cspell:enable
/** Letters of a name; longer cells are texts, which take long to search. */
const LONGEST = 80
/** Cells of a row that may hold its name. */
const NAMED = 3
/** Rows below each other that one subtotal sums, beyond which a sum is none by chance. */
const FEWEST = 2

/** The name that a row of sums has; undefined for others. */
function nameOf({ row }: Line): string | undefined {
  for (let i = 0; i < NAMED && i < row.length; i++) {
    const cell = row[i]!
    const c = cell.charCodeAt(0)
    // Numbers, of which most tables consist, are no names.
    if (c > 57 && cell.length <= LONGEST && SUM.test(cell)) return cell
  }
  return undefined
}
interface Sums {
  /** Place of the row among the lines. */
  at: number
  name: string
  /** Rows that it may sum. */
  above: number
  /** Whether a number of it is the sum of those above it, up to the one before or all. */
  holds: boolean
}
/** Blocks of rows up to a sum that it may sum together, as one of regions sums those of towns. */
const BLOCKS = 50
/** The rows that are called sums, and whether they are. */
function sumsIn(lines: readonly Line[], named: ReadonlyMap<number, string>, width: number): Sums[] {
  const columns = Array.from({ length: width }, (_, i) => i)
  const tallies = FIGURES.map((figure) => ({ figure, sums: new Float64Array(width) }))
  /** Sums and number of the rows above the first one, and above each row that is called a sum. */
  const starts = [{ rows: 0, sums: tallies.map(() => new Float64Array(width)) }]
  const out: Sums[] = []
  let rows = 0
  lines.forEach(({ row }, at) => {
    const name = named.get(at)
    if (name === undefined) {
      rows++
      for (const { figure, sums } of tallies) for (const i of columns) sums[i]! += figure(row[i] ?? '')
      return
    }
    const from = [starts[0]!, ...starts.slice(1).slice(-BLOCKS)]
    const holds = tallies.some(({ figure, sums }, t) =>
      columns.some((i) => {
        const total = looksLikeNumber(row[i] ?? '') ? figure(row[i]!) : 0
        const is = (sum: number): boolean => Math.abs(sum - total) <= 1e-6 * Math.max(1, Math.abs(sum))
        return (
          total !== 0 &&
          from.some((start) => {
            const sum = sums[i]! - start.sums[t]![i]!
            return rows > start.rows && (is(sum) || (MEAN.test(name) && is(sum / (rows - start.rows))))
          })
        )
      })
    )
    out.push({ at, name, above: rows - starts.at(-1)!.rows, holds })
    starts.push({ rows, sums: tallies.map(({ sums }) => sums.slice()) })
  })
  return out
}
/**
 * Leaves out rows between the others that sum or average those above them; names rows that are called subtotals and are
 * no sums. Those below the table alone are for `withoutTail`.
 */
export function withoutSubtotals(
  lines: Line[],
  width: number,
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): Line[] {
  const named = new Map<number, string>()
  lines.forEach((line, at) => {
    const name = line.row.length === width ? nameOf(line) : undefined
    if (name !== undefined && !isMissing(name)) named.set(at, name)
  })
  let end = lines.length
  while (end && named.has(end - 1)) end--
  const inside = [...named.keys()].filter((at) => at < end)
  if (!inside.length) return lines
  const sums = sumsIn(lines, named, width)
  const [first] = sums as [Sums]
  const shown = JSON.stringify(first.name.slice(0, 40))
  const { line } = lines[first.at]!
  const left = new Set(sums.filter((s) => s.holds || s.at >= end).map((s) => s.at))
  if (sums.every((s) => s.holds || s.at >= end) && sums.some((s) => s.holds && s.above >= FEWEST)) {
    const count = left.size
    remarks.push(
      remark(
        'totalLines',
        `${count} line(s) that sum or average others were left out, such as line ${line}: ${shown}`,
        `忽略了 ${count} 行对其他行的合计或平均，如第 ${line} 行：${shown}`,
        { line, count }
      )
    )
    return lines.filter((_, at) => !left.has(at))
  }
  const doubtful = sums.filter((s) => s.at < end && SUBTOTAL.test(s.name))
  const [one] = doubtful
  if (one) {
    const at = lines[one.at]!.line
    const name = JSON.stringify(one.name.slice(0, 40))
    remarks.push(
      remark(
        'totalsKept',
        `${doubtful.length} line(s) are called as sums of others are, such as line ${at} (${name}), and not all are: they were kept; take them out of the file if they are sums`,
        `${doubtful.length} 行的名称像合计，如第 ${at} 行（${name}），但并非都是合计，因此保留；若为合计，请从文件中去掉`,
        { line: at, count: doubtful.length }
      )
    )
  }
  return lines
}
