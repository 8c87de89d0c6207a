// cspell:ignore dtype tibble bigint varchar
import type { Problem } from '../../../base/problems'
import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { fault } from './faults'
import type { BadRow } from './table'

/** A text whose table a program printed, as its reader cuts it. */
export interface Unprinted {
  text: string
  /** How many lines were emptied: none is taken out, so that all keep their numbers. */
  emptied: number
  remarks: Remark[]
  /** Lines that stand for rows that the program did not print. */
  bad: BadRow[]
  problems: Problem[]
}
/** How many lines at either end are searched for signs of a printed table. */
const NEAR = 12
/** What is printed above a table and below it, with the number of its rows, or of those that are missing. */
const AROUND: readonly { is: RegExp; rows?: true; more?: true }[] = [
  { is: /^\[(\d[\d,]*) rows? x \d+ columns?\]$/, rows: true },
  { is: /^shape: \((\d[\d_,]*), ?\d+\)$/, rows: true },
  { is: /^(\d+) ?[×x] ?\d+ (?:\w+\.)?DataFrame$/, rows: true },
  { is: /^# A (?:tibble|data\.table|data frame): ([\d,]+) [×x] \d+$/, rows: true },
  { is: /^\((\d+) rows?(?: affected)?\)$/, rows: true },
  { is: /^(\d[\d,]*) rows? (?:selected|in set|returned|fetched)\b.*$/i, rows: true },
  { is: /^(\d[\d,]*) rows?(?: \(\d+ shown\))?(?:\s+\d+ columns?.*)?$/, rows: true },
  { is: /^(?:Name: .*, )?(?:Length: (\d+), )?dtype: [\w[\], ]+$/, rows: true },
  { is: /^# \S (?:with )?(\d[\d,]*) more rows?\b.*$/, more: true },
  { is: /^\[ reached .*max.* (\d+) (?:rows|entries).*\]$/, more: true },
  { is: /^(\d+) rows omitted$/, more: true },
  { is: /^only showing top \d+ rows?$/, more: true },
  { is: /^# \S (?:Use `print|\d+ more variables?).*$/ }
]
const RULE = /^[\s─━═┌┐└┘├┤┬┴┼╞╡╪╔╗╚╝╠╣╦╩╬╭╮╯╰┄┈╌│║┃┆|+-]+$/
const BOX = /[─━═┌└├┬┴┼╞╪╔╚╠╬│║┃┆]/
const FRAME = /^[^\p{L}\p{N}]*[─━═╌┄]{3}[^\p{L}\p{N}]*$/u
const BAR = /[│║┃┆]/g
/** What stands in a row for others: ..., … and ⋮. */
const DOTS = /^(?:\.{2,3}|…|⋮|⋯|·)$/
const TYPE =
  /^(?:<[\w, ]+>|---|[iuf](?:8|16|32|64)|u?int\d{0,3}|float\d{0,2}|double|varchar|bigint|bool(?:ean)?|str(?:ing)?\d*|date|time(?:stamp)?|cat|object|list\[.*\]|datetime(?:\[.*\])?)\??$/i

const pieces = (line: string): string[] => line.split(/[\s,;|│║┃┆]+/).filter(Boolean)
const numberIn = (text: string | undefined): number => Number((text ?? '').replace(/[,_]/g, ''))

/** Whether a table is drawn with lines of boxes. */
const isDrawn = (lines: readonly string[]): boolean => {
  const some = lines.filter((l) => l.trim()).slice(0, 30)
  const drawn = some.filter((l) => BOX.test(l)).length
  return drawn > 2 && drawn * 10 >= some.length * 6 && some.some((l) => FRAME.test(l))
}
/** Replaces drawn lines by bars. A single one behind the row numbers becomes a gap. */
function undraw(lines: string[]): void {
  const rows = lines.filter((l) => l.trim() && !RULE.test(l) && BAR.test(l))
  const inner = (line: string): string => line.trim().replace(/^[│║┃]|[│║┃]$/g, '')
  const single = rows.every((l) => inner(l).split(BAR).length === 2)
  const gapped = rows.every((l) => / {2}\S/.test(inner(l).split(BAR)[1] ?? ''))
  lines.forEach((line, i) => {
    if (line.trim() && !RULE.test(line)) lines[i] = inner(line).replace(BAR, single && gapped ? '  ' : '|')
  })
}
/** The faults of prints that hold no table in rows; undefined of others. */
function noRows(lines: readonly string[], first: string): Problem | undefined {
  if (lines.some((l) => /^\*{10,} 1\. row \*{10,}$/.test(l) || /^-\[ RECORD 1 \][-+]*$/.test(l)))
    return fault(
      'a program printed each row as a block, a field in each line (\\G, \\x): print it as a table, or write it as CSV',
      '程序将每一行打印成一块，每行一个字段（\\G、\\x）：请按表格打印，或导出为 CSV'
    )
  if (/ \\$/.test(first.trimEnd()))
    return fault(
      'was printed in several blocks, whose columns stand below one another (line 1 ends with \\): write the whole table as CSV, as df.to_csv of pandas does',
      '打印时分成了几块，各块的列上下排列（第 1 行以 \\ 结尾）：请将整个表格写成 CSV，如 pandas 的 df.to_csv'
    )
  const rows = lines.filter((l) => l.trim() && !RULE.test(l)).slice(0, 4)
  const at = pieces(rows[0] ?? '').findIndex((c) => /^(?:\.{3}|…)$/.test(c))
  if (rows.length > 2 && at > 0 && rows.slice(1).every((r) => pieces(r).some((c) => DOTS.test(c))))
    return fault(
      'columns are missing: whoever printed it left some out (... among the names): write the whole table as CSV, as df.to_csv of pandas does',
      '缺少列：打印时省略了一些列（列名中有 ...）：请将整个表格写成 CSV，如 pandas 的 df.to_csv'
    )
  return undefined
}
const LEFT_OUT = {
  en: 'stands for rows that were left out when the table was printed: write the whole table as CSV, as df.to_csv of pandas does',
  zh: '代表打印表格时省略的行：请将整个表格写成 CSV，如 pandas 的 df.to_csv'
}

/**
 * Makes plain numbers of those that rows begin with, as R and Stata print them: [1,] or 1: or 1. | @returns lines that
 * are drawn between them
 */
function plainRowNumbers(lines: string[], rows: readonly number[]): number[] {
  const [head, ...body] = rows.filter((i) => !RULE.test(lines[i]!)) as [number, ...number[]]
  const shown = body.filter((i) => !pieces(lines[i]!).every((c) => DOTS.test(c) || c === '---'))
  const all = (is: RegExp): boolean => shown.length > 1 && shown.every((i) => is.test(lines[i]!))
  if (all(/^\s*\[\d+,\]\s/) && /^\s*(?:\[,\d+\]\s*)+$/.test(lines[head]!)) {
    lines[head] = lines[head]!.replace(/\[,(\d+)\]/g, 'V$1')
    for (const i of shown) lines[i] = lines[i]!.replace(/\[(\d+),\]/, '$1')
  }
  const isNumbered = (line: string): boolean => !/^\s*\d/.test(line) && !/[,;|\t]/.test(line)
  if (all(/^\s*\d+:\s+\S/) && isNumbered(lines[head]!))
    for (const i of shown) lines[i] = lines[i]!.replace(/^(\s*\d+):/, '$1')
  // Stata: `  1. | 20   150.5 |` below `     | age   height |`.
  if (all(/^\s*\d+\. \|.*\|$/) && /^\s*\|.*\|$/.test(lines[head]!)) {
    lines[head] = lines[head]!.replaceAll('|', ' ')
    for (const i of shown) lines[i] = lines[i]!.replace(/^\s*\d+\. /, '').replaceAll('|', ' ')
    return rows.filter((i) => RULE.test(lines[i]!))
  }
  return []
}
/** Joins the index's name, which pandas prints below the other names, to them. @returns the line, if there is one */
function indexName(lines: string[], rows: readonly number[]): number | undefined {
  const [head, second, ...body] = rows
  if (second === undefined || body.length < 2) return undefined
  const [names, name] = [lines[head!]!, lines[second]!]
  if (/[,;|\t"]/.test(names + name) || !/^\s/.test(names) || !/^\p{L}[\p{L}\p{N}_.]*\s*$/u.test(name)) return undefined
  const width = pieces(names).length + 1
  if (width < 2 || !body.slice(0, 20).every((i) => lines[i]!.trim().split(/\s+/).length === width)) return undefined
  lines[head!] = `${name.trim()} ${names.trim()}`
  lines[second] = ''
  return second
}

/** Signs of a printed table. Texts without them are skipped. */
const SIGN =
  /[│║┃┆…⋮]|\.\.\s|\.\.$| \\\n|rows?\b|dtype: |^# A |^\s*\[,1\]|^\s*1: |^\s*1\. \||DataFrame$|RECORD 1|^[^\S\n]+\S[^\n,;|\t]*\n\p{L}\w*[^\S\n]*\n/mu
/**
 * Makes a table that a program printed (pandas, polars, R, Julia, a shell of SQL) one that can be cut: without frames,
 * types and counts. Rows and columns that the print left out are faults.
 * @param isMissing whether a cell stands for a missing value, which "..." may be set to
 */
export function unprinted(text: string, isMissing: (cell: string) => boolean): Unprinted {
  const out: Unprinted = { text, emptied: 0, remarks: [], bad: [], problems: [] }
  if (!SIGN.test(text)) return out
  const lines = text.split('\n')
  const filled = lines.flatMap((l, i) => (l.trim() ? [i] : []))
  if (filled.length < 2) return out
  const none = noRows(lines, lines[filled[0]!]!)
  if (none) return { ...out, problems: [none] }
  const drawn = isDrawn(lines)
  if (drawn) undraw(lines)
  const gone: number[] = []
  const empty = (i: number): void => {
    lines[i] = ''
    gone.push(i)
  }
  const near = new Set([...filled.slice(0, 2), ...filled.slice(-NEAR)])
  let stated = { rows: 0, line: 0 }
  let printed = drawn
  for (const i of filled) {
    const line = lines[i]!.trim()
    const kind = near.has(i) ? AROUND.find(({ is }) => is.test(line.replace(/^\||\|$/g, '').trim())) : undefined
    if (kind) {
      const value = numberIn(kind.is.exec(line.replace(/^\||\|$/g, '').trim())?.[1])
      if (kind.more) out.bad.push({ line: i + 1, message: quoted(line) })
      else if (kind.rows && value) stated = { rows: value, line: i + 1 }
      printed = true
      empty(i)
    } else if (drawn && RULE.test(line)) empty(i)
  }
  const rows = filled.filter((i) => lines[i] !== '')
  // Types stand below the names, or below the line between both.
  for (const i of rows.slice(1, 3))
    if (printed && pieces(lines[i]!).length > 0 && pieces(lines[i]!).every((c) => TYPE.test(c))) empty(i)
  const left = rows.filter((i) => lines[i] !== '')
  let last = -2
  left.forEach((i, k) => {
    const cells = pieces(lines[i]!)
    const rule = cells.length === 1 && cells[0] === '---' && jumps(lines[left[k - 1] ?? 0]!, lines[left[k + 1] ?? 0]!)
    const dots =
      cells.every((c) => DOTS.test(c)) &&
      (cells.length > 1 || cells[0] === '⋮' || pieces(lines[left[k - 1] ?? i]!).length > 1)
    if (k === 0 || (!rule && (!dots || cells.every(isMissing)))) return
    if (i !== last + 1) out.bad.push({ line: i + 1, message: quoted(lines[i]!.trim()) })
    last = i
    lines[i] = ''
    out.emptied++
  })
  const body = left.filter((i) => lines[i] !== '')
  if (stated.rows > body.length && !out.bad.length)
    out.bad.push({
      line: stated.line,
      message: {
        en: `says that there are ${stated.rows.toLocaleString('en')} rows, and fewer are here: write the whole table as CSV, as df.to_csv of pandas does`,
        zh: `称有 ${stated.rows.toLocaleString('en')} 行，而此处更少：请将整个表格写成 CSV，如 pandas 的 df.to_csv`
      }
    })
  if (body.length > 2) plainRowNumbers(lines, body).forEach(empty)
  const named = body.length > 3 ? indexName(lines, body) : undefined
  if (named !== undefined) {
    out.emptied++
    out.remarks.push(
      remark('secondHeader', `line ${named + 1} names the first column`, `第 ${named + 1} 行是第一列的名称`, {
        line: named + 1
      })
    )
  }
  if (gone.length) {
    gone.sort((a, b) => a - b)
    const at = gone[0]! + 1
    out.emptied += gone.length
    out.remarks.push(
      remark(
        'comments',
        `${counted(gone.length, 'line that a program prints around a table was', 'lines that a program prints around a table were')} skipped, first line ${at}`,
        `跳过了程序在表格周围打印的 ${gone.length} 行，首个为第 ${at} 行`,
        { line: at, count: gone.length }
      )
    )
  }
  return { ...out, text: lines.join('\n') }
}
/** What is wrong with a line that stands for rows. */
const quoted = (line: string): BadRow['message'] => {
  const shown = JSON.stringify(line.replace(/\s+/g, ' ').slice(0, 30))
  return { en: `${shown} ${LEFT_OUT.en}`, zh: `${shown} ${LEFT_OUT.zh}` }
}
/** Whether the numbers of two rows are further apart than one. */
function jumps(before: string, behind: string): boolean {
  const [a, b] = [before, behind].map((l) => /^\s*(\d+):/.exec(l)?.[1])
  return a !== undefined && b !== undefined && Number(b) > Number(a) + 1
}
