import type { Params } from '../../../base/params'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import { at, namesIn } from './faults'
import type { Table } from './table'

// cspell:disable
const SERIES =
  /^(.*[_ ])?(id|series|sequence|seq|subject|patient|unit|group|trajectory)$|^(编号|序列|受试者|患者|样本)$/i
const TIME =
  /^(t|time|times?tamp|step|time[_ ]?step|date|date[_ ]?time|day|hour|week|month|quarter|year|frame|period|yyyymm|yyyymmdd|datum|zeit|zeitpunkt|uhrzeit|uhr|stunde|fecha|hora|heure|jour|clock|ts)$|^(时间|日期|时刻|步|步数|时间步|季度|周)$/i

/** Names of columns that are parts of a time, from the longest to the shortest. */
const PARTS = [
  /^(year|yr|jahr|année|annee|año|年|年份)$/i,
  /^(month|mon|monat|mois|mes|quarter|qtr|quartal|trimestre|月|月份|季度)$/i,
  /^(day|mday|tag|jour|día|dia|week|kw|woche|semaine|日|周)$/i,
  /^(hour|hr|stunde|heure|hora|时|小时)$/i,
  /^(minute|min|分|分钟)$/i,
  /^(second|sec|sekunde|秒)$/i
]
const QUARTER = /^(quarter|qtr|quartal|trimestre|季度)$/i
const WEEK = /^(week|kw|woche|semaine|周)$/i
/** The cycle of a part of a time: its length in units, and how many of the part's own units one of these is. */
export function turnOf(name: string): { turn: number; units: number } | undefined {
  const part = partOf(name)
  if (QUARTER.test(name)) return { turn: 4, units: 3 }
  if (WEEK.test(name)) return { turn: 52, units: 7 }
  return part > 0 ? { turn: [0, 12, 31, 24, 60, 60][part]!, units: 1 } : undefined
}
const DATE_OF = /^(date|datum|fecha|日期)$/i
const CLOCK_OF = /^(time|zeit|uhrzeit|clock|hour|heure|hora|时间|时刻)$/i
// cspell:enable
/** Which part of a time a column is by its name: 0 for years to 5 for seconds; −1 for none. */
export const partOf = (name: string): number => PARTS.findIndex((p) => p.test(name))

/** The columns that say which sequence and which time a line belongs to: as chosen, else guessed by their names. */
export function sequenceColumns(names: readonly string[], p: Params): { series?: string; times: string[] } {
  const free = names.filter((n) => n !== p.target)
  const series = (p.series as string) || (p.lines === 'steps' ? free.find((n) => SERIES.test(n)) : undefined)
  return {
    ...(series && { series }),
    times: p.time ? namesIn(p.time as string, names) : guessed(free.filter((n) => n !== series))
  }
}
/** Parts of a time that stand in columns of their own go together: year and month, date and time of day. */
function guessed(names: readonly string[]): string[] {
  const parts = PARTS.map((p) => names.find((n) => p.test(n)))
  const [year] = parts
  const week = names.find((n) => WEEK.test(n))
  if (year && week && !parts[1]) return [year, week]
  const start = parts.findIndex((n) => n !== undefined)
  const end = parts.findIndex((n, i) => i > start && n === undefined)
  const together = start < 0 ? [] : parts.slice(start, end < 0 ? undefined : end)
  if (together.length > 1) return together as string[]
  const date = names.find((n) => DATE_OF.test(n))
  const clock = names.find((n) => CLOCK_OF.test(n))
  if (date && clock) return [date, clock]
  const one = names.find((n) => TIME.test(n))
  return one ? [one] : []
}

/** Which value is the target of a sequence: one of the whole sequence, the one in its last line, or a later one. */
export const aimOf = (p: Params): 'constant' | 'last' | 'ahead' =>
  p.aim === 'auto' ? (p.lines === 'windows' ? 'ahead' : 'constant') : (p.aim as 'constant' | 'last' | 'ahead')

/** A remark when lines are read as separate examples but look like steps of sequences. */
export function looksLikeSteps(table: Table, p: Params): Remark[] {
  const { series, times } = sequenceColumns(table.names, { lines: 'steps', target: p.target })
  const time = times.join(', ')
  if (!series || !time) return []
  const i = table.names.indexOf(series)
  if (new Set(cellsOf(table, i)).size * 2 > table.count) return []
  return [
    remark(
      'looksLikeSteps',
      `"${series}" and "${time}" look as if each line was a step of a sequence: if so, choose "A step, by id"`,
      `从“${series}”和“${time}”看，每行似乎是序列中的一步：若是，请选择“一步（按 id）”`,
      { path: at('lines') }
    )
  ]
}
