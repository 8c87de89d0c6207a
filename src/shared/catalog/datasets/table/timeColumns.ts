import type { Problem } from '../../../base/problems'
import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import type { Reading } from './columnReading'
import { alsoIn, at, fault } from './faults'
import { tellReading } from './reading'
import type { Table } from './table'

/** Names of those of these columns of a table whose cells are dates. */
export function datesAmong(table: Table, names: readonly string[]): string[] {
  return names.filter((name) => {
    const present = cellsOf(table, table.names.indexOf(name)).filter((cell) => !table.isMissing(cell))
    return tellReading(present, { ...table.evidence, name }).kind === 'date'
  })
}
/**
 * The problem of cells of a column of times that are none.
 * @param cell the first of them @param lines where they stand
 */
export function notTime(name: string, cell: string, lines: readonly number[], { kind }: Reading): Problem {
  const more = alsoIn(lines.slice(1, 10), lines.length - 1)
  const shown = JSON.stringify(cell.slice(0, 40))
  return kind === 'number'
    ? fault(
        `line ${lines[0]}, column "${name}": the time ${shown} is not a number${more.en}`,
        `第 ${lines[0]} 行，列“${name}”：时间 ${shown} 不是数字${more.zh}`,
        at('time')
      )
    : fault(
        `line ${lines[0]}, column "${name}": the time ${shown} is neither a number nor a date, such as 2024-01-31 or 2024-01-31 08:30${more.en}`,
        `第 ${lines[0]} 行，列“${name}”：时间 ${shown} 既不是数字，也不是日期（如 2024-01-31 或 2024-01-31 08:30）${more.zh}`,
        at('time')
      )
}

/**
 * The remark on lines of a series that stand neither in the order of their times nor the other way round: either the
 * file is not sorted, or its times are read wrong.
 * @param series places of lines, which are in the order of the file @param clocks columns of the time
 * @param times of the lines by their places
 * @param lineOf the line of a place
 */
export function outOfOrder(
  table: Table,
  { series, clocks }: { series: readonly (readonly number[])[]; clocks: readonly number[] },
  times: Float64Array,
  lineOf: (place: number) => number
): Remark[] {
  const turns = { rise: { count: 0, line: 0 }, fall: { count: 0, line: 0 } }
  for (const places of series) {
    // Lines that fall may have been turned already.
    const own = [...places].sort((a, b) => a - b)
    for (let i = 1; i < own.length; i++) {
      const step = times[own[i]!]! - times[own[i - 1]!]!
      if (!step) continue
      const turn = turns[step > 0 ? 'rise' : 'fall']
      turn.count++
      turn.line ||= lineOf(own[i]!)
    }
  }
  const rare = turns.fall.count <= turns.rise.count ? 'fall' : 'rise'
  const { count, line } = turns[rare]
  if (!count) return []
  const name = clocks.map((c) => table.names[c]!).join(', ')
  const [en, zh] = rare === 'fall' ? ['fall back', '回退'] : ['rise among falling ones', '在递减中上升']
  return [
    remark(
      'timesSorted',
      `the times in "${name}" ${en} ${counted(count, 'time')}, first in line ${line}: the lines were sorted; if they stand in order in the file, their times are written in two ways`,
      `“${name}”中的时间${zh} ${count} 次，首次在第 ${line} 行：已按时间排序；若文件本来有序，则其时间有两种写法`,
      { path: at('time'), column: table.names[clocks[0]!]!, line, count }
    )
  ]
}
