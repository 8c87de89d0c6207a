import type { Problem } from '../../../base/problems'
import { counted, type Text } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { readColumn } from './columns'
import type { Column } from './column'
import { namesCodes } from './codeNames'
import { cutShort } from './cutShort'
import { alsoIn, at, digitsLost, fault, listed } from './faults'
import type { Told } from './columnReading'
import { constantColumns, oddInputs } from './odd'
import { readTable } from './read'
import type { ReadOptions, Table } from './table'
import { spoiltWords } from './spoilt'
import { twins } from './twins'

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
 * @param meant the task of the loss, which decides where the values are whole numbers
 */
export function guessTask(c: Column, rows: number, meant?: Meant): Meant {
  if (c.type !== 'number') return 'classification'
  if (meant === 'regression' || (!c.integer && !c.spans?.ranges)) return 'regression'
  if (meant === 'classification' && c.unique <= MAX_CLASSES) return 'classification'
  const few = c.unique === 2 || (c.unique <= 20 && c.unique * 5 <= rows)
  return few ? 'classification' : 'regression'
}
/** Bad rows, and bad cells of these columns, sorted by line. Cells with the same fault make one problem. */
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
  const out: Remark[] = [...toldOf(columns), ...marksIn(columns), ...constantColumns(columns)]
  for (const c of columns) {
    const { name: column, rounded, sentinel, merged } = c
    if (c.type === 'empty')
      out.push(remark('columnEmpty', `column "${c.name}" is empty`, `列“${c.name}”是空的`, { column }))
    if (rounded) {
      const merged = rounded.to < rounded.from
      const lost = namesCodes(c.name) ? cutShort(c.examples) : undefined
      if (lost !== undefined)
        out.push(
          remark('integersRounded', ...bothOf(digitsLost(c.name, lost, 'file')), { column, count: rounded.count })
        )
      else
        out.push(
          remark(
            'integersRounded',
            `column "${c.name}" has whole numbers over 16,777,216, which 32-bit numbers round${merged ? ` (${rounded.from} different ones become ${rounded.to})` : ''}: an id or a time? Leave it out, or make it smaller`,
            `列“${c.name}”含大于 16,777,216 的整数，32 位浮点数会舍入${merged ? `（${rounded.from} 个不同的值变为 ${rounded.to} 个）` : ''}：是编号或时间吗？请去掉或缩小`,
            { column, count: rounded.count }
          )
        )
    }
    if (merged) {
      const zeros = merged.zeros ? `; ${counted(merged.zeros, 'cell becomes', 'cells become')} 0` : ''
      out.push(
        remark(
          'numbersMerged',
          `column "${c.name}" has ${merged.from} different numbers, of which 32-bit numbers keep ${merged.to} apart${zeros}: subtract what they have in common, or scale them`,
          `列“${c.name}”有 ${merged.from} 个不同的数，32 位浮点数只能区分 ${merged.to} 个${merged.zeros ? `；${merged.zeros} 个单元格变为 0` : ''}：请减去公共部分或缩放`,
          { column, count: merged.from - merged.to + merged.zeros }
        )
      )
    }
    if (c.figure !== undefined && c.type === 'category')
      out.push(
        remark(
          'wordsWithNumbers',
          `column "${c.name}": cells such as ${JSON.stringify(c.figure)} were taken as words, not as numbers: ${counted(c.unique, 'category', 'categories')}; if they tell amounts, write them as numbers`,
          `列“${c.name}”：${JSON.stringify(c.figure)} 之类的单元格按文字读取，而非数字：共 ${c.unique} 个类别；若表示数量，请写成数字`,
          { path: at('categorical'), column, count: c.unique }
        )
      )
    if (c.list !== undefined && c.figure === undefined && c.type === 'category')
      out.push(
        remark(
          'listsAsWords',
          `column "${c.name}": cells such as ${JSON.stringify(c.list.slice(0, 40))} list several things, and each list counts as one word: ${counted(c.unique, 'category', 'categories')}; give each thing a column of its own, 1 where it is listed and 0 elsewhere`,
          `列“${c.name}”：${JSON.stringify(c.list.slice(0, 40))} 之类的单元格列出多项，而每个列表视为一个词：共 ${c.unique} 个类别；请为每一项设一列，列出为 1，否则为 0`,
          { path: at('categorical'), column, count: c.unique }
        )
      )
    if (c.values && c.type !== 'number') out.push(...twins(c.name, c.values), ...spoiltWords(c.name, c.values))
    if (c.code !== undefined && c.type === 'number' && !c.values) {
      const number = String(c.read(c.code))
      const same = number === c.code
      out.push(
        remark(
          'codesAsNumbers',
          `column "${c.name}" has codes such as ${c.code}, which ${same ? 'are read as numbers' : `is the number ${number}`}: if they are names, enter the column under “Read as categories”`,
          `列“${c.name}”含代码，如 ${c.code}，${same ? '按数值读取' : `其数值为 ${number}`}：若为名称，请将该列列入“按类别读取”`,
          { path: at('categorical'), column }
        )
      )
    }
    if (c.ids && c.values)
      out.push(
        remark(
          'rowIds',
          `column "${c.name}" has another text in each row, such as ${JSON.stringify(c.examples[0]?.slice(0, 40))}: as inputs they tell which row it is, and nothing that holds for others; leave it out, or write what it tells as numbers or as categories that come again`,
          `列“${c.name}”每行的文本各不相同，如 ${JSON.stringify(c.examples[0]?.slice(0, 40))}：作为输入只说明是哪一行，对其他行没有意义；请去掉，或改写成数字或会重复出现的类别`,
          { path: at('features'), column }
        )
      )
    if (c.ids && !c.values)
      out.push(
        remark(
          'rowIds',
          `column "${c.name}" has another whole number in each row, and a name as ids have: it tells which row it is, and nothing that holds for others; leave it out if it is an id`,
          `列“${c.name}”每行的整数各不相同，且名称像编号：它只说明是哪一行，对其他行没有意义；若为编号，请去掉`,
          { path: at('features'), column }
        )
      )
    if (sentinel)
      out.push(
        remark(
          'sentinel',
          `${counted(sentinel.count, 'cell')} of "${c.name}" ${sentinel.count === 1 ? 'is' : 'are'} ${sentinel.cell ?? sentinel.value}, far from all others: if that marks a missing value, add it to the missing marks`,
          `“${c.name}”有 ${sentinel.count} 个单元格为 ${sentinel.cell ?? sentinel.value}，远离其他值：若表示缺失，请加入缺失标记`,
          { path: at('marks'), column, count: sentinel.count }
        )
      )
  }
  return out
}
const bothOf = ({ message: { en, zh } }: Problem): [string, string] => [en, zh]
/** What was taken for missing besides empty cells: one remark for all columns. */
function marksIn(columns: Column[]): Remark[] {
  const marked = columns.filter((c) => c.marked)
  if (!marked.length) return []
  const count = marked.reduce((a, c) => a + c.marked!.count, 0)
  const cells = [...new Set(marked.flatMap((c) => c.marked!.cells))].slice(0, 6).map((c) => JSON.stringify(c))
  const names = marked.slice(0, 8).map((c) => c.name)
  const more = marked.length > 8 ? ` … (${marked.length})` : ''
  return [
    remark(
      'missingMarks',
      `${count === 1 ? '1 cell was taken as a missing value' : `${count} cells were taken as missing values`} (${cells.join(', ')}), in ${names.map((n) => `"${n}"`).join(', ')}${more}`,
      `${count} 个单元格视为缺失值（${cells.join('、')}），位于${names.map((n) => `“${n}”`).join('、')}${more}`,
      { path: at('marks'), ...(marked.length === 1 && { column: names[0]! }), count }
    )
  ]
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
      `${alike.length > 1 ? 'columns' : 'column'} ${names.map((n) => `"${n}"`).join(', ')}${more}: ${told.cell} was read as ${told.value} (${told.how.en}); ${counted(count, 'cell')} in all`,
      `列${names.map((n) => `“${n}”`).join('、')}${more}：${told.cell} 读作 ${told.value}（${told.how.zh}）；共 ${count} 个单元格`,
      { path: told.path ?? at('categorical'), ...(alike.length === 1 && { column: names[0]! }), count }
    )
  })
}

/** Whether a column is called as targets are. */
export const isTargetName = (name: string): boolean =>
  /^(targets?|labels?|class(es)?|y|outcome|response|output|目标|标签|类别)$/i.test(name.trim())
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
    rowCount: table.count,
    columns,
    remarks: [...table.remarks, ...columnRemarks(columns), ...oddInputs(columns)],
    problems: [...table.problems, ...listed(places)]
  }
  const usable = columns.filter((c) => c.type === 'number' || c.type === 'category')
  const named = usable.find((c) => isTargetName(c.name))
  const target = named ?? usable[usable.length - 1]
  const features = usable.filter((c) => c !== target && !c.constant).map((c) => c.name)
  if (target && features.length)
    report.suggestion = { target: target.name, task: guessTask(target, table.count), features }
  return report
}
