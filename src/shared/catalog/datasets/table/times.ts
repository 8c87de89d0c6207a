import type { Problem } from '../../../base/problems'
import type { Text } from '../../../base/text'
import { looksNumeric } from './cells'
import { at, fault, listed, refuse } from './faults'
import type { Table } from './read'

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

/**
 * Sorts the lines of each series by time.
 * @param s rows used; places among them that have a time; places by series, which are sorted; column of the time; how a
 *   series is named; whether there is only one.
 * @throws InputError where two lines of a series have one time
 */
export function sortByTime(
  table: Table,
  s: {
    rows: readonly number[]
    places: readonly number[]
    series: number[][]
    clock: number
    of: (series: number) => Text
    alone: boolean
  }
): void {
  const { rows, places, series, clock, of } = s
  const lineOf = (k: number): number => table.lines[rows[k]!]!
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
    if (s.alone)
      problems.push(
        fault(
          'if the file holds several series, choose the column that tells them apart',
          '若文件含多条序列，请选择区分它们的列',
          at('series')
        )
      )
    refuse(...listed(problems, twice + (s.alone ? 1 : 0)))
  }
}
