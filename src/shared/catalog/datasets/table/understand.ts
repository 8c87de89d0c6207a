import type { Params } from '../../../base/params'
import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { classTarget } from '../toy/common'
import type { DataInfo } from '../types'
import { asClasses, choose, label, type Settings, type StepsOf } from './choose'
import { cellsOf } from './cells'
import { classRemarks } from './classes'
import type { Column } from './column'
import { at, fault, few, gapsIn, linesOf, listed, missingAdvice, oneClass, refuse } from './faults'
import { badPlaces, columnRemarks, guessTask, MAX_CLASSES, type Meant } from './inspect'
import { farRemarks } from './far'
import { leaks } from './leaks'
import { everywhere, fewRows, oddInputs } from './odd'
import { marksAdvice } from './marksAdvice'
import { remember } from './memo'
import { inputsConstant, isConstant, repeats } from './repeats'
import { notNumbers, severalTargets } from './targets'
import { readTable } from './read'
import type { ReadOptions, Table } from './table'

/** Largest number of values of the input matrix: 2 GB of float32. */
export const MAX_CELLS = 5e8

/** How a table becomes examples. */
export interface Understood {
  table: Table
  info: DataInfo
  inputs: Column[]
  target: Column
  /** Further targets: numbers, or with the first one the shares of classes. */
  more: Column[]
  /** Indices of the rows used. */
  rows: number[]
  remarks: Remark[]
}
function understand(table: Table, s: Settings): Understood {
  if (table.problems.length) refuse(...table.problems)
  const chosen = choose(table, s)
  const { inputs, more, remarks } = chosen
  let { target } = chosen
  if (target.type === 'empty')
    refuse(fault(`the target "${target.name}" is empty`, `目标“${target.name}”是空的`, at('target')))
  const task =
    s.task === 'auto'
      ? more.length
        ? (s.meant ?? 'regression')
        : s.steps?.ahead && target.type === 'number'
          ? 'regression'
          : guessTask(target, s.steps?.examples ?? table.count, s.meant)
      : (s.task as 'regression' | 'classification')
  const words = [target, ...more].find((c) => c.type !== 'number')
  if (words && (task === 'regression' || more.length)) refuse(notNumbers(words, more.length > 0))
  if (task === 'classification' && !more.length) target = asClasses(table, target)
  if (task === 'classification' && target.type === 'text')
    refuse(
      fault(
        `the target "${target.name}" has ${target.unique.toLocaleString('en')} different values, more than ${MAX_CLASSES} classes: choose another column, or regression`,
        `目标“${target.name}”有 ${target.unique.toLocaleString('en')} 种值，超过 ${MAX_CLASSES} 类：请选另一列，或选择回归`,
        at('target')
      )
    )

  const used = [...inputs, target, ...more]
  const once = [...new Map(used.map((c) => [c.index, c])).values()]
  const places = badPlaces(table, once)
  if (places.length && s.badRows === 'error')
    refuse(
      fault(
        'mend these lines, or choose to leave malformed rows out; name a column whose words are meant under “Read as categories”',
        '请修正这些行，或选择忽略格式错误的行；若列中的文字是有意的，请将该列列入“按类别读取”',
        at('badRows')
      ),
      ...marksAdvice(once, s),
      ...listed(places)
    )
  if (table.bad.length)
    remarks.push(
      remark(
        'malformedRows',
        `${counted(table.bad.length, 'malformed line was', 'malformed lines were')} left out: ${few(table.bad.map((b) => String(b.line)))}`,
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
  const { isMissing } = table
  const missing = new Map<Column, number[]>()
  const filled = new Map<Column, number[]>()
  // Most columns have neither. Asking every cell of a wide table again would take longest of all.
  const faulty = used.filter((c) => c.badCount)
  const gappy = (s.steps ? inputs : used).filter((c) => c.missing)
  if (!faulty.length && !gappy.length) for (let i = 0; i < table.count; i++) rows.push(i)
  else
    table.rows.forEach((row, i) => {
      // Which targets of a sequence count is decided later.
      const wrong = faulty.filter((c) => !isMissing(row[c.index]!) && typeof c.read(row[c.index]!) !== 'number')
      const gap = gappy.filter((c) => isMissing(row[c.index]!))
      if (gap.length && s.missing === 'error') {
        for (const c of new Set(gap)) {
          const lines = missing.get(c)
          if (lines) lines.push(table.lines[i]!)
          else missing.set(c, [table.lines[i]!])
        }
      } else if (gap.includes(target) || gap.some((c) => more.includes(c)))
        drop(
          'target',
          i,
          gap.filter((c) => c === target || more.includes(c))
        )
      else if (gap.length && s.missing === 'drop') drop('missing', i, gap)
      else if (wrong.length) drop('bad', i, wrong)
      else {
        for (const c of gap) {
          const lines = filled.get(c)
          if (lines) lines.push(table.lines[i]!)
          else filled.set(c, [table.lines[i]!])
        }
        rows.push(i)
      }
    })
  if (missing.size)
    refuse(
      missingAdvice(),
      ...listed(
        [...missing]
          .map(([c, lines]) => gapsIn(c.name, lines, undefined, table.rows[table.lines.indexOf(lines[0]!)]![c.index]))
          .sort((a, b) => a.line - b.line)
          .map((g) => g.problem)
      )
    )
  const tell = (why: keyof typeof dropped, path: string, en: string, zh: string): void => {
    const { lines, columns } = dropped[why]
    if (!lines.length) return
    const names = [...columns]
    const where = linesOf(lines)
    const shown =
      names
        .slice(0, 8)
        .map((n) => JSON.stringify(n))
        .join(', ') + (names.length > 8 ? ' …' : '')
    remarks.push(
      remark(
        'rowsDropped',
        `${counted(lines.length, 'row was', 'rows were')} left out: ${en} in ${shown} (${where.en})`,
        `忽略了 ${lines.length} 行：${zh}（列 ${shown}，${where.zh}）`,
        {
          path: at(path),
          ...(names.length === 1 && { column: names[0]! }),
          line: lines[0]!,
          count: lines.length
        }
      )
    )
  }
  tell('target', 'missing', 'no value of the target', '缺少目标值')
  tell('missing', 'missing', 'an input is missing', '缺少输入值')
  const reasons = faulty.flatMap((c) => c.bad)
  const [one] = reasons
  const same = reasons.length === 1 && one!.cells.length === 1
  tell(
    'bad',
    'badRows',
    one ? `${one.message.en}${same ? '' : ' and the like,'}` : 'a cell is not a number',
    one ? `${one.message.zh}${same ? '' : '等'}` : '有单元格不是数字'
  )
  for (const [c, lines] of filled) {
    const [how, zh] = c.values ? ['the shares of its categories', '各类别的占比'] : ['its mean', '均值']
    remarks.push(
      remark(
        'valuesFilled',
        `${counted(lines.length, 'missing value')} of "${c.name}" became ${how} (${linesOf(lines).en})`,
        `“${c.name}”的 ${lines.length} 个缺失值以${zh}代替（${linesOf(lines).zh}）`,
        { path: at('missing'), column: c.name, line: lines[0]!, count: lines.length }
      )
    )
  }
  if (!rows.length)
    refuse(
      fault(
        'no row is left: every one has a missing value; leave columns out, or fill with the mean',
        '没有剩下任何行：每一行都有缺失值；请去掉一些列，或用均值填补',
        at('missing')
      )
    )
  remarks.push(
    ...columnRemarks([
      ...inputs.filter((c) => c.type !== 'empty' && c.index !== target.index),
      ...[target, ...more].map((c) => ({ ...c, constant: false, ids: !!c.ids && !c.values }))
    ])
  )

  for (const c of [target, ...more])
    if (c.constant) {
      const { en, zh } = everywhere(c, '目标', 'the target', '没有可学习的内容', 'there is nothing to learn')
      remarks.push(remark('columnConstant', en, zh, { path: at('target'), column: c.name }))
    }

  if (!s.steps && rows.length > 1 && inputs.every((c) => isConstant(table, c, rows)))
    remarks.push(inputsConstant(inputs))
  if (!s.steps && !more.length)
    remarks.push(...leaks(table, inputs, target, rows), ...repeats(table, inputs, target, rows))
  remarks.push(...oddInputs(inputs.filter((c) => c.index !== target.index)))
  remarks.push(...farRemarks(table, once, task === 'regression' ? [target, ...more] : [], rows))

  const featureNames = inputs.flatMap((c) => (c.values ? c.values.map((v) => `${c.name}=${v}`) : [c.name]))
  if (featureNames.length * rows.length > MAX_CELLS)
    refuse(
      fault(
        `${rows.length.toLocaleString('en')} rows × ${featureNames.length.toLocaleString('en')} inputs are more than memory is likely to hold: leave columns out`,
        `${rows.length.toLocaleString('en')} 行 × ${featureNames.length.toLocaleString('en')} 个输入，内存可能不够：请去掉一些列`,
        at('features')
      )
    )
  if (!s.steps) remarks.push(...fewRows(featureNames.length, rows.length))
  const symbols = symbolsIn(inputs, rows)
  const base = { inputShape: [featureNames.length], count: rows.length, featureNames, ...(symbols && { symbols }) }
  if (more.length)
    return {
      table,
      inputs,
      target,
      more,
      rows,
      remarks,
      info: { ...base, ...severalTargets(table, rows, task, [target, ...more]) }
    }
  if (task === 'regression')
    return { table, inputs, target, more, rows, remarks, info: { ...base, targetShape: [1], task: 'regression' } }
  // Only classes that still have an example.
  const cells = cellsOf(table, target.index)
  const alive = new Set(
    rows
      .map((i) => cells[i]!)
      .filter((cell) => !isMissing(cell))
      .map((cell) => label(cell, target))
  )
  const classes = target.values!.filter((v) => alive.has(v))
  if (classes.length < 2) refuse(oneClass(target, classes[0]))
  remarks.push(...classRemarks({ ...target, values: classes }, rows, table, s))
  return {
    table,
    inputs,
    target: { ...target, values: classes },
    more,
    rows,
    remarks,
    info: { ...base, ...classTarget(classes, s.coding) }
  }
}
/** Number of symbols, if all inputs may be ids (whole numbers from 0); else undefined. */
function symbolsIn(inputs: Column[], rows: number[]): number | undefined {
  let most = -1
  for (const c of inputs)
    for (const i of rows) {
      const v = c.values || c.kind !== 'number' ? undefined : c.numbers?.[i]
      if (v === undefined || v < 0 || v >= 1_000_000 || !Number.isInteger(v)) return undefined
      most = Math.max(most, v)
    }
  return most < 1 ? undefined : most + 1
}
const remembered = remember(8, understand)

/**
 * How these parameters turn a delimited text into examples.
 * @param meant what the loss is made for: decides whether whole numbers are classes
 * @param steps given where lines are steps of sequences
 * @throws InputError naming lines, columns and fields
 */
export function understandCsv(text: string, p: Params, meant?: Meant, steps?: StepsOf): Understood {
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
    meant,
    steps
  })
}
