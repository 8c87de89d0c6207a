import type { Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import type { Remark } from '../parts/remark'
import type { Evidence } from './columnReading'
import type { DayOrder } from './dates'
import type { Decimal } from './numerals'
import type { DelimiterName } from './separators'

export interface ReadOptions {
  delimiter?: 'auto' | DelimiterName
  header?: 'auto' | 'yes' | 'no'
  decimal?: 'auto' | 'point' | 'comma'
  /** Which of two numbers of a date is the day. */
  dates?: 'auto' | DayOrder
  /** What stands for a missing value besides nothing, separated by commas. */
  marks?: string
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
  /** Of the file; a column may have another. */
  decimal: Decimal
  /** Whether a trimmed cell stands for a missing value. */
  isMissing: (cell: string) => boolean
  /** What the file as a whole says of how its columns are read. */
  evidence: Pick<Evidence, 'decimal' | 'fileDecimal' | 'fileShows' | 'dates'>
  /** Unique; `column3` where the file has no name. */
  names: string[]
  /** Number of rows. */
  count: number
  /** Trimmed cells; every row as long as `names`. Of a plain table they are cut when they are asked for. */
  rows: string[][]
  /** Given where all cells are numbers as programs write them. */
  plain?: PlainTable
  /** Line of each row, 1-based. */
  lines: number[]
  /** Rows with too few or too many fields, or with broken quotes. */
  bad: BadRow[]
  remarks: Remark[]
  /** What makes the file unusable. */
  problems: Problem[]
}
/** What is known of a column of numbers besides the numbers. */
export interface PlainColumn {
  /** The number of each row. */
  numbers: Float64Array
  /** The first few different cells, as written. */
  examples: string[]
}
/** A table whose cells below the names are numbers as programs write them: read without cutting it into cells. */
export interface PlainTable {
  delimiter: DelimiterName
  names: string[]
  /** Number of rows. */
  count: number
  /** The last row holds the sums of those above it, which the general reader leaves out. */
  endsInSums: boolean
  /** Text of the names and the first rows. @param rows at most */
  head: (rows: number) => string
  /**
   * A column whose cells can only be numbers. Undefined where they may be something else: 1.234 everywhere
   * (thousands?), 007 (a code?), or numbers that float32 does not hold.
   */
  column: (index: number) => PlainColumn | undefined
  /** The cells of one column; undefined after a few columns, when it takes less time to cut the table. */
  cells: (index: number) => readonly string[] | undefined
}
