import { cellsOf } from './cells'
import type { BadCells, Column } from './column'
import { isSigns } from './composed'
import { CAMEL_ID, CODES, IDS, VERSIONS } from './codeNames'
import { BOOLEAN, looksLikeNumber } from './counts'
import { unitsSince1970 } from './exactTimes'
import { listIn } from './lists'
import type { Table } from './table'
import { inRange, plainNumber } from './numbers'
import { dateApart, loneRow } from './odd'
import { EXAMPLES } from './plain'
import { namesTime, tellReading } from './reading'
import type { Reading } from './columnReading'
import { describeNumbers, UNIQUE_LIMIT } from './statistics'

const MANY_IDS = 8
const LEADING_ZERO = /^(?:="|')?[+-]?0\d+"?$/
/** 3e8 without a point or sign may be a hash or the number of a part. */
const POWER = /^\d+[eE]\d+$/
const LONG = /^[+-]?\d{16,}$/

/** How many lines are listed of cells with the same fault. */
const LINES = 10
/** How many different cells are kept of those with the same fault, and of marks of missing values. */
const SHOWN = 6

/**
 * Describes a column by its values.
 * @param as `categories`: numbers are mere codes; `target`: words stay words
 */
export function readColumn(table: Table, index: number, maxCategories: number, as?: 'categories' | 'target'): Column {
  const plain = as === 'categories' ? undefined : plainColumn(table, index)
  if (plain) return plain
  const { lines, isMissing } = table
  const cells = cellsOf(table, index)
  let missing = 0
  let marked = 0
  const marks = new Set<string>()
  for (const cell of cells) {
    if (isMissing(cell)) {
      missing++
      if (cell === '') continue
      marked++
      if (marks.size < SHOWN) marks.add(cell)
    }
  }
  const name = table.names[index]!
  const reading = tellReading(missing ? cells.filter((cell) => !isMissing(cell)) : cells, {
    ...table.evidence,
    name,
    words: as === 'target'
  })
  const column: Column = {
    name,
    index,
    type: 'empty',
    kind: reading.kind,
    read: reading.read,
    missing,
    unique: 0,
    examples: [],
    constant: false,
    bad: [],
    badCount: 0,
    ...(marked && { marked: { count: marked, cells: [...marks] } })
  }
  if (missing === cells.length) return column
  // A column with numbers is one of numbers; its other cells are mistakes to be named.
  if (!reading.numeric || as === 'categories') {
    const seen = textsIn(table, index)
    const values = inOrder([...seen], reading)
    const words: Column = {
      ...column,
      unique: seen.size,
      examples: [...seen].slice(0, EXAMPLES),
      constant: seen.size === 1,
      kind: 'words',
      ...(!reading.numeric && { figure: figureIn(seen) }),
      ...(as !== 'categories' && { list: listIn(seen) }),
      ...(seen.size === cells.length && seen.size >= MANY_IDS && { ids: true }),
      ...loneOf(table, index, cells)
    }
    return seen.size > maxCategories ? { ...words, type: 'text' } : { ...words, type: 'category', values }
  }
  if (reading.told) column.told = reading.told
  if (reading.refusal) column.refusal = reading.refusal
  const epochs = namesTime(name) ? unitsSince1970(name, cells) : undefined
  if (epochs) column.refusal = epochs
  const bad = new Map<string, BadCells>()
  const numbers = new Float64Array(cells.length).fill(NaN)
  let code: string | undefined
  const read: Reading['read'] = reading.plain ? (cell) => inRange(Number(cell), cell) : reading.read
  cells.forEach((cell, i) => {
    if (missing && isMissing(cell)) return
    if (column.examples.length < EXAMPLES && !column.examples.includes(cell)) column.examples.push(cell)
    const value = read(cell)
    if (typeof value === 'number') {
      if (code === undefined && (LEADING_ZERO.test(cell) || POWER.test(cell) || (cell.length > 15 && LONG.test(cell))))
        code = cell
      numbers[i] = value
      return
    }
    column.badCount++
    const same = bad.get(value.why)
    if (!same) bad.set(value.why, { cell, message: value.message, lines: [lines[i]!], count: 1, cells: [cell] })
    else {
      same.count++
      if (same.cells.length < SHOWN && !same.cells.includes(cell)) same.cells.push(cell)
      if (same.lines.length < LINES) same.lines.push(lines[i]!)
    }
  })
  column.bad = [...bad.values()]
  const known = missing || column.badCount ? numbers.filter((v) => !Number.isNaN(v)) : numbers
  const told = known.length ? describeNumbers(known, !column.badCount) : undefined
  if (reading.kind === 'number' && told?.integer && CODES.test(name)) code ??= column.examples[0]
  if (reading.kind === 'number' && VERSIONS.test(name))
    code ??= column.examples.find((c) => /\.\d*0$/.test(c)) ?? column.examples.find((c) => c.includes('.'))
  const isCode = reading.kind === 'number' && code !== undefined
  // Beyond 2^53 numbers are fewer than the texts that stand for them.
  if (told?.rounded && isCode && LONG.test(code!)) told.rounded.from = textsIn(table, index).size
  const ids = reading.kind === 'number' && told !== undefined && tellsRows(name, told, cells.length)
  const { spans } = reading
  return {
    ...column,
    type: 'number',
    numbers,
    ...(spans && { spans }),
    ...(isCode && { code: code! }),
    ...(ids && { ids }),
    ...loneOf(table, index, numbers),
    ...told,
    ...(reading.kind === 'date' && { sentinel: dateApart(numbers, cells, reading.moment) })
  }
}
/** Where all rows but one are the same: that one, with its line. */
function loneOf(table: Table, index: number, of: ArrayLike<string | number>): Pick<Column, 'lone'> {
  const row = loneRow(of)
  if (row === undefined) return {}
  const cells = cellsOf(table, index)
  return { lone: { usual: cells[row ? 0 : 1]!, cell: cells[row]!, line: table.lines[row]! } }
}
/** A column of a plain table whose cells can only be numbers. It is described without looking at the cells. */
function plainColumn(table: Table, index: number): Column | undefined {
  const name = table.names[index]!
  if (namesTime(name) || CODES.test(name) || VERSIONS.test(name)) return undefined
  const found = table.plain?.column(index)
  if (!found) return undefined
  const told = describeNumbers(found.numbers, true)
  return {
    name,
    index,
    type: 'number',
    kind: 'number',
    read: plainNumber,
    missing: 0,
    bad: [],
    badCount: 0,
    ...found,
    ...(tellsRows(name, told, table.count) && { ids: true }),
    ...loneOf(table, index, found.numbers),
    ...told
  }
}
/** Whether the column numbers the rows: its name says so, and every row has a different whole number. */
const tellsRows = (name: string, told: ReturnType<typeof describeNumbers>, rows: number): boolean =>
  !!told.integer && told.unique === rows && rows >= MANY_IDS && (IDS.test(name) || CAMEL_ID.test(name))
/** Different cells of a column in their order, at most UNIQUE_LIMIT. */
function textsIn(table: Table, index: number): Set<string> {
  const seen = new Set<string>()
  for (const cell of cellsOf(table, index)) {
    if (seen.size < UNIQUE_LIMIT && !table.isMissing(cell)) seen.add(cell)
  }
  return seen
}
/**
 * The first cell of a column of words that seem to hold numbers. All of them must seem so: 10-20, <5, 1:2, [3], 三, or
 * `room 5` with the same word before each. Or most of them must do so beyond doubt: 12 °C and 13 °C beside `off`.
 */
function figureIn(words: ReadonlySet<string>): string | undefined {
  if (words.size > 1 && [...words].every((w) => isSigns(w) || NUMBER_WORD.test(w))) return [...words][0]
  const figures = [...words].filter(looksLikeNumber)
  if (figures.length > 1 && figures.length * 2 >= words.size) return figures[0]
  let before: string | undefined
  for (const word of words) {
    if (FIGURE.test(word)) continue
    const [, prefix] = PREFIXED.exec(word) ?? []
    if (prefix === undefined || prefix !== (before ?? prefix)) return undefined
    before = prefix
  }
  return [...words][0]
}
// cspell:ignore eins zwei drei fünf cuatro
const FIGURE =
  /^[^\p{L}]*\p{N}|^#[\da-f]{3,8}$|^[\p{L}_][\p{L}\p{N}_.]* ?\([^\p{L}]*\p{N}|^第\p{N}|^[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾]+$/u
const NUMBER_WORD =
  /^(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|null|eins|zwei|drei|vier|fünf|un|deux|trois|quatre|uno|dos|tres|cuatro)$/iu
const PREFIXED = /^(\p{L}[\p{L}.]*)(?: |(?=[<>=≤≥:]|\d+[.,]\d))[-+<>=≤≥: ]*\p{Sc}?[\p{Nd}.][\p{Nd}.,]*$/u
/** Sorts numbers by value, yes and no by their words, and everything else by code point. */
function inOrder(values: string[], { read }: Reading): string[] {
  const numbers = new Map(values.map((v) => [v, read(v)]))
  const all =
    values.every((v) => typeof numbers.get(v) === 'number') && !values.every((v) => BOOLEAN.has(v.toLowerCase()))
  const number = (v: string): number => numbers.get(v) as number
  return values.sort((a, b) => (all ? number(a) - number(b) || (a < b ? -1 : 1) : a < b ? -1 : 1))
}
