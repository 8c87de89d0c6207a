import type { Params } from '../../../base/params'
import type { Problem } from '../../../base/problems'
import { classTarget } from '../toy/common'
import type { Data, DataInfo } from '../types'
import { isMissing, looksNumeric } from './cells'
import { listed } from './inspect'
import { remember } from './memo'
import { remark, type Remark, type RemarkCode } from '../parts/remark'
import { fault, readTable, type ReadOptions, type Table } from './read'
import {
  at,
  copyInfo,
  encode,
  label,
  MAX_CELLS,
  missingAdvice,
  oneClass,
  refuse,
  understandCsv,
  type Understood
} from './understand'

/** Time steps of a window where none are asked for. */
const WINDOW = 20
const SERIES =
  /^(.*[_ ])?(id|series|sequence|seq|subject|patient|unit|group|trajectory)$|^(编号|序列|受试者|患者|样本)$/i
const TIME =
  /^(t|time|times?tamp|step|time[_ ]?step|date|date[_ ]?time|day|hour|month|year|frame)$|^(时间|日期|时刻|步|步数|时间步)$/i

/** One example: steps `from` … `to` − 1 of a series, and the place of its target in it. */
interface Example {
  series: number
  from: number
  to: number
  target: number
}
export interface Sequences {
  /** Lines as they are understood one by one. */
  lines: Understood
  info: DataInfo
  /** Places in `lines.rows`, by series, in order of time. */
  series: number[][]
  examples: Example[]
  remarks: Remark[]
}
/** The columns that say which sequence and which time a line belongs to: as chosen, else guessed by their names. */
export function sequenceColumns(names: readonly string[], p: Params): { series?: string; time?: string } {
  const free = names.filter((n) => n !== p.target)
  const series = (p.series as string) || (p.lines === 'steps' ? free.find((n) => SERIES.test(n)) : undefined)
  const time = (p.time as string) || free.find((n) => n !== series && TIME.test(n))
  return { ...(series && { series }), ...(time && { time }) }
}

/** Which value is the target of a sequence: one of the whole sequence, the one in its last line, or a later one. */
export const aimOf = (p: Params): 'constant' | 'last' | 'ahead' =>
  p.aim === 'auto' ? (p.lines === 'windows' ? 'ahead' : 'constant') : (p.aim as 'constant' | 'last' | 'ahead')

/** A remark when lines are read as separate examples but look like steps of sequences. */
export function looksLikeSteps(table: Table, p: Params): Remark[] {
  const { series, time } = sequenceColumns(table.names, { lines: 'steps', target: p.target })
  if (!series || !time) return []
  const i = table.names.indexOf(series)
  if (new Set(table.rows.map((r) => r[i]!)).size * 2 > table.rows.length) return []
  return [
    remark(
      'looksLikeSteps',
      `"${series}" and "${time}" look as if each line was a step of a sequence: if so, choose "A step, by id"`,
      `从“${series}”和“${time}”看，每行似乎是序列中的一步：若是，请选择“一步（按 id）”`,
      { path: at('lines') }
    )
  ]
}

const DATE =
  /^(\d{4})(?:[-/.](\d{1,2})|年(\d{1,2})月)(?:[-/.]?(\d{1,2})日?)?(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/
const CLOCK = /^(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?$/
/** Year first, so that day and month can't be taken for each other; or a time of day. Milliseconds. */
export function readDate(cell: string): number | undefined {
  const clock = CLOCK.exec(cell)
  if (clock) return Number(clock[1]) * 3.6e6 + Number(clock[2]) * 6e4 + Number(clock[3] ?? 0) * 1000
  const m = DATE.exec(cell)
  if (!m) return undefined
  const [month, day] = [Number(m[2] ?? m[3]), Number(m[4] ?? 1)]
  const midnight = Date.UTC(Number(m[1]), month - 1, day)
  const back = new Date(midnight)
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return undefined
  const zone =
    m[8] && m[8] !== 'Z' ? (m[8][0] === '-' ? -1 : 1) * (Number(m[8].slice(1, 3)) * 60 + Number(m[8].slice(-2))) : 0
  return midnight + Number(m[5] ?? 0) * 3.6e6 + (Number(m[6] ?? 0) - zone) * 6e4 + Number(m[7] ?? 0) * 1000
}

/** The time of each used line: numbers or dates. Nothing is sorted alphabetically. */
function timesOf(table: Table, rows: readonly number[], column: number): Float64Array {
  const name = table.names[column]!
  const cells = rows.map((r) => table.rows[r]![column]!)
  const numeric = cells.filter((c) => looksNumeric(c, table.decimal)).length
  const asNumber = numeric * 2 >= cells.length
  const problems: Problem[] = []
  let bad = 0
  const times = Float64Array.from(cells, (cell, i) => {
    const value = asNumber
      ? looksNumeric(cell, table.decimal)
        ? Number(cell.replace(',', '.'))
        : undefined
      : readDate(cell)
    if (value !== undefined) return value
    bad++
    const line = table.lines[rows[i]!]!
    const shown = JSON.stringify(cell.slice(0, 40))
    if (problems.length < 20)
      problems.push(
        asNumber
          ? fault(
              `line ${line}, column "${name}": the time ${shown} is not a number`,
              `第 ${line} 行，列“${name}”：时间 ${shown} 不是数字`,
              at('time')
            )
          : fault(
              `line ${line}, column "${name}": the time ${shown} is neither a number nor a date with the year first, such as 2024-01-31 or 2024-01-31 08:30`,
              `第 ${line} 行，列“${name}”：时间 ${shown} 既不是数字，也不是年份在前的日期（如 2024-01-31 或 2024-01-31 08:30）`,
              at('time')
            )
      )
    return NaN
  })
  if (bad) refuse(...listed(problems, bad))
  return times
}

function understand(text: string, p: Params): Sequences {
  const table = readTable(text, p as ReadOptions)
  if (table.problems.length) refuse(...table.problems)
  const windows = p.lines === 'windows'
  const aim = aimOf(p)
  const horizon = aim === 'ahead' ? (p.horizon as number) : 0
  const remarks: Remark[] = []

  const columns = sequenceColumns(table.names, p)
  const place = (name: string | undefined, field: string): number => {
    const i = name === undefined ? -1 : table.names.indexOf(name)
    if (name !== undefined && i < 0)
      refuse(
        fault(
          `there is no column "${name}"; there are: ${table.names.slice(0, 30).join(', ')}`,
          `没有列“${name}”；现有：${table.names.slice(0, 30).join(', ')}`,
          at(field)
        )
      )
    return i
  }
  const id = place(columns.series, 'series')
  const clock = place(columns.time, 'time')
  if (id < 0 && !windows)
    refuse(
      fault(
        'no column is called id, series or the like: choose the one that tells the sequences apart, or cut one long series into windows',
        '没有名为 id、series 之类的列：请选择区分各序列的列，或把一条长序列切成窗口',
        at('series')
      )
    )
  if (id >= 0 && id === clock)
    refuse(
      fault(
        `"${columns.time}" tells the sequences apart already: choose another column for the time`,
        `“${columns.time}”已用于区分序列：请为时间选择另一列`,
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
  if (clock < 0)
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
        `sorted by "${columns.time}" (guessed by its name)`,
        `按“${columns.time}”排序（按名称推测）`,
        { path: at('time'), column: columns.time! }
      )
    )

  const ids = id < 0 ? 1 : new Set(table.rows.map((r) => r[id]!)).size
  const lines = understandCsv(text, p, {
    apart: [columns.series, columns.time].filter((n) => n !== undefined),
    ahead: aim === 'ahead',
    examples: windows ? table.rows.length : ids
  })
  const { target, rows } = lines
  const lineOf = (k: number): number => table.lines[rows[k]!]!

  // Lines that belong nowhere.
  let places = rows.map((_, k) => k)
  for (const [column, field] of [
    [id, 'series'],
    [clock, 'time']
  ] as const) {
    if (column < 0) continue
    const homeless = places.filter((k) => isMissing(table.rows[rows[k]!]![column]!))
    if (homeless.length && p.missing !== 'drop')
      refuse(
        ...listed(
          homeless
            .slice(0, 20)
            .map((k) =>
              fault(
                `line ${lineOf(k)}, column "${table.names[column]}": the value is missing`,
                `第 ${lineOf(k)} 行，列“${table.names[column]}”：缺少值`,
                at(field)
              )
            ),
          homeless.length
        ),
        missingAdvice()
      )
    if (homeless.length) {
      remarks.push(
        remark(
          'rowsDropped',
          `${homeless.length} line(s) were left out: no value of "${table.names[column]}"`,
          `忽略了 ${homeless.length} 行：缺少“${table.names[column]}”的值`,
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
  const series = [...groups.values()]
  const of = (s: number): { en: string; zh: string } =>
    id < 0 ? { en: '', zh: '' } : { en: ` of series "${names[s]}"`, zh: `（序列“${names[s]}”）` }
  if (clock >= 0) {
    const used = places.map((k) => rows[k]!)
    const times = new Float64Array(rows.length)
    timesOf(table, used, clock).forEach((time, i) => (times[places[i]!] = time))
    const problems: Problem[] = []
    let twice = 0
    series.forEach((own, s) => {
      own.sort((a, b) => times[a]! - times[b]! || a - b)
      for (let i = 1; i < own.length; i++)
        if (times[own[i]!] === times[own[i - 1]!] && twice++ < 20) {
          const [a, b] = [lineOf(own[i - 1]!), lineOf(own[i]!)]
          const shown = JSON.stringify(table.rows[rows[own[i]!]!]![clock])
          problems.push(
            fault(
              `lines ${a} and ${b}${of(s).en} are both of time ${shown}: which is first can't be told`,
              `第 ${a} 行与第 ${b} 行${of(s).zh}的时间同为 ${shown}：无法判断先后`,
              at('time')
            )
          )
        }
    })
    if (twice) {
      if (id < 0)
        problems.push(
          fault(
            'if the file holds several series, choose the column that tells them apart',
            '若文件含多条序列，请选择区分它们的列',
            at('series')
          )
        )
      refuse(...listed(problems, twice + (id < 0 ? 1 : 0)))
    }
  }

  const targetCell = (k: number): string => table.rows[rows[k]!]![target.index]!
  const valueOf = (k: number): string => label(targetCell(k), target, table)
  if (aim === 'constant') {
    const problems: Problem[] = []
    let wrong = 0
    series.forEach((own, s) => {
      const first = own.find((k) => !isMissing(targetCell(k)))
      const other = own.find((k) => !isMissing(targetCell(k)) && valueOf(k) !== valueOf(first!))
      if (other !== undefined && wrong++ < 20)
        problems.push(
          fault(
            `line ${lineOf(other)}: "${target.name}" is ${targetCell(other)}, and ${targetCell(first!)} in line ${lineOf(first!)}${of(s).en}`,
            `第 ${lineOf(other)} 行：“${target.name}”为 ${targetCell(other)}，而第 ${lineOf(first!)} 行${of(s).zh}为 ${targetCell(first!)}`,
            at('target')
          )
        )
    })
    if (wrong)
      refuse(
        ...listed(problems, wrong),
        fault(
          `the target must be the same in all lines of a sequence; if it isn't meant to be, choose its value in the last line, or to forecast it`,
          '目标在同一序列的各行必须相同；若并非如此，请选择取最后一行的值，或选择预测',
          at('aim')
        )
      )
  }

  // What is cut from which series.
  const lengths = series.map((own) => own.length - horizon)
  const most = Math.max(...lengths)
  if (most < 1)
    refuse(
      fault(
        `no series is longer than the ${horizon} step(s) to forecast: at most ${most + horizon - 1} can be`,
        `没有序列长于预测步数 ${horizon}：最多 ${most + horizon - 1}`,
        at('horizon')
      )
    )
  const long = lengths.filter((n) => n > 0)
  const asked = p.length as number
  if (asked > most)
    refuse(
      fault(
        `is ${asked}, but the longest series has ${most} time step(s)${horizon ? ` before its last ${horizon}, which are forecast` : ''}: at most ${most}`,
        `为 ${asked}，但最长的序列${horizon ? `除去要预测的最后 ${horizon} 步外` : ''}只有 ${most} 个时间步：最多 ${most}`,
        at('length')
      )
    )
  const steps =
    asked || (windows ? Math.min(WINDOW, most) : p.unequal === 'cut' ? long.reduce((a, b) => Math.min(a, b)) : most)
  if (windows && !asked)
    remarks.push(
      remark('windowLength', `windows are ${steps} time steps long`, `窗口长 ${steps} 个时间步`, {
        path: at('length'),
        count: steps
      })
    )
  let examples: Example[] = []
  const left = { short: 0, padded: 0, cut: 0 }
  series.forEach((own, s) => {
    const n = lengths[s]!
    if (windows) {
      if (n < steps) left.short++
      for (let from = 0; from + steps <= n; from += p.stride as number)
        examples.push({ series: s, from, to: from + steps, target: from + steps - 1 + horizon })
      return
    }
    if (n < 1 || (n < steps && p.unequal === 'cut')) return void left.short++
    if (n < steps) left.padded++
    if (n > steps) left.cut++
    examples.push({ series: s, from: Math.max(0, n - steps), to: n, target: own.length - 1 })
  })
  const tell = (code: RemarkCode, count: number, en: string, zh: string, field: string): void =>
    void (count && remarks.push(remark(code, en, zh, { path: at(field), count })))
  tell(
    'sequencesDropped',
    left.short,
    `${left.short} series were left out: shorter than ${steps} time step(s)${horizon ? ` and ${horizon} to forecast` : ''}`,
    `忽略了 ${left.short} 条序列：短于 ${steps} 个时间步${horizon ? `加预测的 ${horizon} 步` : ''}`,
    'length'
  )
  tell(
    'sequencesPadded',
    left.padded,
    `${left.padded} of ${examples.length} sequences are shorter than ${steps} time steps: zeros stand before them`,
    `${examples.length} 条序列中有 ${left.padded} 条短于 ${steps} 个时间步：在前面补零`,
    'unequal'
  )
  tell(
    'sequencesCut',
    left.cut,
    `of ${left.cut} of ${examples.length} sequences only the last ${steps} time steps are used`,
    `${examples.length} 条序列中有 ${left.cut} 条只使用最后 ${steps} 个时间步`,
    'length'
  )

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
  if (without.length && p.missing === 'error')
    refuse(
      ...listed(
        without
          .slice(0, 20)
          .map((e) =>
            fault(
              `line ${lineOf(targetOf(e))}, column "${target.name}": the target is missing`,
              `第 ${lineOf(targetOf(e))} 行，列“${target.name}”：缺少目标值`,
              at('target')
            )
          ),
        without.length
      ),
      missingAdvice()
    )
  tell(
    'sequencesDropped',
    without.length,
    `${without.length} sequence(s) were left out: no value of the target "${target.name}"`,
    `忽略了 ${without.length} 条序列：缺少目标“${target.name}”的值`,
    'target'
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
  const base: DataInfo = {
    inputShape: [steps, featureNames.length],
    targetShape: [1],
    task: 'regression',
    count: examples.length,
    timeAxis: true,
    featureNames,
    ...(lines.info.symbols && { symbols: lines.info.symbols }),
    ...(windows && { inOrder: true })
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
export const understandSequences = (text: string, p: Params): Sequences => remembered(text, p)

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
