import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import type { Column } from './column'
import { at } from './faults'
import type { Table } from './table'

/** With fewer rows an input may give the target away by chance. */
const FEWEST = 8
/** Error of a straight line, as a share of how far the target ranges. */
const EXACT = 1e-7

/** Whether a straight line through one column gives the other, in every row. */
function isLine(a: Float64Array, b: Float64Array, rows: readonly number[]): boolean {
  let [low, high] = [rows[0]!, rows[0]!]
  for (const i of rows) {
    if (a[i]! < a[low]!) low = i
    if (a[i]! > a[high]!) high = i
  }
  const slope = (b[high]! - b[low]!) / (a[high]! - a[low]!)
  const range = Math.abs(b[high]! - b[low]!)
  return range > 0 && rows.every((i) => Math.abs(b[low]! + slope * (a[i]! - a[low]!) - b[i]!) <= EXACT * range)
}
/** Whether a column moves by the same step from row to row: somebody chose its values, and made the target. */
function isRamp(a: Float64Array, rows: readonly number[]): boolean {
  const step = a[rows[1]!]! - a[rows[0]!]!
  return rows.every((i, k) => !k || Math.abs(a[i]! - a[rows[k - 1]!]! - step) <= EXACT * Math.abs(step))
}
/** Whether the values of two columns map one to one. */
function areTwins(a: readonly string[], b: readonly string[], rows: readonly number[], most: number): boolean {
  const there = new Map<string, string>()
  const back = new Map<string, string>()
  return rows.every((i) => {
    const [x, y] = [a[i]!, b[i]!]
    if (!there.has(x)) there.set(x, y)
    if (!back.has(y)) back.set(y, x)
    return there.get(x) === y && back.get(y) === x && there.size <= most
  })
}
/**
 * Inputs that give the target away on their own: the same numbers, in other units or shifted, or a name for each class.
 * @param inputs at least two
 */
export function leaks(table: Table, inputs: readonly Column[], target: Column, rows: readonly number[]): Remark[] {
  if (rows.length < FEWEST || inputs.length < 2 || target.constant) return []
  const classes = target.values ?? []
  const isLeak = (c: Column): boolean =>
    c.index !== target.index &&
    !c.constant &&
    (target.values || !target.numbers
      ? classes.length > 1 &&
        classes.length * 3 <= rows.length &&
        c.unique === classes.length &&
        areTwins(cellsOf(table, c.index), cellsOf(table, target.index), rows, classes.length)
      : !!c.numbers && c.unique > 2 && !isRamp(c.numbers, rows) && isLine(c.numbers, target.numbers, rows))
  return inputs
    .filter(isLeak)
    .map((c) =>
      remark(
        'targetAmongInputs',
        `column "${c.name}" tells the target "${target.name}" on its own, in every row: leave it out if it is not known before the target is`,
        `列“${c.name}”在每一行都能单独给出目标“${target.name}”：若在得知目标之前无法得到它，请去掉`,
        { path: at('features'), column: c.name }
      )
    )
}
