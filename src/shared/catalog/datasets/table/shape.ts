import { counted } from '../../../base/text'
import { remark, type Remark, type RemarkCode } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { anotherTable, secondTable, tableBeside } from './layout'
import { PLAIN } from './numerals'
import type { Line } from './summary'
import { SAMPLE, withoutTail } from './tail'
import { hasNumbersOverNames, withoutSecondHeader } from './secondHeader'
import { withoutFurther } from './further'
import { withoutSubtotals } from './subtotals'
import { cutNames, withoutTitles } from './titles'

/** The commonest of these numbers; 0 of none. */
function commonest(values: readonly number[]): number {
  const times = new Map<number, number>()
  for (const v of values) times.set(v, (times.get(v) ?? 0) + 1)
  return [...times].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0] as [number, number])[0]
}
const widthOf = (lines: readonly Line[]): number => commonest(lines.slice(0, 5000).map((l) => l.row.length))

/** Names, and the lines below them. */
export interface Shape {
  head?: string[]
  lines: Line[]
  width: number
  /** What makes the table unusable. */
  fault?: { en: string; zh: string }
}

/**
 * Finds the table among the lines: what stands above it (titles, comments), its header, what stands between (units),
 * and what stands below it (totals, notes). Whatever is left out is a remark.
 */
export function findTable(
  all: readonly Line[],
  header: 'auto' | 'yes' | 'no',
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): Shape {
  const { lines: kept, commented } = withoutComments(withoutRules(all, remarks), remarks)
  if (header !== 'no') cutNames(kept, widthOf(kept), remarks)
  let lines = withoutTitles(kept, widthOf(kept), isMissing, remarks)
  const above = kept[kept.length - lines.length - 1]
  if (
    commented &&
    header !== 'no' &&
    lines.length &&
    commented.length === lines[0]!.row.length &&
    !guessHeader(rowsOf(lines), isMissing)
  )
    return { head: commented, ...body(lines, commented.length, isMissing, remarks) }
  const named = header === 'yes' || (header === 'auto' && guessHeader(rowsOf(lines), isMissing))
  if (!named || !lines.length) {
    const all = widthOf(lines)
    return header === 'auto' && above && above.row.filter((c) => c && !looksLikeNumber(c)).length > 1
      ? { lines: [], width: all, fault: otherWidth(above, all) }
      : body(lines, all, isMissing, remarks)
  }
  const first = lines[0]!
  const { row, line } = first
  if (header === 'auto' && row.some((c) => PLAIN.test(c)))
    remarks.push(
      remark(
        'numberHeader',
        `line ${line} was taken for the header, although it holds numbers; if it is data, choose “Header line: No”`,
        `第 ${line} 行虽含数字，仍视为表头；若为数据，请将“表头行”设为“无”`,
        { path: 'data.dataset.header', line }
      )
    )
  else if (header === 'auto' && rowsOf(lines).every((r) => !r.some(looksLikeNumber)) && comesAgain(rowsOf(lines)))
    remarks.push(
      remark(
        'headerGuessed',
        `line ${line} was taken for the header, although a word of it comes again below it; if it is data, choose “Header line: No”`,
        `第 ${line} 行虽有文字在其下方重复出现，仍视为表头；若为数据，请将“表头行”设为“无”`,
        { path: 'data.dataset.header', line }
      )
    )
  lines = lines.slice(1)
  let head = [...row]
  const width = widthOf(lines)
  if (
    lines.length &&
    head.length > width &&
    head.slice(width).every((c) => c === '') &&
    lines.every((l) => l.row.length <= width)
  )
    head = head.slice(0, width)
  const endsBlank =
    head.length < width && lines.every(({ row: r }) => r.length < width || r.slice(head.length).every((c) => c === ''))
  if (head.length === width - 1 && !endsBlank && tellRows(lines)) {
    const split = splitNumbers(lines)
    remarks.push(
      remark(
        'rowNames',
        `line ${line} has one name fewer than there are columns: the first column is taken for the names of the rows, and called "row"${split.en}`,
        `第 ${line} 行的名称比列数少一个：第一列视为行名，称为“row”${split.zh}`,
        { line, column: 'row' }
      )
    )
    head = ['row', ...head]
  } else if (lines.length && head.length !== width && !endsBlank && !lines.some((l) => l.row.length === head.length))
    return {
      head,
      lines: [],
      width,
      fault: otherWidth(first, width)
    }
  lines = withoutSecondHeader(withoutRepeats(lines, row, remarks), head, isMissing, remarks)
  const beside = tableBeside(head, lines)
  if (beside) return { head, lines: [], width, fault: beside }
  const other = anotherTable(lines)
  if (other) return { head, lines: [], width, fault: secondTable(other) }
  return { head, ...body(lines, head.length, isMissing, remarks) }
}
/** Numbers that a thousands separator without quotes may have cut in two: 1,234. */
function splitNumbers(lines: readonly Line[]): { en: string; zh: string } {
  const rows = rowsOf(lines)
  const at = (rows[0] ?? []).findIndex(
    (_, i) => i > 0 && rows.every((r) => /^\d{3}$/.test(r[i]!) && /^[1-9]\d{0,2}$/.test(r[i - 1]!))
  )
  if (at < 0) return { en: '', zh: '' }
  const cell = rows[0]!.slice(at - 1, at + 1).join(',')
  return {
    en: `; or is ${cell} one number, whose comma groups thousands? Put such numbers in quotes, or leave the comma out`,
    zh: `；还是 ${cell} 本是一个数，其中的逗号为千位分隔符？请将此类数字加引号，或去掉逗号`
  }
}
/** Whether first cells may be names of rows, which are words, or numbers that do not come again. */
function tellRows(lines: readonly Line[]): boolean {
  const numbers = rowsOf(lines).flatMap(([first = '']) => (looksLikeNumber(first) ? [first] : []))
  return new Set(numbers).size === numbers.length
}
/** Of a line above the table that may hold its names. */
const otherWidth = ({ row, line }: Line, width: number): Shape['fault'] => ({
  en: `line ${line} has ${counted(row.length, 'field')}, all others ${width}: a title, a comment, or a missing name?`,
  zh: `第 ${line} 行有 ${row.length} 个字段，其余各行有 ${width} 个：是标题、注释，还是缺少列名？`
})
/** Leaves out lines that are drawn: `|---|---|`, `+----+`. */
function withoutRules(lines: readonly Line[], remarks: Remark[]): Line[] {
  const isRule = ({ row }: Line): boolean => row.every((c) => c === '' || /^[-+=:_]{2,}$/.test(c))
  return without(lines, isRule, remarks, 'comments', ['of dashes', 'of dashes'], '短横线')
}
/** Leaves out lines that repeat the names, as files that were put behind one another have them. */
function withoutRepeats(lines: readonly Line[], names: readonly string[], remarks: Remark[]): Line[] {
  const same = ({ row }: Line): boolean =>
    row.length === names.length && row.every((c, i) => c.toLowerCase() === names[i]!.toLowerCase())
  return without(
    lines,
    same,
    remarks,
    'repeatedHeader',
    ['that repeats the header', 'that repeat the header'],
    '重复表头'
  )
}
function without(
  lines: readonly Line[],
  is: (line: Line) => boolean,
  remarks: Remark[],
  code: RemarkCode,
  [one, several]: readonly [string, string],
  zh: string
): Line[] {
  const left = lines.filter(is)
  if (left.length)
    remarks.push(
      remark(
        code,
        `${counted(left.length, `line ${one} was`, `lines ${several} were`)} skipped`,
        `跳过了 ${left.length} 个${zh}的行`,
        {
          line: left[0]!.line,
          count: left.length
        }
      )
    )
  return lines.filter((l) => !is(l))
}
const rowsOf = (lines: readonly Line[]): string[][] => lines.slice(0, SAMPLE).map((l) => l.row)
const body = (
  lines: Line[],
  width: number,
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): { lines: Line[]; width: number } => ({
  lines: withoutFurther(lines, remarks, (all, told) =>
    withoutTail(withoutSubtotals(all, width, isMissing, told), width, isMissing, told)
  ),
  width
})

const COMMENT = /^\s*(?:#|\/\/|%|;)/
/**
 * Leaves out lines that begin with a comment sign and are no rows; the last one before the table may hold its names.
 */
function withoutComments(all: readonly Line[], remarks: Remark[]): { lines: Line[]; commented?: string[] } {
  const others = all.filter((l) => !COMMENT.test(l.row[0]!))
  const width = widthOf(others.length > 1 ? others : all)
  const isComment = ({ row }: Line, at: number): boolean => {
    if (!COMMENT.test(row[0]!)) return false
    return (
      row.length !== width ||
      (at < 50 && /^\s*(?:# |\/\/|% )/.test(row[0]!) && all.slice(0, at).every((l) => COMMENT.test(l.row[0]!)))
    )
  }
  const out = all.map((l, i) => isComment(l, i))
  const count = out.filter(Boolean).length
  if (!count) return { lines: [...all] }
  const first = out.indexOf(false)
  const last = first > 0 ? all[first - 1]! : undefined
  const names = last && [last.row[0]!.replace(/^\s*(?:#+|\/\/|%+|;)\s*/, ''), ...last.row.slice(1)]
  const holds = names?.length === width && width > 1 && names.every((c) => c && !looksLikeNumber(c))
  const at = all[out.indexOf(true)]!.line
  remarks.push(
    remark(
      'comments',
      holds
        ? `${counted(count, 'line that begins with a comment sign was', 'lines that begin with a comment sign were')} skipped; line ${last!.line} of them gives the names`
        : `${counted(count, 'line that begins with a comment sign was', 'lines that begin with a comment sign were')} skipped`,
      holds ? `跳过了 ${count} 个注释行；其中第 ${last!.line} 行给出列名` : `跳过了 ${count} 个注释行`,
      { line: at, count }
    )
  )
  return { lines: all.filter((_, i) => !out[i]), ...(holds && { commented: names }) }
}

/**
 * A first row without a single number is a header, unless the table is all text and the row's words come again below.
 * One of numbers is a header when they count up: years, or numbers of columns.
 */
function guessHeader(rows: readonly string[][], isMissing: (cell: string) => boolean): boolean {
  const [first, ...rest] = rows
  if (!first || first.every(isMissing)) return false
  // A mark of missing values is no name where a word beside it comes again.
  if (first.some((c) => c !== '' && isMissing(c)) && comesAgain(rows)) return false
  if (first.some((c) => PLAIN.test(c))) return hasNumbersOverNames(rows, isMissing) || countsUp(first, rest)
  // A date or an amount over plain numbers is a name: 2024-Q1.
  const dressed = first.map((c, i) => (looksLikeNumber(c) ? i : -1)).filter((i) => i >= 0)
  if (dressed.length)
    return dressed.some((i) => rest.length > 0 && rest.every((r) => isMissing(r[i] ?? '') || PLAIN.test(r[i]!)))
  if (!rest.length || rest.some((r) => r.some(looksLikeNumber))) return true
  return !first.every((c, i) => rest.some((r) => r[i] === c))
}
/** Whether a word of the first row stands below it again. */
const comesAgain = ([first, ...rest]: readonly string[][]): boolean =>
  !!first && first.some((c, i) => c !== '' && rest.some((r) => r[i] === c))
function countsUp(first: readonly string[], rest: readonly string[][]): boolean {
  const whole = (row: readonly string[]): number[] => row.filter((c) => /^\d{1,4}$/.test(c)).map(Number)
  const even = (v: readonly number[]): boolean =>
    v.length > 1 && v[1]! > v[0]! && v.every((x, i) => !i || x - v[i - 1]! === v[1]! - v[0]!)
  const years = (v: readonly number[]): boolean => v.length > 0 && v.every((x) => x >= 1800 && x <= 2100)
  const numbers = whole(first)
  const words = first.filter((c) => !looksLikeNumber(c))
  if (!rest.length || numbers.length + words.length < first.length) return false
  const below = rest.slice(0, 20).map((r) => whole(r.filter((_, i) => looksLikeNumber(first[i]!))))
  if (
    years(numbers)
      ? below.some((v) => v.length > 0 && years(v))
      : below.every((v) => v.length === numbers.length && even(v))
  )
    return false
  if (words.some((w) => w && rest.some((r) => r.includes(w)))) return false
  if (words.length) return years(numbers) ? numbers.length === 1 || even(numbers) : even(numbers)
  return numbers.length > 2 && even(numbers) && (years(numbers) || (numbers[0] === 0 && numbers[1] === 1))
}
