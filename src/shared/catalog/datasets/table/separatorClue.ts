import type { Text } from '../../../base/text'
import { firstRows } from './cells'
import type { Table } from './table'

const KNOWN: Text = {
  en: 'is the separator another one? Known are comma, semicolon, tab, bar and blanks',
  zh: '分隔符是否不同？可用的有逗号、分号、制表符、竖线和空格'
}
/** The likely separator of a table that has one column only: a sign that every line has equally often. */
export function separatorClue(table: Pick<Table, 'names' | 'rows' | 'plain' | 'delimiter'>): Text {
  if (table.names.length > 1) return KNOWN
  const cells = firstRows(table, 50).map(([c = '']) => c)
  if (table.names[0] !== 'column1') cells.unshift(table.names[0]!)
  if (cells.length < 2) return KNOWN
  const times = (cell: string, sign: string): number => cell.split(sign).length - 1
  const sign = [...new Set(cells[0]!)].find(
    (s) => /[^\p{L}\p{N}\s"'.+_-]/u.test(s) && cells.every((c) => times(c, s) === times(cells[0]!, s))
  )
  if (sign) {
    const n = times(cells[0]!, sign)
    return {
      en: `each line has ${n} ${JSON.stringify(sign)}, which is no known separator: write commas, semicolons, tabs, bars or blanks in its place`,
      zh: `每行有 ${n} 个 ${JSON.stringify(sign)}，它不是可用的分隔符：请改用逗号、分号、制表符、竖线或空格`
    }
  }
  const gaps = cells.map((c) => c.trim().split(/\s+/).length)
  if (gaps.filter((n) => n > 1).length * 2 > gaps.length)
    return {
      en: `lines hold ${Math.min(...gaps)} to ${Math.max(...gaps)} pieces with blanks between them: if blanks separate, a cell may be empty (write NA), or a word hold a blank (put it in quotes)`,
      zh: `各行由空格分为 ${Math.min(...gaps)} 至 ${Math.max(...gaps)} 段：若以空格分隔，可能有空单元格（请写 NA），或词中含空格（请加引号）`
    }
  return KNOWN
}
