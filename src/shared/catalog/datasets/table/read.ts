import Papa from 'papaparse'
import type { Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import { hasDecimalComma, hasDecimalPoint, isMissing, looksLikeThousands, looksNumeric, type Decimal } from './cells'
import { remark, type Remark } from '../parts/remark'
import { fault } from './faults'
import { remember } from './memo'

export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|' } as const
export type DelimiterName = keyof typeof DELIMITERS
export interface ReadOptions {
  delimiter?: 'auto' | DelimiterName
  header?: 'auto' | 'yes' | 'no'
  decimal?: 'auto' | 'point' | 'comma'
}
/** A row that can't be used, by its line in the file (1-based). */
export interface BadRow {
  line: number
  message: Text
}
/** A delimited text, cut into cells. */
export interface Table {
  delimiter: DelimiterName
  header: boolean
  decimal: Decimal
  /** Unique; `column3` where the file has no name. */
  names: string[]
  /** Trimmed cells; every row as long as `names`. */
  rows: string[][]
  /** Line of each row, 1-based. */
  lines: number[]
  /** Rows with too few or too many fields, or with broken quotes. */
  bad: BadRow[]
  remarks: Remark[]
  /** What makes the file unusable. */
  problems: Problem[]
}

const count = (text: string, what: string): number => text.split(what).length - 1
const blank = (row: string[]): boolean => row.length === 1 && row[0]!.trim() === ''
const cut = (text: string, delimiter: string, preview = 0): Papa.ParseResult<string[]> =>
  Papa.parse<string[]>(text, { delimiter, newline: '\n', quoteChar: '"', skipEmptyLines: false, preview })

const AFTER_QUOTE: Text = {
  en: 'a quoted cell goes on after its closing quote: double the quotes inside it',
  zh: '引号单元格在结束引号后还有内容：请把其中的引号写成两个'
}

/**
 * The separator that cuts the first rows most evenly; a comma only if no other does as well, since it may be a decimal
 * comma.
 */
function guessDelimiter(text: string): DelimiterName {
  let best: { name: DelimiterName; even: number } = { name: 'comma', even: 0 }
  for (const name of ['tab', 'semicolon', 'pipe', 'comma'] as const) {
    const rows = cut(text, DELIMITERS[name], 60).data.filter((r) => !blank(r))
    const widths = new Map<number, number>()
    for (const r of rows) if (r.length > 1) widths.set(r.length, (widths.get(r.length) ?? 0) + 1)
    const even = Math.max(0, ...widths.values()) / Math.max(1, rows.length)
    if (even > best.even) best = { name, even }
  }
  return best.name
}

/**
 * A first row without a single number is a header, unless the table is all text and the row's words come again below.
 */
function guessHeader(rows: string[][]): boolean {
  const [first, ...rest] = rows
  if (!first || first.every(isMissing)) return false
  const numeric = (c: string): boolean => looksNumeric(c, '.') || looksNumeric(c, ',')
  if (first.some(numeric)) return false
  if (!rest.length || rest.some((r) => r.some(numeric))) return true
  return !first.every((c, i) => rest.some((r) => r[i] === c))
}

function guessDecimal(
  rows: string[][],
  delimiter: DelimiterName
): { decimal: Decimal; example?: string; doubtful?: boolean } {
  let example: string | undefined
  let thousandsOnly = true
  for (const row of rows)
    for (const cell of row) {
      if (hasDecimalPoint(cell)) return { decimal: '.' }
      if (hasDecimalComma(cell)) {
        example ??= cell
        if (!looksLikeThousands(cell)) {
          if (thousandsOnly) example = cell
          thousandsOnly = false
        }
      }
    }
  if (example === undefined || (delimiter === 'comma' && thousandsOnly)) return { decimal: '.' }
  return { decimal: ',', example, doubtful: thousandsOnly }
}

function uniqueNames(cells: string[], remarks: Remark[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, i) => {
    const plain = cell || `column${i + 1}`
    if (!cell)
      remarks.push(
        remark(
          'columnUnnamed',
          `column ${i + 1} has no name; it is called "${plain}"`,
          `第 ${i + 1} 列没有名称，称为“${plain}”`,
          { column: plain }
        )
      )
    let name = plain
    for (let k = 2; taken.has(name); k++) name = `${plain} (${k})`
    if (name !== plain)
      remarks.push(
        remark(
          'columnRenamed',
          `the name "${plain}" comes twice; column ${i + 1} is called "${name}"`,
          `名称“${plain}”重复；第 ${i + 1} 列称为“${name}”`,
          { column: name }
        )
      )
    taken.add(name)
    return name
  })
}

function read(source: string, options: ReadOptions): Table {
  const remarks: Remark[] = []
  const problems: Problem[] = []
  const bad: BadRow[] = []
  let text = source
  if (text.charCodeAt(0) === 0xfeff) {
    text = text.slice(1)
    remarks.push(
      remark('byteOrderMark', 'starts with a byte-order mark, which was skipped', '以字节顺序标记（BOM）开头，已跳过')
    )
  }
  if (text.includes('\0'))
    problems.push(
      fault('holds binary data, not text: save it as CSV in UTF-8', '是二进制数据而非文本：请另存为 UTF-8 的 CSV')
    )
  if (text.includes('\ufffd'))
    remarks.push(
      remark(
        'encoding',
        'holds characters that are not UTF-8 (shown as �): save it as UTF-8',
        '含有非 UTF-8 字符（显示为 �）：请另存为 UTF-8'
      )
    )
  text = text.replace(/\r\n?/g, '\n')
  const delimiter = options.delimiter && options.delimiter !== 'auto' ? options.delimiter : guessDelimiter(text)
  const none: Table = { delimiter, header: false, decimal: '.', names: [], rows: [], lines: [], bad, remarks, problems }
  if (problems.length) return none

  const parsed = cut(text, DELIMITERS[delimiter])
  const lineOf: number[] = []
  let line = 1
  for (const row of parsed.data) {
    lineOf.push(line)
    // A quoted cell may hold line breaks.
    line += 1 + row.reduce((a, c) => a + (c.includes('\n') ? count(c, '\n') : 0), 0)
  }
  const broken = new Set<number>()
  for (const e of parsed.errors) {
    if (e.type !== 'Quotes') continue
    const row = e.row ?? 0
    const at = lineOf[row] ?? line
    if (e.code === 'MissingQuotes') {
      if (broken.has(row)) problems.push(fault(`line ${at}: ${AFTER_QUOTE.en}`, `第 ${at} 行：${AFTER_QUOTE.zh}`))
      else
        problems.push(
          fault(
            `line ${at}: a quote (") is opened and never closed; all that follows is lost: close it`,
            `第 ${at} 行：引号（"）未闭合，其后内容全部丢失：请补上`
          )
        )
      return none
    }
    if (!broken.has(row)) bad.push({ line: at, message: AFTER_QUOTE })
    broken.add(row)
  }
  const kept = parsed.data
    .map((row, i) => ({ row: row.map((c) => c.trim()), line: lineOf[i]!, i }))
    .filter(({ row, i }) => !blank(row) && !broken.has(i))
  const inside = parsed.data.filter((row, i) => blank(row) && i < parsed.data.length - 1).length
  if (inside)
    remarks.push(
      remark('emptyLines', `${inside} empty line(s) were skipped`, `跳过了 ${inside} 个空行`, { count: inside })
    )
  if (!kept.length) {
    problems.push(fault('is empty', '是空的'))
    return none
  }
  const header =
    options.header === 'yes' || (options.header !== 'no' && guessHeader(kept.slice(0, 500).map((k) => k.row)))
  const head = header ? kept.shift()!.row : undefined
  const width = head?.length ?? modal(kept.map((k) => k.row.length))
  let trailing = 0
  const rows: string[][] = []
  const lines: number[] = []
  for (const { row, line: at } of kept) {
    if (row.length > width && row.slice(width).every((c) => c === '')) {
      row.length = width
      trailing++
    }
    if (row.length === width) {
      rows.push(row)
      lines.push(at)
    } else
      bad.push({
        line: at,
        message: {
          en: `has ${row.length} field(s) instead of ${width}`,
          zh: `有 ${row.length} 个字段，应为 ${width} 个`
        }
      })
  }
  bad.sort((a, b) => a.line - b.line)
  if (trailing)
    remarks.push(
      remark(
        'trailingSeparators',
        `${trailing} line(s) end with separators and nothing behind them; those were ignored`,
        `${trailing} 行以多余的分隔符结尾，已忽略`,
        { count: trailing }
      )
    )
  if (!rows.length)
    problems.push(
      fault(
        header ? 'has a header but no rows' : 'has no usable rows',
        header ? '只有表头，没有数据行' : '没有可用的行'
      )
    )
  const guess =
    options.decimal && options.decimal !== 'auto'
      ? { decimal: options.decimal === 'comma' ? (',' as const) : ('.' as const) }
      : guessDecimal(rows, delimiter)
  if (guess.example !== undefined) {
    const value = guess.example.replace(',', '.')
    remarks.push(
      guess.doubtful
        ? remark(
            'decimal',
            `numbers such as ${guess.example} were read with a decimal comma, as ${value}; if the comma groups thousands, choose the decimal point and remove it`,
            `形如 ${guess.example} 的数按小数逗号读作 ${value}；若逗号为千位分隔符，请选择小数点并去掉逗号`
          )
        : remark(
            'decimal',
            `numbers have decimal commas: ${guess.example} was read as ${value}`,
            `数字使用小数逗号：${guess.example} 读作 ${value}`
          )
    )
  }
  if (!header)
    remarks.push(
      remark(
        'noHeader',
        'has no header line; columns are called column1, column2 …',
        '没有表头行；各列称为 column1、column2 …'
      )
    )
  const names = head ? uniqueNames(head, remarks) : Array.from({ length: width }, (_, i) => `column${i + 1}`)
  return { delimiter, header, decimal: guess.decimal, names, rows, lines, bad, remarks, problems }
}
function modal(values: number[]): number {
  const times = new Map<number, number>()
  for (const v of values) times.set(v, (times.get(v) ?? 0) + 1)
  return [...times].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0] as [number, number])[0]
}

const remembered = remember(4, read)
/**
 * Cuts a delimited text into a table. Never throws: faults are in `problems`, `bad` and `remarks`. The last few texts
 * are cached.
 */
export const readTable = (
  text: string,
  { delimiter = 'auto', header = 'auto', decimal = 'auto' }: ReadOptions = {}
): Table => remembered(text, { delimiter, header, decimal })
