import type { Params } from '../../../base/params'
import { remark, type Remark } from '../parts/remark'
import { cellsOf } from './cells'
import { at, namesIn } from './faults'
import type { Table } from './table'

// cspell:disable
const SERIES =
  /^(.*[_ ])?(id|series|sequence|seq|subject|patient|unit|group|trajectory)$|^(编号|序列|受试者|患者|样本)$/i
const TIME =
  /^(t|time|times?tamp|step|time[_ ]?step|date|date[_ ]?time|day|hour|week|month|quarter|year|frame|period|yyyymm|yyyymmdd|datum|zeit|zeitpunkt|uhrzeit|uhr|zeitstempel|horodatage|stunde|fecha|hora|heure|jour|clock|ts)$|^(时间|日期|时刻|时间戳|步|步数|时间步|季度|周)$/i

/** Names of columns that are parts of a time, from the longest to the shortest. */
const PARTS = [
  /^(year|yr|jahr|année|annee|año|年|年份)$/i,
  /^(month|mon|mo|monat|mois|mes|quarter|qtr|quartal|trimestre|月|月份|季度)$/i,
  /^(day|dy|mday|tag|jour|día|dia|week|kw|woche|semaine|日|周)$/i,
  /^(hour|hr|stunde|heure|hora|时|小时)$/i,
  /^(minute|min|分|分钟)$/i,
  /^(second|sec|sekunde|秒)$/i
]
const QUARTER = /^(quarter|qtr|quartal|trimestre|季度)$/i
const WEEK = /^(week|kw|woche|semaine|周)$/i
/** Days that are counted from the first of January. */
const DAY_OF_YEAR = /^(doy|day[_ ]?of[_ ]?year|yday|jday|julian[_ ]?day|年积日)$/i
/** The cycle of a part of a time: its length in units, and how many of the part's own units one of these is. */
export function turnOf(name: string): { turn: number; units: number } | undefined {
  const part = partOf(name)
  const bare = bareName(name)
  if (QUARTER.test(bare)) return { turn: 4, units: 3 }
  if (WEEK.test(bare)) return { turn: 52, units: 7 }
  if (DAY_OF_YEAR.test(bare)) return { turn: 366, units: 1 }
  return part > 0 ? { turn: [0, 12, 31, 24, 60, 60][part]!, units: 1 } : undefined
}
const DATE_OF = /^(date|datum|fecha|日期)$/i
const CLOCK_OF = /^(time|zeit|uhrzeit|clock|hour|heure|hora|时间|时刻)$/i
// cspell:enable
// cspell:ignore dmhs dmyhs
/** A unit of time, a zone or the form of a date in brackets; not that of `min (°C)`. */
const UNIT_BEHIND =
  / *[([](?:(?:utc|gmt|local|cet|mez|est|pst)(?: ?[-+]\d.*)?|s|secs?|seconds?|ms|[uµ]s|ns|min|minutes?|h|hours?|days?|[dmhs:/. -]*y[dmyhs:/. -]*)[)\]]$/i
/** A name without its unit and zone: Time of `Time [s]`, timestamp of `timestamp_utc`, week of `iso_week`. */
const bareName = (name: string): string =>
  name
    .trim()
    .replace(UNIT_BEHIND, '')
    .replace(/^(?:iso(?=[_ ]?(?:year|week))|(?:utc|local|valid)(?=[_ ](?:date|time)))[_ ]?/i, '')
    .replace(/(?<=^t|time|stamp|date)[_ ](?:utc|gmt|local|s|secs?|seconds|ms|us|ns)$/i, '')
/** Which part of a time a column is by its name: 0 for years to 5 for seconds; −1 for none. */
export const partOf = (name: string): number =>
  DAY_OF_YEAR.test(bareName(name)) ? 2 : PARTS.findIndex((p) => p.test(bareName(name)))

/** The columns that say which sequence and which time a line belongs to. */
interface SequenceColumns {
  series?: string
  times: string[]
  /** The time was told by the cells of its column, for none has the name of one. */
  byDates?: boolean
}
/**
 * The columns that say which sequence and which time a line belongs to: as chosen, else guessed by their names; without
 * such a name the only one of dates is the time.
 * @param dates names of columns that hold dates, asked for where no name tells
 */
export function sequenceColumns(
  names: readonly string[],
  p: Params,
  dates: (free: readonly string[]) => readonly string[] = () => []
): SequenceColumns {
  const free = names.filter((n) => n !== p.target)
  const series = (p.series as string) || (p.lines === 'steps' ? free.find((n) => SERIES.test(n)) : undefined)
  const own = series ? { series } : {}
  if (p.time) return { ...own, times: namesIn(p.time as string, names) }
  const others = free.filter((n) => n !== series)
  const times = guessed(others)
  if (times.length) return { ...own, times }
  const inputs = (p.features as string[] | undefined) ?? []
  const [one, another] = dates(others.filter((n) => !inputs.includes(n)))
  return one === undefined || another !== undefined ? { ...own, times: [] } : { ...own, times: [one], byDates: true }
}
/** Parts of a time that stand in columns of their own go together: year and month, date and time of day. */
function guessed(names: readonly string[]): string[] {
  const find = (pattern: RegExp): string | undefined => names.find((n) => pattern.test(bareName(n)))
  const parts = PARTS.map(find)
  const [year] = parts
  const week = find(WEEK)
  if (year && week && !parts[1]) return [year, week]
  const inYear = find(DAY_OF_YEAR)
  if (year && inYear && !(parts[1] && parts[2])) return [year, inYear, ...upToGap(parts.slice(3))]
  const start = parts.findIndex((n) => n !== undefined)
  const together = start < 0 ? [] : upToGap(parts.slice(start))
  if (together.length > 1) return together
  const date = find(DATE_OF)
  const clock = find(CLOCK_OF)
  if (date && clock) return [date, clock]
  const one = find(TIME) ?? inYear
  return one ? [one] : []
}
/** The first of these, up to one that is not there. */
function upToGap(names: readonly (string | undefined)[]): string[] {
  const end = names.indexOf(undefined)
  return names.slice(0, end < 0 ? undefined : end) as string[]
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
