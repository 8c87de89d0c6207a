import type { PlainTable } from './table'
import type { Table } from './table'
import { cut } from './separators'

/** Cells that are gathered at a time, and columns at most. */
const MOST = { cells: 1_000_000, columns: 64 }

interface Block {
  from: number
  columns: string[][]
}
const gathered = new WeakMap<readonly (readonly string[])[], Block>()
/** The parts of a table from which its cells are cut. */
type Cut = Pick<Table, 'rows' | 'plain'>

/**
 * The cells of one column. Neighbouring columns are gathered at the same time. Rows lie apart in memory, and walking
 * through all of them once for each column of a wide table takes longer than reading its numbers.
 */
export function cellsOf(table: Cut, index: number): readonly string[] {
  const alone = table.plain?.cells(index)
  if (alone) return alone
  const { rows } = table
  const known = gathered.get(rows)
  const cells = known?.columns[index - known.from]
  if (cells) return cells
  const width = rows[0]?.length ?? 0
  const count = Math.max(1, Math.min(MOST.columns, Math.floor(MOST.cells / rows.length), width - index))
  const columns = Array.from({ length: count }, () => new Array<string>(rows.length))
  rows.forEach((row, r) => columns.forEach((column, c) => (column[r] = row[index + c]!)))
  gathered.set(rows, { from: index, columns })
  return columns[0]!
}

/** The first rows of a table, as cells. @param most of them */
export const firstRows = (table: Pick<Table, 'rows' | 'plain' | 'delimiter'>, most: number): string[][] =>
  table.plain ? headRows(table.plain, most) : table.rows.slice(0, most)
/** The first rows of a plain table, which are cut out of the head of its text. @param most of them */
export const headRows = ({ head, delimiter, count }: PlainTable, most: number): string[][] =>
  cut(head(most), delimiter, '"').data.slice(1, Math.min(most, count) + 1)
