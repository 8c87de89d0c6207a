import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { PLAIN } from './numerals'
import { DELIMITER_NAMES } from './separators'
import type { Line } from './summary'

/** The most lines above a table that may each hold a name and its value. */
const FIELDS = 60
/**
 * How many lines above the names hold a setting and its value, as instruments write them: `Serial,12345`. The table
 * itself has more columns, and numbers below its names.
 */
function fieldsAbove(lines: readonly Line[], width: number, isHead: (row: readonly string[]) => boolean): number {
  if (width < 3) return 0
  const isField = ({ row }: Line): boolean => {
    const filled = row.filter((c) => c !== '')
    return row[0] !== '' && !looksLikeNumber(row[0]!) && filled.length < 3 && filled.length < width
  }
  let n = 0
  while (n < FIELDS && lines[n] && isField(lines[n]!)) n++
  const [names, first, second] = lines.slice(n)
  if (n < 2 || !first || !second || names!.row.length !== width || !isHead(names!.row)) return 0
  return [first, second].every((l) => l.row.length === width && l.row.some(looksLikeNumber)) ? n : 0
}

/**
 * Leaves out lines above the table: those of another width, or with one cell filled, and the names below them.
 * @param width cells of most lines
 */
export function withoutTitles(
  lines: Line[],
  width: number,
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): Line[] {
  const isTitle = (at: number): boolean => {
    const row = lines[at]?.row
    const next = lines[at + 1]?.row
    if (!row || !next || at > 20) return false
    if (row.length < width && next.length === width && isHead(next)) return true
    if (row.some((c) => PLAIN.test(c))) return false
    const filled = row.filter((c) => c !== '').length
    if (row.length === width)
      return width > 2 && filled === 1 && row[0] !== '' && next.length === width && (isHead(next) || isTitle(at + 1))
    // One name fewer than columns are the names of R, unless the names come below.
    if (row.length === width - 1 && !isTitle(at + 1)) return false
    if (row.length > width) return next.length === width && isHead(next)
    return row.length < width && lines.slice(at + 1, at + 20).some((l) => l.row.length === width)
  }
  const isHead = (row: readonly string[]): boolean =>
    row.every((c) => !looksLikeNumber(c)) && row.filter((c) => !isMissing(c)).length > 1
  let n = fieldsAbove(lines, width, isHead)
  while (width > 1 && isTitle(n)) n++
  if (n)
    remarks.push(
      remark(
        'titleLines',
        `${counted(n, 'line above the table was', 'lines above the table were')} skipped as title, such as line ${lines[0]!.line}: ${JSON.stringify(lines[0]!.row.filter(Boolean).join(' ').slice(0, 40))}`,
        `跳过了表格上方的 ${n} 行标题，如第 ${lines[0]!.line} 行：${JSON.stringify(lines[0]!.row.filter(Boolean).join(' ').slice(0, 40))}`,
        { line: lines[0]!.line, count: n }
      )
    )
  return lines.slice(n)
}

const SEPARATORS = [
  [',', 'comma'],
  [';', 'semicolon'],
  ['\t', 'tab'],
  ['|', 'pipe']
] as const
/** Lines among which the names are looked for. */
const ABOVE = 20
/**
 * Cuts names that another sign separates than the lines below them: `a,b,y` above `1;2;3`. Changes `lines`.
 * @param width cells of most lines
 */
export function cutNames(lines: Line[], width: number, remarks: Remark[]): void {
  if (width < 2) return
  const at = lines.slice(0, ABOVE).findIndex(({ row }, i) => row.length === 1 && lines[i + 1]?.row.length === width)
  const below = lines[at + 1]?.row
  if (at < 0 || !below!.some(looksLikeNumber)) return
  const { row, line } = lines[at]!
  for (const [sign, name] of SEPARATORS) {
    const names = row[0]!.split(sign).map((c) => c.trim())
    if (names.length !== width || new Set(names).size < width || names.some((c) => !c || looksLikeNumber(c))) continue
    lines[at] = { ...lines[at]!, row: names }
    const { en, zh } = DELIMITER_NAMES[name]
    remarks.push(
      remark(
        'separator',
        `the names in line ${line} are separated by ${en}, unlike the lines below them, and were read so`,
        `第 ${line} 行的列名以${zh}分隔，与其下各行不同，已据此读取`,
        { line }
      )
    )
    return
  }
}
