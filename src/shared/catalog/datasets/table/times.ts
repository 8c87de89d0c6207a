import type { Problem } from '../../../base/problems'
import { counted, type Text } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import { cutShort } from './cutShort'
import { clockChanges, mayChange } from './clockChange'
import { CLOCK_NAME } from './counts'
import { monthNamed, pointedClockOf } from './dates'
import { exactly, unitsSince1970 } from './exactTimes'
import { at, digitsLost, fault, refuse, withMore } from './faults'
import { quarterNamed } from './quarters'
import type { Table } from './table'
import { tellReading } from './reading'
import type { Reading } from './columnReading'
import { partOf, turnOf } from './roles'
import { notTime, outOfOrder } from './timeColumns'
import { joinParts } from './timeParts'

const DAY = 86_400
/** A time that falls back by a larger share of its cycle is in the next cycle. By a smaller one it is out of order. */
const NIGHT = 0.25
/** Whether a time follows another one, within a cycle or from its end to the beginning of the next. */
const goesOn = (a: number, b: number, turn: number): boolean => b >= a || (a >= (1 - NIGHT) * turn && b <= NIGHT * turn)

/** The lines of series, and how their times are found. */
interface Timed {
  /** Rows of the table that are used. */
  rows: readonly number[]
  /** Places in `rows` that have a time. */
  places: readonly number[]
  /** Places by series, in the order of the file. They are sorted. */
  series: number[][]
  /** Columns of the time. The first is the most significant. */
  clocks: readonly number[]
  /** How a series is named. */
  of: (series: number) => Text
  /** There is only one series, because no column distinguishes several. */
  alone: boolean
}

/**
 * Sorts the lines of each series by time.
 * @returns what is odd about the times
 * @throws InputError where a time can't be read, or two lines of a series have the same
 */
export function sortByTime(table: Table, t: Timed): Remark[] {
  const { rows, places, series, clocks } = t
  const lineOf = (k: number): number => table.lines[rows[k]!]!
  const used = places.map((k) => rows[k]!)
  const { keys, turn, zero } = timesOf(table, used, clocks)
  const times = new Float64Array(rows.length)
  keys.forEach((key, i) => (times[places[i]!] = key))
  const cells = (k: number): string => clocks.map((c) => table.rows[rows[k]!]![c]!).join(' ')
  const remarks = turn ? newTurns(table, t, times, cells, turn) : []
  if (zero !== undefined) remarks.push(...clockChanges(times, series, { name: table.names[clocks[0]!]!, zero, lineOf }))

  remarks.push(...outOfOrder(table, t, times, lineOf))
  let first: Problem | undefined
  let twice = 0
  let night = false
  series.forEach((own, s) => {
    own.sort((a, b) => times[a]! - times[b]! || a - b)
    for (let i = 1; i < own.length; i++) {
      if (times[own[i]!] !== times[own[i - 1]!]) continue
      twice++
      night ||= zero !== undefined && mayChange(zero + times[own[i]!]!)
      const [a, b] = [lineOf(own[i - 1]!), lineOf(own[i]!)]
      const shown = JSON.stringify(cells(own[i]!))
      first ??= fault(
        `lines ${a} and ${b}${t.of(s).en} are both of time ${shown}: which is first can't be told`,
        `第 ${a} 行与第 ${b} 行${t.of(s).zh}的时间同为 ${shown}：无法判断先后`,
        at('time')
      )
    }
  })
  if (first) refuse(...tieAdvice(table, t, night), withMore(first, twice, 'pairs of lines', '对行'))
  return [...remarks, ...gaps(table, t, times, lineOf)]
}
/** What to do about two lines with one time. @param night clocks may have been put back then */
function tieAdvice(table: Table, { clocks, alone }: Timed, night: boolean): Problem[] {
  const name = table.names[clocks[0]!]!
  const finer = partOf(name) < 0 ? [] : table.names.filter((n) => partOf(n) > partOf(name))
  const advice: Problem[] = []
  const lost = cutShort(cellsOf(table, clocks[0]!))
  if (lost !== undefined) return [digitsLost(name, lost, 'time')]
  if (night)
    advice.push(
      fault(
        'if clocks were put back then, write the times with their zone (+02:00), or in UTC',
        '若当时因夏令时结束而回拨时钟，请写明时区（如 +02:00），或使用 UTC',
        at('time')
      )
    )
  if (clocks.length === 1 && finer.length) {
    const all = [name, ...finer].join(', ')
    advice.push(
      fault(
        `if the time stands in several columns, name them all: ${all}`,
        `若时间分列多列，请全部列出：${all}`,
        at('time')
      )
    )
  }
  if (alone)
    advice.push(
      fault(
        'if the file holds several series, choose the column that tells them apart',
        '若文件含多条序列，请选择区分它们的列',
        at('series')
      )
    )
  return advice
}
/**
 * Continues times that begin again in the next cycle, in the order of the file: times of day past midnight, months past
 * December. Ascending times stay as they are. Changes `times`. @param turn length of a cycle in units of `times`
 */
function newTurns(
  table: Table,
  { rows, series, clocks, of }: Timed,
  times: Float64Array,
  cells: (k: number) => string,
  turn: number
): Remark[] {
  // Other numbers, such as days of a trial, may come in any order. Only the end of a cycle continues in the next.
  const goOn = (own: readonly number[]): boolean =>
    own.every((k, i) => !i || goesOn(times[own[i - 1]!]!, times[k]!, turn))
  if (turn !== DAY && !series.every(goOn)) return []
  let nights = 0
  let firstLine = 0
  const lineOf = (k: number): number => table.lines[rows[k]!]!
  series.forEach((own, s) => {
    let turns = 0
    for (let i = 0; i < own.length; i++) {
      const [k, before] = [own[i]!, own[i - 1]]
      const back = before === undefined ? 0 : times[before]! - (times[k]! + turns * turn)
      if (back > NIGHT * turn) {
        firstLine ||= lineOf(k)
        nights++
        turns++
      } else if (back > 0)
        refuse(
          fault(
            `line ${lineOf(k)}${of(s).en}: the time falls back from ${cells(before!)} to ${cells(k)}: sort the lines, or give the date as well`,
            `第 ${lineOf(k)} 行${of(s).zh}：时间从 ${cells(before!)} 退回到 ${cells(k)}：请先排序，或同时给出日期`,
            at('time')
          )
        )
      times[k]! += turns * turn
    }
  })
  if (!nights) return []
  const name = table.names[clocks[0]!]!
  const context = { path: at('time'), column: name, line: firstLine, count: nights }
  return [
    turn === DAY
      ? remark(
          'pastMidnight',
          `the times of day in "${name}" fall back ${counted(nights, 'time')}, first in line ${firstLine}: a new day begins there, and the lines stay in the order of the file`,
          `“${name}”中的时刻回退 ${nights} 次，首次在第 ${firstLine} 行：视为新的一天，各行保持文件中的顺序`,
          context
        )
      : remark(
          'timesBeginAgain',
          `the times in "${name}" begin again ${counted(nights, 'time')}, first in line ${firstLine}: they go on there, and the lines stay in the order of the file`,
          `“${name}”中的时间重新开始 ${nights} 次，首次在第 ${firstLine} 行：视为继续，各行保持文件中的顺序`,
          context
        )
  ]
}
/** Steps between times that are longer than most. */
function gaps(table: Table, { series, clocks }: Timed, times: Float64Array, lineOf: (k: number) => number): Remark[] {
  const steps = series.flatMap((own) => own.slice(1).map((k, i) => times[k]! - times[own[i]!]!)).sort((a, b) => a - b)
  const usual = steps[steps.length >> 1]
  if (usual === undefined || steps.length < 3) return []
  const regular = steps.filter((s) => Math.abs(s - usual) <= 0.12 * usual).length
  if (regular * 10 < steps.length * 6) return []
  let count = 0
  let lines: [number, number] | undefined
  for (const own of series)
    for (let i = 1; i < own.length; i++) {
      if (times[own[i]!]! - times[own[i - 1]!]! <= 1.5 * usual) continue
      count++
      lines ??= [lineOf(own[i - 1]!), lineOf(own[i]!)]
    }
  if (!lines) return []
  const name = clocks.map((c) => table.names[c]!).join(', ')
  return [
    remark(
      'timeGaps',
      `the times in "${name}" have ${counted(count, 'gap')}, ${count > 1 ? 'the first ' : ''}between lines ${lines[0]} and ${lines[1]}: lines on both sides count as neighbours`,
      `“${name}”的时间有 ${count} 处间断，首处在第 ${lines[0]} 行与第 ${lines[1]} 行之间：两侧的行仍视为相邻`,
      { path: at('time'), column: table.names[clocks[0]!]!, line: lines[0], count }
    )
  ]
}

/**
 * Times as numbers in the same order, equal only where the times are. If they are parts of a time, also the length of
 * their cycle.
 */
function timesOf(
  table: Table,
  rows: readonly number[],
  columns: readonly number[]
): { keys: Float64Array; turn?: number; zero?: number | undefined } {
  const each = columns.map((column) => timesIn(table, rows, column))
  if (each.length === 1) {
    const { keys, reading } = each[0]!
    if (reading.kind === 'clock') return { keys, turn: DAY }
    if (reading.turn) return { keys, turn: reading.turn }
    if (reading.kind === 'date') return { keys, zero: zeroOf(each[0]!) }
    const clocks = pastMidnight(table.names[columns[0]!]!, each[0]!)
    if (clocks) return { keys: clocks, turn: DAY }
    const part = turnOf(table.names[columns[0]!]!)
    // Larger numbers are no part of a time: hours since the start, months as 202401.
    return part && keys.every((k) => k >= 0 && k <= (part.turn + 1) * part.units)
      ? { keys, turn: part.turn * part.units }
      : { keys }
  }
  const parts = columns.map((c) => partOf(table.names[c]!))
  const [date, clock] = each
  const known = parts.every((p) => p >= 0) && new Set(parts).size === parts.length
  if (known) return { keys: joinParts(each, parts) }
  if (each.length === 2 && date!.reading.kind === 'date' && clock!.reading.kind === 'clock')
    return { keys: date!.keys.map((d, i) => d + clock!.keys[i]!), zero: zeroOf(date!) }
  // Columns that make no known time together are sorted by the first one.
  const order = rows.map((_, i) => i)
  const compare = (a: number, b: number): number => each.reduce((d, { keys }) => d || keys[a]! - keys[b]!, 0)
  order.sort(compare)
  const keys = new Float64Array(rows.length)
  let rank = 0
  order.forEach((i, k) => {
    if (k && compare(order[k - 1]!, i)) rank++
    keys[i] = rank
  })
  return { keys }
}
/**
 * Numbers such as 22.30 as times of day, where they fall from the evening to the morning as only these do; undefined
 * where they are numbers.
 */
function pastMidnight(name: string, { cells, reading }: ReturnType<typeof timesIn>): Float64Array | undefined {
  if (reading.kind !== 'number' || !CLOCK_NAME.test(name)) return undefined
  const seconds = cells.map(pointedClockOf)
  if (!seconds.every((s) => s !== undefined)) return undefined
  const falls = seconds.some((s, i) => i && s < seconds[i - 1]!)
  const isOneTime = seconds.every((s, i) => !i || goesOn(seconds[i - 1]!, s, DAY))
  return falls && isOneTime ? Float64Array.from(seconds) : undefined
}
/** Seconds since 1970 at time 0 of dates, where keys are seconds and no zone says which hour of two is meant. */
function zeroOf({ keys, reading, cells }: ReturnType<typeof timesIn>): number | undefined {
  const [first] = cells
  const moment = first === undefined ? undefined : reading.moment?.(first)
  if (!moment || moment.zoned || keys[0] !== reading.read(first!)) return undefined
  return moment.seconds - keys[0]
}

function timesIn(
  table: Table,
  rows: readonly number[],
  column: number
): { keys: Float64Array; reading: Reading; cells: string[] } {
  const name = table.names[column]!
  const all = cellsOf(table, column)
  const cells = rows.map((r) => all[r]!)
  const part = partOf(name)
  const units = turnOf(name)?.units ?? 1
  // Of several months and days a quarter and a week are the first.
  const first = (n: number): number => (units === 1 ? n : (n - 1) * units + 1)
  const present = all.filter((cell) => !table.isMissing(cell))
  const reading = tellReading(present, { ...table.evidence, name })
  if (reading.refusal) refuse(reading.refusal)
  const lines: number[] = []
  let wrong = ''
  const keys = Float64Array.from(cells, (cell, i) => {
    const named = part === 1 ? (monthNamed(cell) ?? quarterNamed(cell)) : undefined
    const value = named ?? reading.read(cell)
    if (typeof value === 'number') return reading.kind === 'date' ? value : first(value)
    if (!lines.length) wrong = cell
    lines.push(table.lines[rows[i]!]!)
    return NaN
  })
  if (lines.length) refuse(notTime(name, wrong, lines, reading))
  const epochs = unitsSince1970(name, cells)
  if (epochs) refuse({ ...epochs, path: at('time') })
  return { keys: (units === 1 ? exactly(cells, reading) : undefined) ?? keys, reading, cells }
}
