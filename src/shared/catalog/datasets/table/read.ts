import type { Problem } from '../../../base/problems'
import { counted, type Text } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { fault } from './faults'
import { fileDecimal, toldDelimiter } from './fileSigns'
import { uniqueNames, withoutBlankColumns } from './header'
import { namedInCells, onItsSide } from './layout'
import { withoutHead, withoutLog } from './logLines'
import { DEFAULT_MARKS, missingBy } from './marks'
import { remember } from './memo'
import { unprinted } from './printed'
import { readPlain } from './readPlain'
import { blanksCutOff } from './twins'
import { closedUp, curlyQuotes, cut, guessDelimiter, guessQuote, sepLine } from './separators'
import { findTable } from './shape'
import type { BadRow, ReadOptions, Table } from './table'
import { conflict, count, lostCharacters, encodedTwice, unwrapLines, zeroByte } from './text'

const AFTER_QUOTE: Text = {
  en: 'a quoted cell goes on after its closing quote: double the quotes inside it',
  zh: '引号单元格在结束引号后还有内容：请把其中的引号写成两个'
}

function read(source: string, options: ReadOptions): Table {
  const remarks: Remark[] = []
  const problems: Problem[] = []
  const bad: BadRow[] = []
  // A byte-order mark, as Excel writes it.
  let text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  if (text.includes('\0')) problems.push(zeroByte(text))
  if (text.includes('\ufffd')) remarks.push(lostCharacters(text))
  // Old systems end a file with Ctrl-Z.
  text = text.replace(/\r\n?/g, '\n').replace(/\x1a\s*$/, '')
  if (!text.includes('\n')) text = text.replace(/[\u0085\u2028\u2029]/g, '\n')
  const told = sepLine(text)
  if (told) {
    text = text.slice(told.length)
    remarks.push(
      remark('separator', 'line 1 names the separator, and was skipped', '第 1 行指明分隔符，已跳过', { line: 1 })
    )
  }
  const isMissing = missingBy(options.marks ?? DEFAULT_MARKS)
  const chosen = options.delimiter && options.delimiter !== 'auto' ? options.delimiter : undefined
  const plain = remarks.length || problems.length ? undefined : readPlain(text, chosen, options, isMissing)
  if (plain) return plain
  remarks.push(...encodedTwice(text))
  const both = conflict(text)
  if (both) problems.push(both)
  let emptied = 0
  for (const without of [withoutHead, withoutLog]) {
    const quiet = without(text)
    text = quiet.text
    emptied += quiet.emptied
    remarks.push(...quiet.remarks)
  }
  const print = unprinted(text, isMissing)
  text = print.text
  emptied += print.emptied
  remarks.push(...print.remarks)
  problems.push(...print.problems)
  bad.push(...print.bad)
  const lineWise = unwrapLines(text)
  if (lineWise !== undefined) {
    text = lineWise
    remarks.push(
      remark('quotes', 'each whole line stands in quotes, which were taken off', '每一整行都在引号中，已去掉引号')
    )
  }
  const straight = curlyQuotes(text)
  if (straight !== undefined) {
    text = straight
    remarks.push(
      remark('quotes', 'cells are quoted with typographic quotes (“ ”, « »)', '单元格以弯引号（“ ”、« »）括起')
    )
  }
  const quote = guessQuote(text)
  text = closedUp(text, quote)
  const delimiter = chosen ?? told?.delimiter ?? guessDelimiter(text, quote)
  const none: Table = {
    delimiter,
    header: false,
    decimal: '.',
    isMissing,
    evidence: { fileShows: false, dates: options.dates ?? 'auto' },
    names: [],
    count: 0,
    rows: [],
    lines: [],
    bad,
    remarks,
    problems
  }
  if (problems.length) return none
  if (!chosen && !told) remarks.push(...toldDelimiter(delimiter))
  if (quote === "'")
    remarks.push(remark('quotes', "cells are quoted with single quotes (')", "单元格以单引号（'）括起"))

  const parsed = cut(text, delimiter, quote)
  const lineOf: number[] = []
  let line = told ? 2 : 1
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
    .filter(({ row, i }) => row.some((c) => c !== '') && !broken.has(i))
  // Another remark tells of lines that were left out above.
  const inside =
    parsed.data.filter((row, i) => row.every((c) => c.trim() === '') && (row.length > 1 || i < parsed.data.length - 1))
      .length - emptied
  if (inside > 0)
    remarks.push(
      remark(
        'emptyLines',
        `${counted(inside, 'empty line was', 'empty lines were')} skipped`,
        `跳过了 ${inside} 个空行`,
        { count: inside }
      )
    )
  if (!kept.length) {
    problems.push(fault('is empty', '是空的'))
    return none
  }
  const shape = findTable(kept, options.header ?? 'auto', isMissing, remarks)
  const { head, width } = shape
  const header = !!head
  if (shape.fault) problems.push(fault(shape.fault.en, shape.fault.zh, 'data.dataset.header'))
  let trailing = 0
  const rows: string[][] = []
  const lines: number[] = []
  for (const { row, line: at } of shape.lines) {
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
          en: `has ${counted(row.length, 'field')} instead of ${width}`,
          zh: `有 ${row.length} 个字段，应为 ${width} 个`
        }
      })
  }
  bad.sort((a, b) => a.line - b.line)
  if (trailing)
    remarks.push(
      remark(
        'trailingSeparators',
        `${counted(trailing, 'line ends', 'lines end')} with separators and nothing behind them; those were ignored`,
        `${trailing} 行以多余的分隔符结尾，已忽略`,
        { count: trailing }
      )
    )
  const [worst] = bad
  if (!rows.length && !shape.fault && worst?.message === AFTER_QUOTE)
    problems.push(fault(`line ${worst.line}: ${worst.message.en}`, `第 ${worst.line} 行：${worst.message.zh}`))
  else if (!rows.length && !shape.fault)
    problems.push(
      fault(
        header ? 'has a header but no rows' : 'has no usable rows',
        header ? '只有表头，没有数据行' : '没有可用的行'
      )
    )
  if (!header)
    remarks.push(
      remark(
        'noHeader',
        'has no header line; columns are called column1, column2 …',
        '没有表头行；各列称为 column1、column2 …'
      )
    )
  const given = head ? withoutBlankColumns(head, rows, remarks) : undefined
  const names = given ? uniqueNames(given, remarks) : Array.from({ length: width }, (_, i) => `column${i + 1}`)
  const named = namedInCells(rows)
  if (named) problems.push(named)
  remarks.push(...onItsSide(header, names, rows), ...blanksCutOff(parsed.data, names))
  const found = fileDecimal(rows, names, delimiter, isMissing)
  const decimal = !options.decimal || options.decimal === 'auto' ? undefined : options.decimal === 'comma' ? ',' : '.'
  return {
    ...none,
    header,
    decimal: decimal ?? found.sign ?? '.',
    evidence: { decimal, fileDecimal: found.sign, fileShows: found.shows, dates: options.dates ?? 'auto' },
    names,
    count: rows.length,
    rows,
    lines
  }
}
const remembered = remember(4, read)
/**
 * Cuts a delimited text into a table. Never throws: faults are in `problems`, `bad` and `remarks`. The last few texts
 * are cached.
 */
export const readTable = (
  text: string,
  { delimiter = 'auto', header = 'auto', decimal = 'auto', dates = 'auto', marks = DEFAULT_MARKS }: ReadOptions = {}
): Table => remembered(text, { delimiter, header, decimal, dates, marks })
