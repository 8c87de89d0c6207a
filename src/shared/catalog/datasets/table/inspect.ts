import type { Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { readColumn, type Column } from './columns'
import { alsoIn, at, fault, listed } from './faults'
import type { Told } from './reading'
import { readTable, type ReadOptions, type Table } from './read'

/** Most different values of a target that are read as classes. */
export const MAX_CLASSES = 1000
/** The two ways to take a target. */
export type Meant = 'regression' | 'classification'
export const MAX_CATEGORIES = 50

export interface InspectOptions extends ReadOptions {
  maxCategories?: number
}
/** What was understood of a delimited text. */
export interface CsvReport {
  delimiter: Table['delimiter']
  header: boolean
  decimal: Table['decimal']
  /** Usable rows. */
  rowCount: number
  columns: Column[]
  /** Non-fatal. */
  remarks: Remark[]
  /** Bad rows and cells by line and column (the first 20, and how many more), or what makes the file unusable. */
  problems: Problem[]
  /** A sensible start: target, task and inputs. */
  suggestion?: { target: string; task: 'regression' | 'classification'; features: string[] }
}

/**
 * The task that a target is made for: classification when the values are few and whole, or are words.
 * @param meant what the loss is made for, which decides of whole numbers
 */
export function guessTask(c: Column, rows: number, meant?: Meant): Meant {
  if (c.type !== 'number') return 'classification'
  if (meant === 'regression' || !c.integer) return 'regression'
  if (meant === 'classification' && c.unique <= MAX_CLASSES) return 'classification'
  const few = c.unique === 2 || (c.unique <= 20 && c.unique * 5 <= rows)
  return few ? 'classification' : 'regression'
}
/** Bad rows, and bad cells of these columns: those with the same thing wrong are one problem; by their first lines. */
export function badPlaces(table: Table, columns: Column[]): Problem[] {
  const places: { line: number; problem: Problem }[] = []
  const rows = new Map<string, { message: Text; lines: number[] }>()
  for (const { line, message } of table.bad) {
    const same = rows.get(message.en)
    if (same) same.lines.push(line)
    else rows.set(message.en, { message, lines: [line] })
  }
  for (const { message, lines } of rows.values())
    places.push({
      line: lines[0]!,
      problem: fault(
        `line ${lines[0]}: ${message.en}${alsoIn(lines.slice(1, 10), lines.length - 1).en}`,
        `第 ${lines[0]} 行：${message.zh}${alsoIn(lines.slice(1, 10), lines.length - 1).zh}`
      )
    })
  for (const c of columns)
    for (const { message, lines, count } of c.bad) {
      const more = alsoIn(lines.slice(1), count - 1)
      places.push({
        line: lines[0]!,
        problem: fault(
          `line ${lines[0]}, column "${c.name}": ${message.en}${more.en}`,
          `第 ${lines[0]} 行，列“${c.name}”：${message.zh}${more.zh}`
        )
      })
    }
  return places.sort((a, b) => a.line - b.line).map((p) => p.problem)
}
/** What the columns of a table are, and what is odd about them. */
export function columnRemarks(columns: Column[]): Remark[] {
  const out: Remark[] = toldOf(columns)
  for (const c of columns) {
    const { name: column, rounded, sentinel } = c
    if (c.type === 'empty')
      out.push(remark('columnEmpty', `column "${c.name}" is empty`, `列“${c.name}”是空的`, { column }))
    else if (c.constant)
      out.push(
        remark(
          'columnConstant',
          `column "${c.name}" is ${c.examples[0]} everywhere: it tells the network nothing`,
          `列“${c.name}”处处为 ${c.examples[0]}：对网络没有信息`,
          { column }
        )
      )
    if (rounded) {
      const merged = rounded.to < rounded.from
      out.push(
        remark(
          'integersRounded',
          `column "${c.name}" has whole numbers over 16,777,216, which 32-bit numbers round${merged ? ` (${rounded.from} different ones become ${rounded.to})` : ''}: an id or a time? Leave it out, or make it smaller`,
          `列“${c.name}”含大于 16,777,216 的整数，32 位浮点数会舍入${merged ? `（${rounded.from} 个不同的值变为 ${rounded.to} 个）` : ''}：是编号或时间吗？请去掉或缩小`,
          { column, count: rounded.count }
        )
      )
    }
    if (c.code !== undefined && c.type === 'number' && !c.values)
      out.push(
        remark(
          'codesAsNumbers',
          `column "${c.name}" has codes such as ${c.code}, which is the number ${String(c.read(c.code))}: if they are names, enter the column under “Read as categories”`,
          `列“${c.name}”含代码，如 ${c.code}，其数值为 ${String(c.read(c.code))}：若为名称，请将该列列入“按类别读取”`,
          { path: at('categorical'), column }
        )
      )
    if (sentinel)
      out.push(
        remark(
          'sentinel',
          `${sentinel.count} cells of "${c.name}" are ${sentinel.value}, far from all others: if that marks a missing value, add it to the missing marks`,
          `“${c.name}”有 ${sentinel.count} 个单元格为 ${sentinel.value}，远离其他值：若表示缺失，请加入缺失标记`,
          { path: at('marks'), column, count: sentinel.count }
        )
      )
  }
  return out
}
/** How columns were read that are not plain: one remark for those that are alike. */
function toldOf(columns: Column[]): Remark[] {
  const groups = new Map<string, { columns: Column[]; told: Told }>()
  for (const c of columns) {
    if (!c.told) continue
    const key = `${c.told.code} ${c.told.how.en} ${c.kind}`
    const same = groups.get(key)
    if (same) same.columns.push(c)
    else groups.set(key, { columns: [c], told: c.told })
  }
  return [...groups.values()].map(({ columns: alike, told }) => {
    const count = alike.reduce((a, c) => a + c.told!.count, 0)
    const names = alike.slice(0, 8).map((c) => c.name)
    const more = alike.length > 8 ? ` … (${alike.length})` : ''
    return remark(
      told.code,
      `${alike.length > 1 ? 'columns' : 'column'} ${names.map((n) => `"${n}"`).join(', ')}${more}: ${told.cell} was read as ${told.value} (${told.how.en}); ${count} cell(s) in all`,
      `列${names.map((n) => `“${n}”`).join('、')}${more}：${told.cell} 读作 ${told.value}（${told.how.zh}）；共 ${count} 个单元格`,
      { path: told.path ?? at('categorical'), ...(alike.length === 1 && { column: names[0]! }), count }
    )
  })
}

/** Describes a delimited text: separator, header, columns with types, and everything suspicious. Never throws. */
export function inspectCsv(text: string, options: InspectOptions = {}): CsvReport {
  const table = readTable(text, options)
  const max = options.maxCategories ?? MAX_CATEGORIES
  const columns = table.names.map((_, i) => readColumn(table, i, max))
  const places = badPlaces(table, columns)
  const report: CsvReport = {
    delimiter: table.delimiter,
    header: table.header,
    decimal: table.decimal,
    rowCount: table.rows.length,
    columns,
    remarks: [...table.remarks, ...columnRemarks(columns)],
    problems: [...table.problems, ...listed(places)]
  }
  const usable = columns.filter((c) => c.type === 'number' || c.type === 'category')
  const named = usable.find((c) => /^(target|label|class|y)$/i.test(c.name))
  const target = named ?? usable[usable.length - 1]
  const features = usable.filter((c) => c !== target && !c.constant).map((c) => c.name)
  if (target && features.length)
    report.suggestion = { target: target.name, task: guessTask(target, table.rows.length), features }
  return report
}
