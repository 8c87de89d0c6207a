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
  /** The number of different values without missing ones. UNIQUE_LIMIT stands for that many or more. */
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
  /** How many of the first UNIQUE_LIMIT whole numbers float32 can't hold, and how many different ones they become. */
  rounded?: { count: number; from: number; to: number }
  /** A cell that is a code, because its number loses something: 007, or more digits than numbers keep. */
  code?: string
  /** An extreme number that looks like a mark of missing values, and how many cells have it. */
  sentinel?: { value: number; count: number; cell?: string }
  /** Where all rows but one are the same: that one. */
  lone?: { usual: string; cell: string; line: number }
  /** Of a column of numbers: that of each row; NaN where there is none. */
  numbers?: Float64Array
  /** How many cells are ranges or bounds that were read as numbers. */
  spans?: Spans
  /** Values of a category, in order: by number when all are numbers, else by code point. */
  values?: string[]
  /** Cells of a column of numbers that are no numbers, grouped by their fault, and how many there are. */
  bad: BadCells[]
  badCount: number
  /** In a column of words: a cell that seems to hold a number, where the others seem so too. */
  figure?: string | undefined
  /** In a column of words: a cell that lists several things, where the others do so too. */
  list?: string | undefined
  /** Every row has a different text, or a different whole number under a name that says it identifies rows. */
  ids?: boolean
  /** What float32 loses: different numbers that become one, and small ones that become 0. */
  merged?: { from: number; to: number; zeros: number }
  /** How many cells hold a mark of missing values, and some of these marks. */
  marked?: { count: number; cells: string[] }
}
/**
 * Cells of a column with the same fault: the first of them, the lines of the first few, and how many there are.
 */
export interface BadCells {
  cell: string
  message: Text
  lines: number[]
  count: number
  /** The first few different ones. */
  cells: string[]
}
