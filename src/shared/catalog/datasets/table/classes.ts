import { counted } from '../../../base/text'
import { classApart } from '../parts/apart'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import { label, type Settings } from './choose'
import type { Column } from './column'
import { at } from './faults'
import type { Table } from './table'

/** What is odd about classes: how they came to be, and those with hardly an example. */
export function classRemarks(target: Column, rows: readonly number[], table: Table, s: Settings): Remark[] {
  const { name: column, values: classes = [] } = target
  const out: Remark[] = []
  const shown = (list: readonly string[]): string =>
    list
      .slice(0, 6)
      .map((v) => JSON.stringify(v))
      .join(', ') + (list.length > 6 ? ' …' : '')
  if (s.meant === 'regression' && s.task === 'auto')
    out.push(
      remark(
        'targetAsClasses',
        `the target "${column}" was read as ${classes.length} classes (${shown(classes)}), although the loss is one of numbers: its words are no numbers`,
        `目标“${column}”按 ${classes.length} 个类别读取（${shown(classes)}），而损失用于数值：其单元格不是数字`,
        { path: at('task'), column, count: classes.length }
      )
    )
  const times = new Map<string, number>()
  const firstLine = new Map<string, number>()
  const cells = cellsOf(table, target.index)
  for (const i of rows) {
    const cell = cells[i]!
    if (table.isMissing(cell)) continue
    const name = label(cell, target)
    times.set(name, (times.get(name) ?? 0) + 1)
    if (!firstLine.has(name)) firstLine.set(name, table.lines[i]!)
  }
  const found = target.sentinel ? undefined : classApart(classes)
  if (found) {
    const { apart, from, to } = found
    const [count, line] = [times.get(apart)!, firstLine.get(apart)!]
    out.push(
      remark(
        'classApart',
        `${counted(count, 'cell')} of the target "${column}" ${count === 1 ? 'is' : 'are'} ${apart}, first in line ${line}, and all others ${from} to ${to}: ${apart} counts as a class of its own; if it marks what has no class, add it to the missing marks`,
        `目标“${column}”有 ${count} 个单元格为 ${apart}，首个在第 ${line} 行，其余为 ${from} 至 ${to}：${apart} 视为单独一类；若表示无类别，请加入缺失标记`,
        { path: at('marks'), column, line, count }
      )
    )
  }
  const rare = classes.filter((v) => times.get(v) === 1)
  if (rare.length && rows.length >= 10)
    out.push(
      remark(
        'classesRare',
        `${rare.length} of ${classes.length} classes of "${column}" have one example each (${shown(rare)}): they can be learnt or validated, not both`,
        `“${column}”的 ${classes.length} 个类别中有 ${rare.length} 个只有一个样本（${shown(rare)}）：只能用于训练或验证之一`,
        { path: at('target'), column, count: rare.length }
      )
    )
  return out
}
