import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import type { Column } from './column'
import { at, few } from './faults'
import type { Table } from './table'

/** The most cells of inputs whose rows are compared: larger tables take too long. */
const MOST = 400_000
/** With fewer rows, some are alike by chance. */
const FEWEST = 8

/** A number for each row. Rows with the same cells in these columns have the same number. */
function alike(table: Table, columns: readonly Column[], rows: readonly number[]): Int32Array {
  const group = new Int32Array(rows.length)
  // Column by column: two rows stay together as long as their cells are the same.
  for (const c of columns) {
    const ids = new Map<string | number, number>()
    const groups = new Map<number, number>()
    const cells = c.values || !c.numbers ? cellsOf(table, c.index) : c.numbers
    rows.forEach((row, i) => {
      const cell = cells[row]!
      let id = ids.get(cell)
      if (id === undefined) ids.set(cell, (id = ids.size))
      const both = group[i]! * rows.length + id
      let own = groups.get(both)
      if (own === undefined) groups.set(both, (own = groups.size))
      group[i] = own
    })
    if (groups.size === rows.length) break
  }
  return group
}
/** A column with at least so many rows for each value is a category. */
const CATEGORY = 5
/** How many times the expected number of repeated rows is still chance. */
const CHANCE = 2
/**
 * Whether inputs are a few categories each, whose combinations run out: then rows come again by nature.
 * @param again rows that came again
 */
function comeAgain(table: Table, inputs: readonly Column[], rows: readonly number[], again: number): boolean {
  // Of two rows, how likely it is that they are alike where columns have nothing to do with each other.
  let both = 1
  for (const c of inputs) {
    const counts = new Map<string | number, number>()
    const cells = c.values || !c.numbers ? cellsOf(table, c.index) : c.numbers
    for (const row of rows) counts.set(cells[row]!, (counts.get(cells[row]!) ?? 0) + 1)
    if (counts.size * CATEGORY > rows.length) return false
    both *= [...counts.values()].reduce((sum, n) => sum + (n / rows.length) ** 2, 0)
  }
  return again <= CHANCE * both * ((rows.length * (rows.length - 1)) / 2)
}
/** Whether a column has the same value in all these rows. */
export const isConstant = (table: Table, c: Column, rows: readonly number[]): boolean => {
  if (c.constant) return true
  if (rows.length === table.count) return false
  const cells = c.values || !c.numbers ? cellsOf(table, c.index) : c.numbers
  const first = cells[rows[0]!]
  return rows.every((row) => cells[row] === first)
}
/** The remark on inputs none of which differs from row to row. */
export const inputsConstant = (inputs: readonly Column[]): Remark =>
  remark(
    'inputsConstant',
    `every input is the same in all rows (${few(inputs.map((c) => `"${c.name}" is ${c.examples[0]}`))}): there is nothing to learn from, and a network can only tell the mean of the target; choose other columns`,
    `所有输入在每一行都相同（${few(inputs.map((c) => `“${c.name}”为 ${c.examples[0]}`))}）：没有可供学习的内容，网络只能给出目标的均值；请选择其他列`,
    { path: at('features'), count: inputs.length }
  )
/**
 * Rows that come again as a whole, which validation would know from training; and rows with the inputs of others and
 * another target, which no network can tell apart.
 */
export function repeats(table: Table, inputs: readonly Column[], target: Column, rows: readonly number[]): Remark[] {
  const read = inputs.filter((c) => c.index !== target.index)
  if (rows.length < FEWEST || rows.length * (read.length + 1) > MOST || read.every((c) => c.constant)) return []
  const same = alike(table, read, rows)
  const whole = alike(table, [...read, target], rows)
  const firstOf = new Map<number, number>()
  const firstWhole = new Map<number, number>()
  const clash = { lines: [0, 0], groups: new Set<number>(), count: 0 }
  const again = { lines: [0, 0], count: 0 }
  const lineOf = (i: number): number => table.lines[rows[i]!]!
  rows.forEach((_, i) => {
    const first = firstOf.get(same[i]!)
    if (first === undefined) firstOf.set(same[i]!, i)
    const before = firstWhole.get(whole[i]!)
    if (before === undefined) firstWhole.set(whole[i]!, i)
    else if (!again.count++) again.lines = [lineOf(before), lineOf(i)]
    if (first === undefined || whole[first] === whole[i]) return
    if (!clash.groups.size) clash.lines = [lineOf(first), lineOf(i)]
    clash.groups.add(same[i]!)
  })
  if (clash.groups.size) rows.forEach((_, i) => (clash.count += Number(clash.groups.has(same[i]!))))
  const out: Remark[] = []
  if (again.count && !comeAgain(table, read, rows, again.count))
    out.push(
      remark(
        'rowsRepeated',
        `${again.count === 1 ? '1 row is the same as one above it' : `${again.count} rows are the same as one above them`} in inputs and target, such as lines ${again.lines.join(' and ')}: where one of them is for validation, the network has seen it; take them out of the file if they are copies`,
        `${again.count} 行的输入和目标与上方某行完全相同，如第 ${again.lines.join(' 行与第 ')} 行：若其中之一用于验证，网络已见过它；若为重复，请从文件中去掉`,
        { line: again.lines[1]!, count: again.count }
      )
    )
  if (clash.count)
    out.push(
      remark(
        'targetsContradict',
        `${counted(clash.count, 'row has', 'rows have')} the same inputs as others and another "${target.name}", such as lines ${clash.lines.join(' and ')}: no network can tell them apart; is an input missing, or a target wrong?`,
        `${clash.count} 行的输入与其他行相同，而“${target.name}”不同，如第 ${clash.lines.join(' 行与第 ')} 行：任何网络都无法区分；是否缺少输入，或目标有误？`,
        { path: at('features'), column: target.name, line: clash.lines[1]!, count: clash.count }
      )
    )
  return out
}
