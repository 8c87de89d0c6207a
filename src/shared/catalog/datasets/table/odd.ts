import { counted, type Text } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import type { Column } from './column'
import type { Reading } from './columnReading'
import { at, few } from './faults'

/** With fewer rows, a single row that differs means nothing. */
const ROWS = 20
/** The only row that differs where all others are the same; undefined where there is none. */
export function loneRow(cells: ArrayLike<string | number>): number | undefined {
  if (cells.length < ROWS) return undefined
  const usual = cells[0] === cells[1] || cells[0] === cells[2] ? cells[0]! : cells[1]!
  let lone: number | undefined
  for (let i = 0; i < cells.length; i++) {
    if (cells[i] === usual) continue
    if (lone !== undefined) return undefined
    lone = i
  }
  return lone
}

/** Ten years in seconds: the least distance to all others of a date that marks a missing one. */
const FAR = 10 * 365.25 * 86_400
/** Days that programs put in the place of a date that is not known: the first and the last of a year or an era. */
const MARKS = /-(?:01-01|12-3[01])T00:00:00/
/**
 * A day that lies many years from all others and comes in the place of a missing one: 1900-01-01, 2099-12-31.
 * @param numbers of the dates, in seconds @param cells of the same rows
 */
export function dateApart(
  numbers: Float64Array,
  cells: readonly string[],
  moment: Reading['moment']
): Column['sentinel'] {
  const ascending = [...new Set(numbers)].filter((n) => !Number.isNaN(n)).sort((a, b) => a - b)
  const n = ascending.length
  if (n < 3 || !moment) return undefined
  for (const [value, next, other] of [
    [ascending[0]!, ascending[1]!, ascending[n - 1]!],
    [ascending[n - 1]!, ascending[n - 2]!, ascending[0]!]
  ] as const) {
    if (Math.abs(value - next) < FAR + Math.abs(other - next)) continue
    const cell = cells[numbers.indexOf(value)]!
    const found = moment(cell)
    if (!found || !MARKS.test(new Date(found.seconds * 1000).toISOString())) continue
    return { value, cell, count: numbers.filter((v) => v === value).length }
  }
  return undefined
}

/** Digits that 64-bit numbers keep in any case. */
const KEPT = 15
/** Significant digits of a cell. */
const digitsOf = (cell: string): string => {
  const digits = cell.replace(/\D/g, '').replace(/^0+/, '')
  return cell.includes('.') ? digits.replace(/0+$/, '') : digits
}
/** Two cells that differ as texts although numbers can't tell them apart; undefined where all are the same. */
function finer({ type, examples }: Column): [string, string] | undefined {
  if (type !== 'number') return undefined
  const [first, ...others] = examples
  const other = others.find((c) => digitsOf(c) !== digitsOf(first!) && digitsOf(c).length > KEPT)
  return other === undefined ? undefined : [first!, other]
}
/** Says that a column is the same in every row, as far as float64 can tell. @param end the consequence */
export function everywhere(c: Column, zh: string, en: string, endZh: string, end: string): Text {
  const cells = finer(c)
  if (!cells)
    return {
      en: `${en} "${c.name}" is ${c.examples[0]} everywhere: ${end}`,
      zh: `${zh}“${c.name}”处处为 ${c.examples[0]}：${endZh}`
    }
  const [a, b] = cells
  return {
    en: `${en} "${c.name}" differs only beyond the 17 digits that numbers keep here (${a}, ${b}), so it is the same everywhere: subtract what all rows share before they are written`,
    zh: `${zh}“${c.name}”的差别超出数值所保留的 17 位数字（${a}、${b}），因此处处相同：请在写出之前减去各行共有的部分`
  }
}

/** Columns that are the same in every row, or in all rows but one: one remark each for all of them. */
export function constantColumns(columns: readonly Column[]): Remark[] {
  const out: Remark[] = []
  const constant = columns.filter((c) => c.type !== 'empty' && c.constant)
  const names = (of: readonly Column[], zh: boolean): string =>
    few(of.slice(0, 8).map((c) => (zh ? `“${c.name}”` : `"${c.name}"`))) + (of.length > 8 ? ` … (${of.length})` : '')
  const [first] = constant
  if (first && constant.length < FEW)
    for (const c of constant) {
      const { en, zh } = everywhere(c, '列', 'column', '对网络没有信息', 'it tells the network nothing')
      out.push(remark('columnConstant', en, zh, { column: c.name }))
    }
  else if (first)
    out.push(
      remark(
        'columnConstant',
        `${constant.length} columns are the same in every row and tell the network nothing: ${names(constant, false)}`,
        `${constant.length} 列在每一行都相同，对网络没有信息：${names(constant, true)}`,
        { count: constant.length }
      )
    )
  const lone = columns.filter((c) => c.lone && !c.constant)
  const [one] = lone
  if (one)
    out.push(
      lone.length > 1
        ? remark(
            'columnNearlyConstant',
            `${lone.length} columns are the same in all rows but one, and tell of nothing but that row: ${names(lone, false)}`,
            `${lone.length} 列除一行外都相同，只说明该行：${names(lone, true)}`,
            { path: at('features'), count: lone.length }
          )
        : remark(
            'columnNearlyConstant',
            `column "${one.name}" is ${one.lone!.usual} in all rows but line ${one.lone!.line}, where it is ${one.lone!.cell}: it tells of nothing but that row`,
            `列“${one.name}”除第 ${one.lone!.line} 行为 ${one.lone!.cell} 外都是 ${one.lone!.usual}：只说明该行`,
            { path: at('features'), column: one.name, line: one.lone!.line }
          )
    )
  return out
}
/** Columns that are the same in every row and are told one by one. */
const FEW = 4

const SPLIT =
  /^(?:train|training|test|testing|val|valid|validation|dev|eval|evaluation|hold-?out|训练集?|测试集?|验证集?)$/i
/** What is odd about columns as inputs: one that tells which rows are for training. */
export function oddInputs(inputs: readonly Column[]): Remark[] {
  return inputs.flatMap((c) => {
    if (c.type !== 'category' || !c.values || c.values.length < 2 || !c.values.every((v) => SPLIT.test(v))) return []
    const words = few(c.values.map((v) => JSON.stringify(v)))
    return [
      remark(
        'splitColumn',
        `column "${c.name}" (${words}) says which rows are for training and which are held out: it is not followed, and is an input like any other; choose the inputs without it, and keep rows that are to be held out in a file of their own if they must be those`,
        `列“${c.name}”（${words}）说明哪些行用于训练、哪些留出：此处不按它划分，而是作为普通输入；请在输入中去掉它，若必须按此留出，请将这些行另存为文件`,
        { path: at('features'), column: c.name }
      )
    ]
  })
}
/** The number of inputs per row with which a network memorises rows, and the least number of inputs that matters. */
const WIDE = { each: 10, inputs: 100 }
/** The remark on tables of many columns and few rows. */
export function fewRows(inputs: number, rows: number): Remark[] {
  if (inputs < WIDE.inputs || inputs < WIDE.each * rows) return []
  return [
    remark(
      'fewRows',
      `${inputs.toLocaleString('en')} inputs and ${counted(rows, 'row')}: a network can learn each row by heart, and what it says of others means little; choose fewer columns, or find more rows; does each line hold a variable rather than an example?`,
      `${inputs.toLocaleString('en')} 个输入而只有 ${rows} 行：网络可以把每一行背下来，对其他行的结果意义不大；请减少列或增加行；是否每一行其实是一个变量而不是样本？`,
      { path: at('features'), count: rows }
    )
  ]
}
