import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { PLAIN } from './numerals'

import type { Line } from './summary'
import { isUnit } from './units'

/** How many lines below the names show what the columns hold. */
const BELOW = 50
/** Columns in which all these rows have numbers, and more than one. */
const numericIn = (rows: readonly string[][], width: number, isMissing: (cell: string) => boolean): number[] =>
  Array.from({ length: width }, (_, i) => i).filter((i) => {
    const cells = rows.map((r) => r[i] ?? '').filter((c) => !isMissing(c))
    return cells.length > 1 && cells.every(looksLikeNumber)
  })
/**
 * Whether a first line of numbers stands above the names, as years above the columns of each do: the second line has
 * words alone, none of which comes again, where all below are numbers.
 */
export function hasNumbersOverNames(rows: readonly string[][], isMissing: (cell: string) => boolean): boolean {
  const [first, second, ...rest] = rows
  if (!first || !second || rest.length < 2 || second.length !== first.length) return false
  if (second.some(looksLikeNumber) || !first.some((c) => PLAIN.test(c))) return false
  const numeric = numericIn(rest.slice(0, BELOW), first.length, isMissing)
  return (
    numeric.filter((i) => !isMissing(second[i]!)).length > 1 &&
    numeric.some((i) => PLAIN.test(first[i]!)) &&
    numeric.every((i) => !isMissing(second[i]!) || !(isMissing(first[i]!) || PLAIN.test(first[i]!))) &&
    rest.slice(0, BELOW).every((r) => r.every((c, i) => c === '' || c !== second[i]))
  )
}
/** Joins names to those above them. A name above several columns may stand over the first of them alone. */
function joinLevels(head: string[], second: readonly string[]): void {
  const join = (above: readonly string[]): string[] => second.map((c, i) => [above[i], c].filter(Boolean).join(' '))
  let names = join(head)
  if (new Set(names).size < names.length) {
    let over = ''
    names = join(head.map((c) => (over = c || over)))
  }
  names.forEach((name, i) => (head[i] = name))
}

// cspell:ignore nominal
/** What says which question of Qualtrics a column is. */
const IMPORT_ID = /^\{\s*["']ImportId["']\s*:/
/** What the second line of names of Orange says of columns, and the third. */
const TYPE = /^(?:c|d|s|t|continuous|discrete|string|time|numeric|categorical|text|datetime|meta|-)?$/i
const ROLE = /^(?:(?:i|c|m|class|meta|ignore|skip|weight)(?: .*)?|-?\w+=.*)?$/i
/** Leaves out the two lines below the names that some programs write: questions and their ids, or types and roles. */
function withoutProgramLines(lines: Line[], head: readonly string[], remarks: Remark[]): Line[] {
  const [second, third] = lines
  if (!second || third?.row.length !== head.length || second.row.length !== head.length) return lines
  const filled = (row: readonly string[], is: RegExp): boolean => row.every((c) => is.test(c)) && row.some((c) => c)
  const left = (of: { en: string; zh: string }): Line[] => {
    const [a, b] = [second.line, third.line]
    remarks.push(
      remark(
        'secondHeader',
        `lines ${a} and ${b} hold ${of.en}, and were skipped`,
        `第 ${a} 行与第 ${b} 行是${of.zh}，已跳过`,
        { line: a, count: 2 }
      )
    )
    return lines.slice(2)
  }
  if (filled(third.row, IMPORT_ID))
    return left({ en: 'the questions of a survey and their ids', zh: '问卷的问题及其编号' })
  const types = filled(second.row, TYPE) && second.row.some((c) => c.length > 1)
  if (!types || !filled(third.row, ROLE)) return lines
  const at = third.row.findIndex((c) => /^c(?:lass)?\b/i.test(c))
  return left({
    en: `the types and roles of columns${at < 0 ? '' : ` (the class is "${head[at]!}")`}`,
    zh: `各列的类型与角色${at < 0 ? '' : `（类别为“${head[at]!}”）`}`
  })
}

/** Leaves out a row of units below the names; a second row of names is joined to the first. Changes `head`. */
export function withoutSecondHeader(
  all: Line[],
  head: string[],
  isMissing: (cell: string) => boolean,
  remarks: Remark[]
): Line[] {
  const lines = withoutProgramLines(all, head, remarks)
  const [second, ...rest] = lines
  if (
    lines !== all ||
    !second ||
    rest.length < 2 ||
    second.row.length !== head.length ||
    second.row.some(looksLikeNumber)
  )
    return lines
  const numeric = numericIn(
    rest.slice(0, BELOW).map((l) => l.row),
    head.length,
    isMissing
  )
  const over = numeric.filter((i) => !isMissing(second.row[i]!))
  const isUnitCell = (c: string): boolean => isMissing(c) || /^[-–[(<]/.test(c) || isUnit(c)
  const bracketed = second.row.every((c) => isMissing(c) || /^[[(]/.test(c))
  const levels =
    !bracketed &&
    (new Set(head).size < head.length ||
      head.includes('') ||
      (head.some((c) => PLAIN.test(c)) && !second.row.every(isUnitCell)))
  const units = !levels && second.row.every(isUnitCell)
  // Of two lines of names, each may name columns alone.
  const isNamed = (i: number): boolean => levels && head[i] !== '' && !PLAIN.test(head[i]!)
  const nameless = numeric.some((i) => isMissing(second.row[i]!) && !isNamed(i))
  if (!over.length || (!units && (over.length < 2 || nameless))) return lines
  const { line } = second
  if (levels) joinLevels(head, second.row)
  const cells = JSON.stringify(second.row.filter(Boolean).join(', ').slice(0, 40))
  remarks.push(
    levels
      ? remark(
          'secondHeader',
          `line ${line} is a second line of names, and was joined to the first: ${cells}`,
          `第 ${line} 行是第二行列名，已并入第一行：${cells}`,
          { line }
        )
      : remark(
          'secondHeader',
          `line ${line} holds no number in columns of numbers, and was skipped as one of units: ${cells}`,
          `第 ${line} 行在数字列中没有数字，已作为单位行跳过：${cells}`,
          { line }
        )
  )
  return rest
}
