import type { Problem } from '../../../base/problems'
import { readColumn, type Column } from './columns'
import { remark, type Remark } from '../parts/remark'
import { fault, listed } from './faults'
import { readTable, type ReadOptions, type Table } from './read'

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

/** Classification when the values are few and whole, or are words. */
export function guessTask(c: Column, rows: number): 'regression' | 'classification' {
  if (c.type !== 'number') return 'classification'
  const few = c.unique === 2 || (c.unique <= 20 && c.unique * 5 <= rows)
  return c.integer && few ? 'classification' : 'regression'
}
/** Bad rows, then bad cells of these columns, in order of their lines. */
export function badPlaces(table: Table, columns: Column[]): { problems: Problem[]; total: number } {
  const places = [
    ...table.bad.map((b) => ({
      line: b.line,
      problem: fault(`line ${b.line}: ${b.message.en}`, `第 ${b.line} 行：${b.message.zh}`)
    })),
    ...columns.flatMap((c) =>
      c.bad.map((b) => ({
        line: b.line,
        problem: fault(
          `line ${b.line}, column "${c.name}": ${b.message.en}`,
          `第 ${b.line} 行，列“${c.name}”：${b.message.zh}`
        )
      }))
    )
  ].sort((a, b) => a.line - b.line)
  return {
    problems: places.map((p) => p.problem),
    total: table.bad.length + columns.reduce((a, c) => a + c.badCount, 0)
  }
}
/** Remarks on columns: constant, empty, or with numbers that float32 rounds. */
export function columnRemarks(columns: Column[]): Remark[] {
  const out: Remark[] = []
  for (const c of columns) {
    if (c.type === 'empty')
      out.push(remark('columnEmpty', `column "${c.name}" is empty`, `列“${c.name}”是空的`, { column: c.name }))
    else if (c.constant)
      out.push(
        remark(
          'columnConstant',
          `column "${c.name}" is ${c.examples[0]} everywhere: it tells the network nothing`,
          `列“${c.name}”处处为 ${c.examples[0]}：对网络没有信息`,
          { column: c.name }
        )
      )
    if (c.integer && Math.max(Math.abs(c.min!), Math.abs(c.max!)) > 2 ** 24)
      out.push(
        remark(
          'integersRounded',
          `column "${c.name}" has whole numbers over 16,777,216, which 32-bit numbers round: an id or a time? Leave it out, or make it smaller`,
          `列“${c.name}”含大于 16,777,216 的整数，32 位浮点数会舍入：是编号或时间吗？请去掉或缩小`,
          { column: c.name }
        )
      )
  }
  return out
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
    problems: [...table.problems, ...listed(places.problems, places.total)]
  }
  const usable = columns.filter((c) => c.type === 'number' || c.type === 'category')
  const named = usable.find((c) => /^(target|label|class|y)$/i.test(c.name))
  const target = named ?? usable[usable.length - 1]
  const features = usable.filter((c) => c !== target && !c.constant).map((c) => c.name)
  if (target && features.length)
    report.suggestion = { target: target.name, task: guessTask(target, table.rows.length), features }
  return report
}
