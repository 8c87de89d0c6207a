import { farValues } from '../../../base/farValues'
import { rounded } from '../../../base/rounded'
import { remark, type Remark } from '../parts/remark'
import type { Column } from './column'
import { at, linesOf } from './faults'
import type { Table } from './table'

/** A number as a cell has it, in few digits. */
const short = (v: number): string => String(rounded(v, 6))

/**
 * Columns of numbers in which few values lie far from all others, by their lines. One remark a column, the target’s
 * first.
 * @param columns inputs and targets @param targets those of them that are to be told
 */
export function farRemarks(
  table: Table,
  columns: readonly Column[],
  targets: readonly Column[],
  rows: readonly number[]
): Remark[] {
  const isTarget = (c: Column): boolean => targets.some((t) => t.index === c.index)
  const measured = columns.filter((c) => c.type === 'number' && c.kind === 'number' && !c.values && !c.sentinel)
  // One room for all columns: a wide table has thousands.
  const [values, places] = [new Float64Array(rows.length), new Int32Array(rows.length)]
  return [...measured]
    .sort((a, b) => Number(isTarget(b)) - Number(isTarget(a)))
    .flatMap((c) => {
      const { numbers } = c
      if (!numbers) return []
      let count = 0
      for (const i of rows) {
        if (!Number.isFinite(numbers[i])) continue
        values[count] = numbers[i]!
        places[count++] = i
      }
      const far = farValues(values.subarray(0, count))
      if (!far) return []
      const lines = far.places.map((i) => table.lines[places[i]!]!)
      const [where, n] = [linesOf(lines), lines.length]
      const range = far.from === far.to ? short(far.from) : `${short(far.from)} … ${short(far.to)}`
      const others = `${short(far.low)} … ${short(far.high)}`
      const [en, zh] = isTarget(c) ? ['the target', '目标'] : ['column', '列']
      return [
        remark(
          'valuesFar',
          `${en} "${c.name}": ${n} of ${count} values ${n === 1 ? 'lies' : 'lie'} far from all others (${where.en}: ${range}; the others ${others}): check unit and decimal point, and leave out lines that are wrong`,
          `${zh}“${c.name}”：${count} 个值中有 ${n} 个远离其余值（${where.zh}：${range}；其余为 ${others}）：请检查单位与小数点，并去掉有误的行`,
          { path: at(isTarget(c) ? 'target' : 'features'), column: c.name, line: lines[0]!, count: n }
        )
      ]
    })
}
