import { clone } from '../../../base/clone'
import type { Params } from '../../../base/params'
import { InputError, type Problem } from '../../../base/problems'
import { classTarget, putClass } from '../toy/common'
import type { Data, DataInfo } from '../types'
import { isMissing, readNumber } from './cells'
import { readColumn, UNIQUE_LIMIT, type Column } from './columns'
import { badPlaces, columnRemarks, guessTask, listed } from './inspect'
import { remember } from './memo'
import { remark, type Remark } from '../parts/remark'
import { fault, readTable, type ReadOptions, type Table } from './read'

const MAX_CLASSES = 1000
/** Largest number of values of the input matrix: 2 GB of float32. */
export const MAX_CELLS = 5e8

/** How a table becomes examples. */
export interface Understood {
  table: Table
  info: DataInfo
  inputs: Column[]
  target: Column
  /** Indices of the rows used. */
  rows: number[]
  remarks: Remark[]
}
/** What differs when a line is a step of a sequence rather than an example. */
export interface StepsOf {
  /** Columns that are inputs only when they are named as such: which sequence, which time. */
  apart: string[]
  /** The target is of a later time: what it was before may be an input. */
  ahead: boolean
  /** Targets at most: tells few classes from many numbers. */
  examples: number
}
type Settings = Pick<
  Params,
  'target' | 'task' | 'features' | 'categorical' | 'missing' | 'badRows' | 'maxCategories' | 'coding'
> & { steps?: StepsOf | undefined }
/** Path of one of the data set's fields, for problems. */
export const at = (field: string): string => `data.dataset.${field}`
const few = (names: string[]): string =>
  names.slice(0, 30).join(', ') + (names.length > 30 ? ` … (${names.length})` : '')
/** The problem that says what to do about empty cells. */
export const missingAdvice = (): Problem =>
  fault(
    'fill these cells in, or choose to leave such rows out, or to take the mean of the column',
    '请补全这些单元格，或选择忽略这些行，或以该列均值填补',
    at('missing')
  )
/** Never returns. @throws InputError with these problems */
export const refuse = (...problems: Problem[]): never => {
  throw new InputError(problems)
}

/** Chooses target and inputs by name. */
function choose(table: Table, s: Settings): { target: Column; inputs: Column[]; remarks: Remark[] } {
  const problems: Problem[] = []
  const remarks: Remark[] = []
  const max = s.maxCategories as number
  const categorical = s.categorical as string[]
  const column = (i: number): Column => readColumn(table, i, max, categorical.includes(table.names[i]!))
  const find = (name: string, field: string): number => {
    const i = table.names.indexOf(name)
    if (i < 0)
      problems.push(
        fault(
          `there is no column "${name}"; there are: ${few(table.names)}`,
          `没有列“${name}”；现有：${few(table.names)}`,
          at(field)
        )
      )
    return i
  }
  const apart = s.steps?.apart ?? []
  let t = table.names.length - 1
  while (t > 0 && apart.includes(table.names[t]!)) t--
  if (s.target) t = find(s.target as string, 'target')
  else
    remarks.push(
      remark(
        'targetGuessed',
        `no target chosen: the last column, "${table.names[t]}", is taken`,
        `未选择目标：取最后一列“${table.names[t]}”`,
        { path: at('target'), column: table.names[t]! }
      )
    )
  if (apart.includes(table.names[t]!))
    problems.push(
      fault(
        `"${table.names[t]}" says which sequence or time a line belongs to: choose another target`,
        `“${table.names[t]}”用于区分序列或时间：请选择其他目标`,
        at('target')
      )
    )
  for (const name of categorical) find(name, 'categorical')
  const named = s.features as string[]
  if (named.includes(table.names[t]!) && !s.steps?.ahead)
    problems.push(
      fault(
        `"${table.names[t]}" is the target: as an input it would give the answer away; take it out`,
        `“${table.names[t]}”是目标：作为输入会泄露答案，请去掉`,
        at('features')
      )
    )
  const indices = named.length
    ? [...new Set(named.map((n) => find(n, 'features')))]
    : table.names.map((_, i) => i).filter((i) => (i !== t || s.steps?.ahead) && !apart.includes(table.names[i]!))
  if (problems.length) refuse(...problems)

  let inputs = indices.map(column)
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
  if (!inputs.length)
    problems.push(fault('there is no input column besides the target', '除目标外没有输入列', at('features')))
  if (problems.length) refuse(...problems)
  return { target: column(t), inputs, remarks }
}

/** The target read as classes. Numbers stay numbers: 1 and 1.0 are one class, and a word among them is a mistake. */
function asClasses(table: Table, target: Column): Column {
  if (target.type !== 'number') return readColumn(table, target.index, MAX_CLASSES, true)
  const values = new Set<number>()
  for (const row of table.rows) {
    const value = isMissing(row[target.index]!) ? undefined : readNumber(row[target.index]!, table.decimal)
    if (typeof value === 'number') values.add(value)
    if (values.size > MAX_CLASSES) return { ...target, type: 'text' }
  }
  return { ...target, values: [...values].sort((a, b) => a - b).map(String) }
}
/** The name of the class that a target cell belongs to. */
export const label = (cell: string, target: Column, table: Table): string =>
  target.type === 'number' ? String(readNumber(cell, table.decimal)) : cell

function understand(table: Table, s: Settings): Understood {
  if (table.problems.length) refuse(...table.problems)
  const chosen = choose(table, s)
  const { inputs, remarks } = chosen
  let { target } = chosen
  if (target.type === 'empty')
    refuse(fault(`the target "${target.name}" is empty`, `目标“${target.name}”是空的`, at('target')))
  const task =
    s.task === 'auto'
      ? s.steps?.ahead && target.type === 'number'
        ? 'regression'
        : guessTask(target, s.steps?.examples ?? table.rows.length)
      : (s.task as 'regression' | 'classification')
  if (task === 'regression' && target.type !== 'number')
    refuse(
      fault(
        `the target "${target.name}" holds words (such as ${JSON.stringify(target.examples[0])}): regression needs numbers; choose classification`,
        `目标“${target.name}”是文字（如 ${JSON.stringify(target.examples[0])}）：回归需要数字，请选择分类`,
        at('task')
      )
    )
  if (task === 'classification') target = asClasses(table, target)
  if (task === 'classification' && target.type === 'text')
    refuse(
      fault(
        `the target "${target.name}" has ${target.unique.toLocaleString('en')} different values, more than ${MAX_CLASSES} classes: choose another column, or regression`,
        `目标“${target.name}”有 ${target.unique.toLocaleString('en')} 种值，超过 ${MAX_CLASSES} 类：请选另一列，或选择回归`,
        at('target')
      )
    )

  const used = [...inputs, target]
  const once = used.filter((c, i) => used.findIndex((d) => d.index === c.index) === i)
  const places = badPlaces(table, once)
  if (places.total && s.badRows === 'error')
    refuse(
      ...listed(places.problems, places.total),
      fault(
        'mend these lines, or choose to leave malformed rows out; name a column whose words are meant under “Read as categories”',
        '请修正这些行，或选择忽略格式错误的行；若列中的文字是有意的，请将该列列入“按类别读取”',
        at('badRows')
      )
    )
  if (table.bad.length)
    remarks.push(
      remark(
        'malformedRows',
        `${table.bad.length} malformed line(s) were left out: ${few(table.bad.map((b) => String(b.line)))}`,
        `忽略了 ${table.bad.length} 个格式错误的行：${few(table.bad.map((b) => String(b.line)))}`,
        { path: at('badRows'), line: table.bad[0]!.line, count: table.bad.length }
      )
    )

  const rows: number[] = []
  /** Lines left out, and the columns at fault. */
  const leftOut = (): { lines: number[]; columns: Set<string> } => ({ lines: [], columns: new Set() })
  const dropped = { target: leftOut(), missing: leftOut(), bad: leftOut() }
  const drop = (why: keyof typeof dropped, row: number, columns: Column[]): void => {
    dropped[why].lines.push(table.lines[row]!)
    for (const c of columns) dropped[why].columns.add(c.name)
  }
  const faults: Problem[] = []
  let faultCount = 0
  const filled = new Map<Column, number>()
  table.rows.forEach((row, i) => {
    // Of a sequence, which of its targets matter is decided later.
    const wrong = used.filter(
      (c) => c.badCount && !isMissing(row[c.index]!) && typeof readNumber(row[c.index]!, table.decimal) !== 'number'
    )
    const gap = (s.steps ? inputs : used).filter((c) => isMissing(row[c.index]!))
    if (gap.length && s.missing === 'error') {
      faultCount++
      if (faults.length < 20)
        faults.push(
          fault(
            `line ${table.lines[i]}, column "${gap[0]!.name}": the value is missing`,
            `第 ${table.lines[i]} 行，列“${gap[0]!.name}”：缺少值`
          )
        )
    } else if (gap.includes(target)) drop('target', i, [target])
    else if (gap.length && s.missing === 'drop') drop('missing', i, gap)
    else if (wrong.length) drop('bad', i, wrong)
    else {
      for (const c of gap) filled.set(c, (filled.get(c) ?? 0) + 1)
      rows.push(i)
    }
  })
  if (faultCount) refuse(...listed(faults, faultCount), missingAdvice())
  const tell = (why: keyof typeof dropped, path: string, en: string, zh: string): void => {
    const { lines, columns } = dropped[why]
    if (!lines.length) return
    const names = [...columns]
    remarks.push(
      remark('rowsDropped', `${lines.length} row(s) were left out: ${en}`, `忽略了 ${lines.length} 行：${zh}`, {
        path: at(path),
        ...(names.length === 1 && { column: names[0]! }),
        line: lines[0]!,
        count: lines.length
      })
    )
  }
  tell('target', 'missing', `no value of the target "${target.name}"`, `缺少目标“${target.name}”的值`)
  tell('missing', 'missing', 'an input is missing', '缺少输入值')
  tell('bad', 'badRows', 'a cell is not a number', '有单元格不是数字')
  for (const [c, n] of filled)
    remarks.push(
      remark(
        'valuesFilled',
        `${n} missing value(s) of "${c.name}" became its mean`,
        `“${c.name}”的 ${n} 个缺失值以均值代替`,
        { path: at('missing'), column: c.name, count: n }
      )
    )
  if (!rows.length)
    refuse(
      fault(
        'no row is left: every one has a missing value; leave columns out, or fill with the mean',
        '没有剩下任何行：每一行都有缺失值；请去掉一些列，或用均值填补',
        at('missing')
      )
    )
  remarks.push(...columnRemarks(inputs.filter((c) => c.type !== 'empty')))

  const featureNames = inputs.flatMap((c) => (c.values ? c.values.map((v) => `${c.name}=${v}`) : [c.name]))
  if (featureNames.length * rows.length > MAX_CELLS)
    refuse(
      fault(
        `${rows.length.toLocaleString('en')} rows × ${featureNames.length.toLocaleString('en')} inputs are more than memory is likely to hold: leave columns out`,
        `${rows.length.toLocaleString('en')} 行 × ${featureNames.length.toLocaleString('en')} 个输入，内存可能不够：请去掉一些列`,
        at('features')
      )
    )
  const symbols = symbolsIn(inputs, rows, table)
  const base = { inputShape: [featureNames.length], count: rows.length, featureNames, ...(symbols && { symbols }) }
  if (task === 'regression')
    return { table, inputs, target, rows, remarks, info: { ...base, targetShape: [1], task: 'regression' } }
  // Only classes that still have an example.
  const alive = new Set(
    rows
      .map((i) => table.rows[i]![target.index]!)
      .filter((cell) => !isMissing(cell))
      .map((cell) => label(cell, target, table))
  )
  const classes = target.values!.filter((v) => alive.has(v))
  if (classes.length < 2) refuse(oneClass(target, classes[0]))
  const byLower = new Map<string, string>()
  for (const v of classes) {
    const twin = byLower.get(v.toLowerCase())
    if (twin)
      remarks.push(
        remark(
          'classesByCase',
          `the classes "${twin}" and "${v}" differ in capital letters only; they count as two`,
          `类别“${twin}”与“${v}”仅大小写不同，按两类处理`,
          { path: at('target'), column: target.name }
        )
      )
    byLower.set(v.toLowerCase(), v)
  }
  return {
    table,
    inputs,
    target: { ...target, values: classes },
    rows,
    remarks,
    info: { ...base, ...classTarget(classes, s.coding) }
  }
}
/** Number of symbols, if all inputs may be ids (whole numbers from 0); else undefined. */
function symbolsIn(inputs: Column[], rows: number[], table: Table): number | undefined {
  let most = -1
  for (const c of inputs)
    for (const i of rows) {
      const v = c.values ? undefined : readNumber(table.rows[i]![c.index]!, table.decimal)
      if (typeof v !== 'number' || v < 0 || v >= 1_000_000 || !Number.isInteger(v)) return undefined
      most = Math.max(most, v)
    }
  return most < 1 ? undefined : most + 1
}
/** The problem of a target that has one value only. @param only that value */
export const oneClass = (target: Column, only: string | undefined): Problem =>
  fault(
    `the target "${target.name}" is ${JSON.stringify(only)} everywhere: there is nothing to tell apart`,
    `目标“${target.name}”处处为 ${JSON.stringify(only)}：没有可区分的类别`,
    at('target')
  )
const remembered = remember(8, understand)

/**
 * How these parameters turn a delimited text into examples.
 * @param steps given where lines are steps of sequences
 * @throws InputError naming lines, columns and fields
 */
export function understandCsv(text: string, p: Params, steps?: StepsOf): Understood {
  const { target, task, features, categorical, missing, badRows, maxCategories, coding } = p
  return remembered(readTable(text, p as ReadOptions), {
    target,
    task,
    features,
    categorical,
    missing,
    badRows,
    maxCategories,
    coding,
    steps
  })
}

/**
 * The examples. Numbers stay as they are, categories become one-hot; a missing input is its column's mean, or the
 * shares of its categories.
 */
export function encode({ table, info, inputs, target, rows }: Understood): Data {
  const width = info.featureNames!.length
  const x = new Float32Array(rows.length * width)
  const y = new Float32Array(rows.length * info.targetShape[0]!)
  let offset = 0
  for (const c of inputs) {
    const size = c.values?.length ?? 1
    const place = new Map(c.values?.map((v, k) => [v, k]))
    const gaps: number[] = []
    const mean = new Float64Array(size)
    let seen = 0
    rows.forEach((r, i) => {
      const cell = table.rows[r]![c.index]!
      if (isMissing(cell)) return void gaps.push(i)
      seen++
      const k = c.values ? place.get(cell)! : 0
      const v = c.values ? 1 : (readNumber(cell, table.decimal) as number)
      x[i * width + offset + k] = v
      for (let j = 0; j < size; j++) mean[j]! += ((j === k ? v : 0) - mean[j]!) / seen
    })
    for (const i of gaps) x.set(mean, i * width + offset)
    offset += size
  }
  const classes = new Map(target.values?.map((v, k) => [v, k]))
  rows.forEach((r, i) => {
    const cell = table.rows[r]![target.index]!
    // Of a sequence not every line has a target.
    if (isMissing(cell)) return
    if (info.task === 'regression') y[i] = readNumber(cell, table.decimal) as number
    else {
      const k = classes.get(label(cell, target, table))
      if (k !== undefined) putClass(y, i, k, info)
    }
  })
  return { ...copyInfo(info), x, y }
}
/** A deep copy, which callers may change: the remembered original stays as it is. */
export const copyInfo = (info: DataInfo): DataInfo => clone(info)
