import type { Params } from '../../../base/params'
import type { Problem } from '../../../base/problems'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import { readColumn } from './columns'
import type { Column } from './column'
import { separatorClue } from './separatorClue'
import { at, fault, few, namesIn, noColumn, refuse } from './faults'
import { isTargetName, MAX_CLASSES, type Meant } from './inspect'
import type { Table } from './table'
import { UNIQUE_LIMIT } from './statistics'

/** What differs when a line is a step of a sequence rather than an example. */
export interface StepsOf {
  /** Columns that are inputs only when the person names them: the id of the sequence and the time. */
  apart: string[]
  /** The target belongs to a later time, so its earlier values may be inputs. */
  ahead: boolean
  /** An upper bound of the number of examples, which tells few classes from many numbers. */
  examples: number
}
/** Fields of the data set that say how lines become examples. */
export type Settings = Pick<
  Params,
  'target' | 'task' | 'features' | 'categorical' | 'missing' | 'badRows' | 'maxCategories' | 'coding'
> & { steps?: StepsOf | undefined; meant?: Meant | undefined }
/** Chooses targets and inputs by name. @returns the first target, and `more` where several are named */
export function choose(
  table: Table,
  s: Settings
): { target: Column; more: Column[]; inputs: Column[]; remarks: Remark[] } {
  const problems: Problem[] = []
  const remarks: Remark[] = []
  const max = s.maxCategories as number
  const categorical = s.categorical as string[]
  const column = (i: number, as?: 'target'): Column =>
    categorical.includes(table.names[i]!)
      ? { ...readColumn(table, i, max, 'categories'), figure: undefined }
      : readColumn(table, i, max, as)
  const find = (name: string, field: string): number => {
    const i = table.names.indexOf(name)
    if (i < 0) problems.push(noColumn(name, table.names, field))
    return i
  }
  const apart = s.steps?.apart ?? []
  let t = table.names.length - 1
  while (t > 0 && apart.includes(table.names[t]!)) t--
  const [first, ...others] = namesIn(s.target as string, table.names)
  const more = others.map((name) => find(name, 'target'))
  if (first) t = find(first, 'target')
  else {
    const last = table.names[t]!
    const rival = table.names.find((name, i) => i !== t && !apart.includes(name) && isTargetName(name))
    if (!table.header || (rival !== undefined && !isTargetName(last)))
      remarks.push(
        remark(
          'targetGuessed',
          `no target chosen: the last column, "${last}", is taken${rival === undefined ? '' : `, not "${rival}"`}`,
          `未选择目标：取最后一列“${last}”${rival === undefined ? '' : `，而不是“${rival}”`}`,
          { path: at('target'), column: last }
        )
      )
  }
  if (apart.includes(table.names[t]!))
    problems.push(
      fault(
        `"${table.names[t]}" says which sequence or time a line belongs to: choose another target`,
        `“${table.names[t]}”用于区分序列或时间：请选择其他目标`,
        at('target')
      )
    )
  if (more.length && s.steps)
    problems.push(
      fault(
        'names several columns; a sequence has one target: choose one of them',
        '指定了多列；序列只有一个目标：请选择其中之一',
        at('target')
      )
    )
  for (const name of categorical) find(name, 'categorical')
  const named = s.features as string[]
  for (const i of [t, ...more])
    if (named.includes(table.names[i]!) && !s.steps?.ahead)
      problems.push(
        fault(
          `"${table.names[i]}" is the target: as an input it would give the answer away; take it out`,
          `“${table.names[i]}”是目标：作为输入会泄露答案，请去掉`,
          at('features')
        )
      )
  const indices = named.length
    ? [...new Set(named.map((n) => find(n, 'features')))]
    : table.names
        .map((_, i) => i)
        .filter((i) => (i !== t || s.steps?.ahead) && !more.includes(i) && !apart.includes(table.names[i]!))
  if (problems.length) refuse(...problems)

  let inputs = indices.map((i) => column(i))
  if (!named.length) {
    const empty = inputs.filter((c) => c.type === 'empty')
    for (const c of empty)
      remarks.push(
        remark('columnEmpty', `column "${c.name}" is empty and was left out`, `列“${c.name}”是空的，已忽略`, {
          column: c.name
        })
      )
    inputs = inputs.filter((c) => c.type !== 'empty')
  }
  for (const c of inputs) {
    if (c.type === 'empty')
      problems.push(fault(`column "${c.name}" is empty: leave it out`, `列“${c.name}”是空的：请去掉`, at('features')))
    if (c.type === 'text') {
      const n = `${c.unique >= UNIQUE_LIMIT ? '≥ ' : ''}${c.unique.toLocaleString('en')}`
      problems.push(
        fault(
          `column "${c.name}" holds ${n} different texts (such as ${JSON.stringify(c.examples[0])}), more than the ${max} that become inputs: choose the inputs without it, or allow more categories`,
          `列“${c.name}”含 ${n} 种不同文本（如 ${JSON.stringify(c.examples[0])}），超过可作为输入的 ${max} 种：请在输入中去掉它，或提高类别上限`,
          at('features')
        )
      )
    }
  }
  const clue = separatorClue(table)
  const blank = table.names.filter(
    (_, i) => i !== t && remarks.some((r) => r.code === 'columnEmpty' && r.column === table.names[i])
  )
  if (!inputs.length)
    problems.push(
      blank.length
        ? fault(
            `no input column holds a value: ${few(blank.map((b) => JSON.stringify(b)))} ${blank.length > 1 ? 'are' : 'is'} empty in every row`,
            `没有含值的输入列：${few(blank.map((b) => `“${b}”`))} 在每一行都是空的`,
            at('features')
          )
        : table.names.length > 1
          ? fault('there is no input column besides the target', '除目标外没有输入列', at('features'))
          : fault(
              `there is one column only, and no input column besides the target: ${clue.en}`,
              `只有一列，除目标外没有输入列：${clue.zh}`,
              at('delimiter')
            )
    )
  const target = column(t, 'target')
  const further = more.map((i) => column(i, 'target'))
  for (const c of [...inputs.filter((i) => i.index !== t), target, ...further]) if (c.refusal) problems.push(c.refusal)
  if (problems.length) refuse(...problems)
  return { target, more: further, inputs, remarks }
}

/**
 * The target read as classes. Numbers stay numbers: 1 and 1.0 are one class, and a word among them is a mistake. Codes
 * and ranges stay words: 007 and 7 are two, and 10-20 is one.
 */
export function asClasses(table: Table, target: Column): Column {
  if (target.type !== 'number' || target.code !== undefined || target.spans)
    return { ...readColumn(table, target.index, MAX_CLASSES, 'categories'), ...(target.list && { list: target.list }) }
  const values = new Set<number>()
  for (const cell of cellsOf(table, target.index)) {
    const value = table.isMissing(cell) ? undefined : target.read(cell)
    if (typeof value === 'number') values.add(value)
    if (values.size > MAX_CLASSES) return { ...target, type: 'text' }
  }
  return { ...target, values: [...values].sort((a, b) => a - b).map(String) }
}
/** The name of the class that a target cell belongs to. */
export const label = (cell: string, target: Column): string =>
  target.type === 'number' ? String(target.read(cell)) : cell
