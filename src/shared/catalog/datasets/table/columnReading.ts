import type { Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import type { RemarkCode } from '../parts/remark'
import type { DayOrder, Moment } from './dates'
import type { Decimal } from './numerals'

/** Results of reading that are kept; cells of a column often come again. */
const KEPT = 20_000

/** What besides its own cells says how a column is read. */
export interface Evidence {
  name: string
  /** As chosen; undefined to tell by the cells. */
  decimal?: Decimal | undefined
  /** The decimal sign of the other columns, if they have one, and whether their numbers prove it. */
  fileDecimal?: Decimal | undefined
  fileShows: boolean
  dates: 'auto' | DayOrder
  /** Yes and no stay words, as classes do. */
  words?: boolean
}
export type Kind = 'number' | 'date' | 'clock' | 'duration' | 'boolean' | 'words'
/** Why a cell stands for no number. */
export interface Unread {
  /** The same for cells with the same fault. */
  why: string
  message: Text
}
/** How the cells of one column are read. */
export interface Reading {
  kind: Kind
  /** The number of a cell, or why it has none. Cells with missing values are not asked for. */
  read: (cell: string) => number | Unread
  /** How the column is read where that isn't plain: a remark that similar columns share. */
  told?: Told
  /** Why the column can't be read before somebody chooses. */
  refusal?: Problem
  /** Of dates: the exact point in time. */
  moment?: (cell: string) => Moment | undefined
  /** Of days without a year: seconds after which they begin again. */
  turn?: number
  /** Every cell is a number as programs write it: `Number` reads each. */
  plain?: boolean
  /** How many cells are ranges and bounds. */
  spans?: Spans
  /** Most of its cells are numbers. Otherwise its other cells make it a column of words. */
  numeric: boolean
}
/** How many cells are ranges and bounds. */
export interface Spans {
  ranges: number
  bounds: number
}
export interface Told {
  code: RemarkCode
  /** What was taken for what, in words. */
  how: Text
  /** A cell, and the number that it became. */
  cell: string
  value: number
  /** Cells read in this way. */
  count: number
  /** Field that would change it. */
  path?: string
}

/** The first cell of this kind that has a number, and that number. Any other cell where none has. */
export function example(
  cells: () => Iterable<string>,
  read: Reading['read'],
  also: (cell: string) => boolean = () => true
): { cell: string; value: number } {
  let other: { cell: string; value: number } | undefined
  for (const cell of cells()) {
    const value = read(cell)
    if (typeof value !== 'number') continue
    if (also(cell)) return { cell, value }
    other ??= { cell, value }
  }
  return other ?? { cell: '', value: 0 }
}
/** The same function, which remembers what it read. */
export function kept(read: Reading['read']): Reading['read'] {
  const known = new Map<string, number | Unread>()
  return (cell) => {
    let value = known.get(cell)
    if (value === undefined) {
      value = read(cell)
      if (known.size < KEPT) known.set(cell, value)
    }
    return value
  }
}
