import type { Params } from '../../../base/params'
import type { Problem } from '../../../base/problems'
import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { classTarget } from '../toy/common'
import type { Data, DataInfo } from '../types'
import { cellsOf } from './cells'
import { label } from './choose'
import { cutExamples, type Example } from './cut'
import { cutShort } from './cutShort'
import { copyInfo, encode } from './encode'
import {
  alsoIn,
  at,
  digitsLost,
  fault,
  gapsIn,
  linesOf,
  missingAdvice,
  noColumn,
  oneClass,
  refuse,
  withMore
} from './faults'
import type { Meant } from './inspect'
import { remember } from './memo'
import { readTable } from './read'
import type { ReadOptions } from './table'
import { aimOf, sequenceColumns } from './roles'
import { datesAmong } from './timeColumns'
import { sortByTime } from './times'
import { twins } from './twins'
import { MAX_CELLS, understandCsv, type Understood } from './understand'

export interface Sequences {
  /** Lines as they are understood one by one. */
  lines: Understood
  info: DataInfo
  /** Places in `lines.rows`, by series, in order of time. */
  series: number[][]
  examples: Example[]
  remarks: Remark[]
}
function understand(text: string, { p, meant }: { p: Params; meant?: Meant | undefined }): Sequences {
  const table = readTable(text, p as ReadOptions)
  if (table.problems.length) refuse(...table.problems)
  const windows = p.lines === 'windows'
  const aim = aimOf(p)
  const horizon = aim === 'ahead' ? (p.horizon as number) : 0
  const remarks: Remark[] = []

  const columns = sequenceColumns(table.names, p, (names) => datesAmong(table, names))
  const place = (name: string | undefined, field: string): number => {
    const i = name === undefined ? -1 : table.names.indexOf(name)
    if (name !== undefined && i < 0) refuse(noColumn(name, table.names, field))
    return i
  }
  const id = place(columns.series, 'series')
  const clocks = columns.times.map((name) => place(name, 'time'))
  const { isMissing } = table
  const time = columns.times.join(', ')
  const lost = id < 0 ? undefined : cutShort(cellsOf(table, id))
  if (lost !== undefined) refuse(digitsLost(columns.series!, lost, 'series'))
  if (id < 0 && !windows)
    refuse(
      fault(
        'no column is called id, series or the like: choose the one that tells the sequences apart, or cut one long series into windows',
        '没有名为 id、series 之类的列：请选择区分各序列的列，或把一条长序列切成窗口',
        at('series')
      )
    )
  if (id >= 0 && clocks.includes(id))
    refuse(
      fault(
        `"${columns.series}" tells the sequences apart already: choose another column for the time`,
        `“${columns.series}”已用于区分序列：请为时间选择另一列`,
        at('time')
      )
    )
  if (!p.series && columns.series)
    remarks.push(
      remark(
        'seriesGuessed',
        `lines with the same "${columns.series}" are one sequence (guessed by its name)`,
        `“${columns.series}”相同的行为同一序列（按名称推测）`,
        { path: at('series'), column: columns.series }
      )
    )
  if (!clocks.length)
    remarks.push(
      remark(
        'fileOrder',
        'no column is called time, date or the like: the lines are taken in the order they stand in',
        '没有名为 time、date 之类的列：按行的先后顺序读取',
        { path: at('time') }
      )
    )
  else if (!p.time)
    remarks.push(
      remark(
        'timeGuessed',
        `sorted by "${time}" (${columns.byDates ? 'the only column of dates' : 'guessed by its name'})`,
        `按“${time}”排序（${columns.byDates ? '唯一的日期列' : '按名称推测'}）`,
        { path: at('time'), column: columns.times[0]! }
      )
    )

  const ids = id < 0 ? 1 : new Set(cellsOf(table, id)).size
  const lines = understandCsv(text, p, meant, {
    apart: [...(columns.series ? [columns.series] : []), ...columns.times],
    ahead: aim === 'ahead',
    examples: windows ? table.count : ids
  })
  const { target, rows } = lines
  const lineOf = (k: number): number => table.lines[rows[k]!]!

  // Lines that belong nowhere.
  let places = rows.map((_, k) => k)
  for (const [column, field] of [[id, 'series'], ...clocks.map((c) => [c, 'time'] as const)] as const) {
    if (column < 0) continue
    const homeless = places.filter((k) => isMissing(table.rows[rows[k]!]![column]!))
    if (homeless.length && p.missing !== 'drop')
      refuse(missingAdvice(), gapsIn(table.names[column]!, homeless.map(lineOf), at(field)).problem)
    if (homeless.length) {
      remarks.push(
        remark(
          'rowsDropped',
          `${counted(homeless.length, 'line was', 'lines were')} left out: no value of "${table.names[column]}" (${linesOf(homeless.map(lineOf)).en})`,
          `忽略了 ${homeless.length} 行：缺少“${table.names[column]}”的值（${linesOf(homeless.map(lineOf)).zh}）`,
          { path: at(field), column: table.names[column]!, line: lineOf(homeless[0]!), count: homeless.length }
        )
      )
      places = places.filter((k) => !isMissing(table.rows[rows[k]!]![column]!))
    }
  }
  const groups = new Map<string, number[]>()
  for (const k of places) {
    const name = id < 0 ? '' : table.rows[rows[k]!]![id]!
    const own = groups.get(name)
    if (own) own.push(k)
    else groups.set(name, [k])
  }
  const names = [...groups.keys()]
  if (id >= 0) remarks.push(...twins(table.names[id]!, names, at('series')))
  const series = [...groups.values()]
  const of = (s: number): { en: string; zh: string } =>
    id < 0 ? { en: '', zh: '' } : { en: ` of series "${names[s]}"`, zh: `（序列“${names[s]}”）` }
  if (clocks.length) remarks.push(...sortByTime(table, { rows, places, series, clocks, of, alone: id < 0 }))

  const targetCell = (k: number): string => table.rows[rows[k]!]![target.index]!
  const valueOf = (k: number): string => label(targetCell(k), target)
  if (aim === 'constant') {
    let first: Problem | undefined
    let wrong = 0
    series.forEach((own, s) => {
      const one = own.find((k) => !isMissing(targetCell(k)))
      const other = own.find((k) => !isMissing(targetCell(k)) && valueOf(k) !== valueOf(one!))
      if (other === undefined) return
      wrong++
      first ??= fault(
        `line ${lineOf(other)}: "${target.name}" is ${targetCell(other)}, and ${targetCell(one!)} in line ${lineOf(one!)}${of(s).en}`,
        `第 ${lineOf(other)} 行：“${target.name}”为 ${targetCell(other)}，而第 ${lineOf(one!)} 行${of(s).zh}为 ${targetCell(one!)}`,
        at('target')
      )
    })
    if (first)
      refuse(
        fault(
          `the target must be the same in all lines of a sequence; if it isn't meant to be, choose its value in the last line, or to forecast it`,
          '目标在同一序列的各行必须相同；若并非如此，请选择取最后一行的值，或选择预测',
          at('aim')
        ),
        withMore(first, wrong, 'sequences', '条序列')
      )
  }

  const made = cutExamples(series, p, horizon)
  const { steps } = made
  let { examples } = made
  remarks.push(...made.remarks)

  // Where the target stands; without one there is no example.
  if (aim === 'constant')
    examples.forEach(
      (e) =>
        (e.target = Math.max(
          0,
          series[e.series]!.findIndex((k) => !isMissing(targetCell(k)))
        ))
    )
  const targetOf = (e: Example): number => series[e.series]![e.target]!
  const without = examples.filter((e) => isMissing(targetCell(targetOf(e))))
  if (without.length && p.missing === 'error') {
    const lines = without.map((e) => lineOf(targetOf(e)))
    const more = alsoIn(lines.slice(1, 10), lines.length - 1)
    refuse(
      missingAdvice(),
      fault(
        `line ${lines[0]}, column "${target.name}": the target is missing${more.en}`,
        `第 ${lines[0]} 行，列“${target.name}”：缺少目标值${more.zh}`,
        at('target')
      )
    )
  }
  if (without.length)
    remarks.push(
      remark(
        'sequencesDropped',
        `${counted(without.length, 'sequence was', 'sequences were')} left out: no value of the target "${target.name}" (${linesOf(without.map((e) => lineOf(targetOf(e)))).en})`,
        `忽略了 ${without.length} 条序列：缺少目标“${target.name}”的值（${linesOf(without.map((e) => lineOf(targetOf(e)))).zh}）`,
        { path: at('target'), column: target.name, line: lineOf(targetOf(without[0]!)), count: without.length }
      )
    )
  if (without.length) examples = examples.filter((e) => !isMissing(targetCell(targetOf(e))))
  if (!examples.length) refuse(fault('no sequence is left', '没有剩下任何序列', at('length')))

  const featureNames = lines.info.featureNames!
  if (examples.length * steps * featureNames.length > MAX_CELLS)
    refuse(
      fault(
        `${examples.length.toLocaleString('en')} sequences of ${steps} × ${featureNames.length} values are more than memory is likely to hold: make them shorter, or take fewer`,
        `${examples.length.toLocaleString('en')} 条 ${steps} × ${featureNames.length} 的序列可能超出内存：请缩短或减少`,
        at(windows ? 'stride' : 'length')
      )
    )
  // Of a target that is a class the last value is no forecast.
  const continued = aim === 'ahead' && lines.info.task === 'regression' ? featureNames.indexOf(target.name) : -1
  const base: DataInfo = {
    inputShape: [steps, featureNames.length],
    targetShape: [1],
    task: 'regression',
    count: examples.length,
    timeAxis: true,
    featureNames,
    ...(lines.info.symbols && { symbols: lines.info.symbols }),
    ...(windows && { inOrder: true }),
    ...(continued >= 0 && { lastValue: continued })
  }
  const all = [...lines.remarks, ...remarks]
  if (lines.info.task === 'regression') return { lines, info: base, series, examples, remarks: all }
  const alive = new Set(examples.map((e) => valueOf(targetOf(e))))
  const classes = target.values!.filter((v) => alive.has(v))
  if (classes.length < 2) refuse(oneClass(target, classes[0]))
  const coded = classTarget(classes, p.coding)
  return {
    lines: { ...lines, target: { ...target, values: classes }, info: { ...lines.info, ...coded } },
    info: { ...base, ...coded },
    series,
    examples,
    remarks: all
  }
}
const remembered = remember(4, understand)
/**
 * How these parameters turn the lines of this text into sequences. @throws InputError naming lines, columns and fields
 */
export const understandSequences = (text: string, p: Params, meant?: Meant): Sequences => remembered(text, { p, meant })

/** The sequences, [steps, features] each. A shorter one is padded with zeros at its start. */
export function encodeSequences({ lines, info, series, examples }: Sequences): Data {
  const rows = encode(lines)
  const [steps, width] = info.inputShape as [number, number]
  const outputs = info.targetShape[0]!
  const x = new Float32Array(examples.length * steps * width)
  const y = new Float32Array(examples.length * outputs)
  const lengths = new Int32Array(examples.length)
  examples.forEach(({ series: s, from, to, target }, i) => {
    const own = series[s]!
    lengths[i] = to - from
    for (let k = from; k < to; k++)
      x.set(rows.x.subarray(own[k]! * width, (own[k]! + 1) * width), (i * steps + steps - to + k) * width)
    y.set(rows.y.subarray(own[target]! * outputs, (own[target]! + 1) * outputs), i * outputs)
  })
  return { ...copyInfo(info), x, y, ...(lengths.some((n) => n < steps) && { lengths }) }
}
