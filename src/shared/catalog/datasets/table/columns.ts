import type { Text } from '../../../base/text'
import { isMissing, looksNumeric, readNumber } from './cells'
import type { Table } from './read'

/** Distinct values are counted up to this number. */
export const UNIQUE_LIMIT = 10_000

export interface Column {
  name: string
  index: number
  /** `empty`: nothing but missing values. `text`: more different values than a one-hot coding may have. */
  type: 'number' | 'category' | 'text' | 'empty'
  missing: number
  /** Different values, missing ones aside; at least UNIQUE_LIMIT when it equals it. */
  unique: number
  /** The first few different values, as written. */
  examples: string[]
  /** One value everywhere. */
  constant: boolean
  min?: number
  max?: number
  mean?: number
  /** All numbers are whole. */
  integer?: boolean
  /** Values of a category, in order: by number when all are numbers, else by code point. */
  values?: string[]
  /** Cells that are no numbers in a column of numbers: the first few, and how many there are. */
  bad: { line: number; message: Text }[]
  badCount: number
}

/** Describes a column by its values. @param categorical treat numbers as categories */
export function readColumn(table: Table, index: number, maxCategories: number, categorical = false): Column {
  const { rows, lines, decimal } = table
  let missing = 0
  let numeric = 0
  const seen = new Set<string>()
  for (const row of rows) {
    const cell = row[index]!
    if (isMissing(cell)) missing++
    else {
      if (looksNumeric(cell, decimal)) numeric++
      if (seen.size < UNIQUE_LIMIT) seen.add(cell)
    }
  }
  const present = rows.length - missing
  const column: Column = {
    name: table.names[index]!,
    index,
    type: 'empty',
    missing,
    unique: seen.size,
    examples: [...seen].slice(0, 5),
    constant: seen.size === 1,
    bad: [],
    badCount: 0
  }
  if (!present) return column
  // A column with numbers is one of numbers; its other cells are mistakes to be named.
  if (!numeric || categorical) {
    const values = [...seen]
    const allNumbers = numeric === present
    const number = (s: string): number => Number(decimal === ',' ? s.replace(',', '.') : s)
    values.sort((a, b) => (allNumbers ? number(a) - number(b) || (a < b ? -1 : 1) : a < b ? -1 : 1))
    return seen.size > maxCategories ? { ...column, type: 'text' } : { ...column, type: 'category', values }
  }
  let min = Infinity
  let max = -Infinity
  let sum = 0
  let used = 0
  let integer = true
  const numbers = new Set<number>()
  rows.forEach((row, i) => {
    const cell = row[index]!
    if (isMissing(cell)) return
    const value = readNumber(cell, decimal)
    if (typeof value !== 'number') {
      column.badCount++
      if (column.bad.length < 20) column.bad.push({ line: lines[i]!, message: value })
      return
    }
    if (numbers.size < UNIQUE_LIMIT) numbers.add(value)
    min = Math.min(min, value)
    max = Math.max(max, value)
    integer &&= Number.isInteger(value)
    // A running mean: a sum of large values might overflow.
    sum += (value - sum) / ++used
  })
  if (!used) return { ...column, type: 'number', bad: column.bad, badCount: column.badCount }
  return {
    ...column,
    type: 'number',
    unique: numbers.size,
    min,
    max,
    mean: sum,
    integer,
    constant: min === max && !column.badCount
  }
}
