import type { Text } from '../../../base/text'
import type { Kind, Reading, Spans } from './columnReading'

export interface Column {
  name: string
  index: number
  /** `empty`: nothing but missing values. `text`: more different values than a one-hot coding may have. */
  type: 'number' | 'category' | 'text' | 'empty'
  /** What its numbers were before they were read. */
  kind: Kind
  /** The number of a cell that is not missing, or why it has none. */
  read: Reading['read']
  told?: Reading['told']
  refusal?: Reading['refusal']
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
  /** Different whole numbers that 32-bit numbers can't hold, of the first UNIQUE_LIMIT; and how many those become. */
  rounded?: { count: number; from: number; to: number }
  /** A cell that differs from its number as a code does: 007, or more digits than numbers keep. */
  code?: string
  /** An extreme number that looks like a mark of missing values, and how often it comes. */
  sentinel?: { value: number; count: number; cell?: string }
  /** Where all rows but one are the same: that one. */
  lone?: { usual: string; cell: string; line: number }
  /** Of a column of numbers: that of each row; NaN where there is none. */
  numbers?: Float64Array
  /** Of ranges and bounds that were read as numbers: how many there are. */
  spans?: Spans
  /** Values of a category, in order: by number when all are numbers, else by code point. */
  values?: string[]
  /** Cells that are no numbers in a column of numbers, by what is wrong with them; and how many there are. */
  bad: BadCells[]
  badCount: number
  /** A cell that looks as if it told a number, where it is a column of words and the others look so too. */
  figure?: string | undefined
  /** A cell of words that lists several things, where the others do so too. */
  list?: string | undefined
  /** Another text in each row; or another whole number, under a name that says that they tell rows apart. */
  ids?: boolean
  /** Cells that are no number in 32 bits' reach: different numbers that become one, and small ones that become 0. */
  merged?: { from: number; to: number; zeros: number }
  /** Cells that marks of missing values stand in, and some of those. */
  marked?: { count: number; cells: string[] }
}
/**
 * Cells of a column with the same thing wrong: the first of them, the lines of the first few, and how many there are.
 */
export interface BadCells {
  cell: string
  message: Text
  lines: number[]
  count: number
  /** The first few different ones. */
  cells: string[]
}
