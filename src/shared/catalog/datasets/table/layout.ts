import type { Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { fault } from './faults'
import { FIGURES, type Line } from './summary'

/** Titles between an empty line and the names of another table. */
const TITLES = 2
const filled = (row: readonly string[]): number => row.filter((c) => c !== '').length

/**
 * The line that names the columns of a second table below the first. It follows an empty line, and holds words above
 * numbers in columns that held numbers before.
 */
export function anotherTable(lines: readonly Line[]): Line | undefined {
  return lines.find(({ row, line }, at) => {
    const below = lines[at + 1]?.row
    if (at < 1 || !below || filled(row) < 2 || below.length !== row.length || row.some(looksLikeNumber)) return false
    if (!row.some((c, i) => c && looksLikeNumber(below[i]!) && looksLikeNumber(lines[0]!.row[i] ?? ''))) return false
    let first = at
    while (first > 1 && at - first < TITLES && filled(lines[first - 1]!.row) === 1) first--
    const above = lines[first - 1]!
    // A cell with line breaks takes several lines.
    return above.row.every((c) => !c.includes('\n')) && (lines[first]?.line ?? line) - above.line > 1
  })
}

/** What is wrong with a table that has another one below it. */
export const secondTable = ({ row, line }: Line): Text => {
  const names = JSON.stringify(row.filter(Boolean).join(', ').slice(0, 40))
  return {
    en: `line ${line} begins another table below the first, with the names ${names}: keep one table in a file`,
    zh: `第 ${line} 行开始了另一个表格，列名为 ${names}：请在一个文件中只放一个表格`
  }
}
/** What is wrong with a table that has another one of the same names beside it, behind an empty column. */
export function tableBeside(head: readonly string[], lines: readonly Line[]): Text | undefined {
  const gap = head.findIndex((c, i) => c === '' && i > 1 && head[i + 1] && lines.every((l) => !l.row[i]))
  if (gap < 0) return undefined
  const [left, right] = [head.slice(0, gap), head.slice(gap + 1).filter(Boolean)]
  if (right.length < 2 || !right.every((name) => left.includes(name))) return undefined
  const names = JSON.stringify(right.join(', ').slice(0, 40))
  return {
    en: `another table stands beside the first, from column ${gap + 2} on, with the same names ${names}: keep one table in a file, with its rows below one another`,
    zh: `从第 ${gap + 2} 列起，旁边还有一个列名相同的表格（${names}）：请在一个文件中只放一个表格，各行上下排列`
  }
}

/** A name before the value of a cell: x=1, T: 23.4 C. Addresses have none. */
const LABEL = /^([\p{L}_][\p{L}\p{N}_ .-]{0,30}?) ?[=:](?!\/\/) ?(?=\S)/u
/** Rows whose cells are looked at for such names. */
const SOME = 50
/** The problem of a table whose cells hold the names of their columns; undefined of others. */
export function namedInCells(rows: readonly (readonly string[])[]): Problem | undefined {
  const some = rows.slice(0, SOME)
  const labels = some[0]?.map((cell) => LABEL.exec(cell)?.[1]) ?? []
  if (some.length < 2 || labels.length < 2 || new Set(labels).size < labels.length) return undefined
  if (!some.every((row) => row.every((c, i) => labels[i] !== undefined && LABEL.exec(c)?.[1] === labels[i])))
    return undefined
  const cell = JSON.stringify(some[0]![0]!.slice(0, 40))
  return fault(
    `each cell holds the name of its column, such as ${cell}: write the names (${labels.slice(0, 6).join(', ')}) in a first line, and values alone below them`,
    `每个单元格都带有列名，如 ${cell}：请将列名（${labels.slice(0, 6).join('、')}）写在第一行，其下只写值`
  )
}

/** The most rows of a table that may be transposed, and the fewest columns of numbers that can show it. */
const MOST = 30
const FEWEST = 3
/** How many times more the sizes of numbers differ between rows than within them. */
const APART = 4

/** Whether names count up, as those of samples do: r1, r2, r3. Years do so above values of each. */
function countUp(names: readonly string[]): boolean {
  const parts = names.map((n) => /^(\D*)(\d{1,6})$/.exec(n))
  const first = parts[0]
  if (!first || (!first[1] && first[2]!.length === 4)) return false
  return parts.every((m, i) => m && m[1] === first[1] && Number(m[2]) === Number(first[2]) + i)
}
/** Whether rows are of several kinds, as variables are: one of 0 and 1 alone, and others with decimals. */
function areKinds(rows: readonly string[][]): boolean {
  const flags = rows.some((r) => new Set(r.slice(1)).size === 2 && r.slice(1).every((c) => c === '0' || c === '1'))
  return flags && rows.some((r) => r.slice(1).every((c) => /^[-+]?\d*\.\d+$/.test(c)))
}
/** A remark where rows look like variables, and columns like examples. */
export function onItsSide(header: boolean, names: readonly string[], rows: readonly string[][]): Remark[] {
  if (rows.length < 2 || rows.length > MOST || names.length <= FEWEST) return []
  const told = !header || countUp(names.slice(1))
  const labels = rows.map(([first = '']) => first)
  const isTable =
    new Set(labels).size === rows.length &&
    labels.every((c) => c !== '' && !looksLikeNumber(c)) &&
    rows.every((r) => r.slice(1).every(looksLikeNumber))
  if (!isTable || (!told && !areKinds(rows))) return []
  const number = FIGURES[0]!
  // 0 has no size, and a row of zeros and ones is not compared by size.
  const all = rows.map((r) => r.slice(1).map((c) => Math.abs(number(c))))
  const sizes = all.filter((own) => !own.every((v) => v <= 1)).map((own) => own.filter((v) => v > 0).map(Math.log))
  if (sizes.length < 2 || sizes.some((s) => s.length < FEWEST)) return []
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length
  const spread = (v: readonly number[]): number => mean(v.map((x) => (x - mean(v)) ** 2))
  if (!(spread(sizes.map(mean)) > APART * mean(sizes.map(spread)))) return []
  const shown = labels.slice(0, 3).join(', ')
  return [
    remark(
      'onItsSide',
      `each row looks like a variable (${shown}), and each column like an example: if so, turn the table on its side`,
      `每一行像一个变量（${shown}），每一列像一个样本：若是，请转置表格`
    )
  ]
}
