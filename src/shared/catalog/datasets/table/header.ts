import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'

/** Characters of a name that nobody can see or type. */
const UNSEEN = /[\u00ad\u200b-\u200f\u2060\ufeff]/g
/** Unique names of columns. A column without one is named by its place. @param remarks get what was changed */
export function uniqueNames(cells: string[], remarks: Remark[]): string[] {
  const taken = new Set<string>()
  return cells.map((written, i) => {
    const cell = written.replace(UNSEEN, '').trim()
    const plain = cell || `column${i + 1}`
    if (!cell)
      remarks.push(
        remark(
          'columnUnnamed',
          `column ${i + 1} has no name; it is called "${plain}"`,
          `第 ${i + 1} 列没有名称，称为“${plain}”`,
          { column: plain }
        )
      )
    let name = plain
    for (let k = 2; taken.has(name); k++) name = `${plain} (${k})`
    if (name !== plain)
      remarks.push(
        remark(
          'columnRenamed',
          `the name "${plain}" comes twice; column ${i + 1} is called "${name}"`,
          `名称“${plain}”重复；第 ${i + 1} 列称为“${name}”`,
          { column: name }
        )
      )
    taken.add(name)
    return name
  })
}

/** Leaves out columns at the end without name and values: separators at the ends of lines make such columns. */
export function withoutBlankColumns(head: string[], rows: string[][], remarks: Remark[]): string[] {
  let width = head.length
  while (width > 1 && head[width - 1] === '' && rows.every((r) => r[width - 1] === '')) width--
  const blank = head.length - width
  if (!blank) return head
  for (const row of rows) row.length = width
  remarks.push(
    remark(
      'columnEmpty',
      `${counted(blank, 'column')} without a name and without a value at the end ${blank === 1 ? 'was' : 'were'} left out`,
      `末尾的 ${blank} 列既无名称也无值，已忽略`,
      { count: blank }
    )
  )
  return head.slice(0, width)
}
