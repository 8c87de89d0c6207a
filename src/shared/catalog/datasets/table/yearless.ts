import type { Evidence, Reading } from './columnReading'
import { DAY_NAME, type Counts } from './counts'
import { dateReading } from './dateReading'
import { momentOf, monthNamed, writtenDate } from './dates'
import { normal } from './numerals'

const DAY = 86_400
/** A year with 29 February, and one without. */
const YEARS = { leap: 2000, common: 2001 }

const TIME = String.raw`((?:,? |T)\d{1,2}:\d{2}.*)?`
const DAY_FIRST = new RegExp(
  String.raw`^(\d{1,2})(?:st|nd|rd|th|er|º|°)?[-. /]{0,2}(?:de |of )?(\p{L}{3,12})\.?${TIME}$`,
  'u'
)
const MONTH_FIRST = new RegExp(String.raw`^(\p{L}{3,12})\.?[- ]{1,2}(\d{1,2})(?:st|nd|rd|th)?${TIME}$`, 'u')
const EAST_ASIA = new RegExp(String.raw`^(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]${TIME}$`, 'u')
const POINTS = new RegExp(String.raw`^(\d{1,2})\. ?(\d{1,2})\.${TIME}$`, 'u')
const POINT = /^(\d{1,2})\.(\d{2})()$/

/** Day and month of a cell without a year, and the time of day behind them; undefined of other cells. */
interface Short {
  day: number
  month: number
  time: string
}
function short(cell: string, bare: boolean): Short | undefined {
  const text = normal(cell).replace(/ +/g, ' ')
  const of = (day: string, month: number | undefined, time = ''): Short | undefined =>
    month === undefined || month < 1 || month > 12 || +day < 1 || +day > 31 ? undefined : { day: +day, month, time }
  let m = DAY_FIRST.exec(text)
  if (m) return of(m[1]!, monthNamed(m[2]!), m[3])
  m = MONTH_FIRST.exec(text)
  if (m) return of(m[2]!, monthNamed(m[1]!), m[3])
  m = EAST_ASIA.exec(text)
  if (m) return of(m[2]!, +m[1]!, m[3])
  m = POINTS.exec(text) ?? (bare ? POINT.exec(text) : null)
  return m ? of(m[1]!, +m[2]!, m[3]) : undefined
}

/** A month with two digits behind it: a day of that month, or the month of a year. */
const TWO_DIGITS = /^(\p{L}{3,12})\.?([- ])(\d{1,2})$/u
/** Whether numbers only rise, or only fall. */
const isSorted = (keys: readonly number[]): boolean =>
  keys.every((k, i) => !i || k >= keys[i - 1]!) || keys.every((k, i) => !i || k <= keys[i - 1]!)
/**
 * What `Jan 10` means in a column where every cell is such: a day where one digit stands alone (Jan 5), a year where
 * days end (Jan 99), else what is in order in the file. Undefined where nothing tells, or where cells are others.
 */
function meaning(cells: readonly string[]): 'day' | 'year' | 'doubtful' | undefined {
  const found = cells.map((c) => TWO_DIGITS.exec(normal(c).replace(/ +/g, ' ')))
  if (!found.length || !found.every((m) => m && monthNamed(m[1]!) !== undefined)) return undefined
  const numbers = found.map((m) => +m![3]!)
  if (found.some((m) => m![3]!.length === 1)) return 'day'
  if (numbers.some((n) => n < 1 || n > 31)) return 'year'
  const months = found.map((m) => monthNamed(m![1]!)!)
  const asYears = isSorted(numbers.map((n, i) => n * 12 + months[i]!))
  const asDays = isSorted(numbers.map((n, i) => n + months[i]! * 32))
  if (asYears !== asDays) return asYears ? 'year' : 'day'
  if (asYears && new Set(months).size === 1 && new Set(numbers).size > 1) return 'day'
  if (asYears && new Set(numbers).size === 1) return 'year'
  // Spreadsheets write months so: Jan-24. A day is 24-Jan there.
  return found.every((m) => m![2] === '-') ? 'year' : 'doubtful'
}

/**
 * How a column of days without a year is read: as those of one year, in seconds from the first. Undefined of others.
 * @param present cells that are not missing @param n what they look like
 */
export function yearlessReading(present: readonly string[], n: Counts, e: Evidence): Reading | undefined {
  if (!present.length) return undefined
  const named = DAY_NAME.test(e.name)
  const meant = meaning(present)
  if (meant === 'year') return undefined
  if (meant === 'doubtful') return { ...dateReading(n, e, () => present), refusal: doubtful(present[0]!, e.name) }
  if (named && present.every(isPairOfParts)) return { ...refused(), refusal: noYear(present[0]!, e.name) }
  const year = present.some((c) => isLeapDay(short(c, named))) ? YEARS.leap : YEARS.common
  const whole = (cell: string): string => {
    const s = short(cell, named)
    return s ? `${year}-${s.month}-${s.day}${s.time.replace(/^,? /, ' ')}` : cell
  }
  const isDay = (cell: string): boolean => {
    const s = short(cell, named)
    const written = s && writtenDate(whole(cell))
    return !!written && momentOf(written, 'yearFirst') !== undefined
  }
  if (!present.every(isDay)) return undefined
  const { moment: _, ...reading } = dateReading({ ...n, dates: present.length }, e, () => present.map(whole))
  const read: Reading['read'] = (cell) => reading.read(whole(cell))
  const first = present.find((c) => read(c) === 0) ?? present[0]!
  const other = present.find((c) => c !== first) ?? first
  const value = read(other)
  return {
    ...reading,
    read,
    turn: 366 * DAY,
    told: {
      code: 'dates',
      how: {
        en: `seconds after ${first}, as days of one year, for no year is written`,
        zh: `自 ${first} 起的秒数；没有写明年份，均视为同一年`
      },
      cell: other,
      value: typeof value === 'number' ? value : 0,
      count: present.length
    }
  }
}
const isLeapDay = (s: Short | undefined): boolean => s?.month === 2 && s.day === 29

/** 3/1 and 01-10: a day and a month in either order, or a month and a year. */
const PARTS = /^(\d{1,2})([/-])(\d{1,2})$/
function isPairOfParts(cell: string): boolean {
  const m = PARTS.exec(normal(cell))
  return !!m && +m[1]! > 0 && +m[3]! > 0 && +m[1]! < 32 && +m[3]! < 32 && Math.min(+m[1]!, +m[3]!) < 13
}
const refused = (): Reading => ({ kind: 'date', read: () => NaN, numeric: true })
const noYear = (cell: string, name: string): Reading['refusal'] => ({
  path: 'data.dataset.features',
  message: {
    en: `column "${name}": ${cell} has two of day, month and year, and nothing tells which: write whole dates such as 2024-01-31, choose the columns without it, or name it under “Read as categories”`,
    zh: `列“${name}”：${cell} 只含日、月、年中的两项，无法判断是哪两项：请写完整日期（如 2024-01-31），去掉该列，或将其列入“按类别读取”`
  }
})
const doubtful = (cell: string, name: string): Reading['refusal'] => ({
  path: 'data.dataset.features',
  message: {
    en: `column "${name}": ${cell} may be a day without its year, or a month of a year written in two digits, and the order of the lines does not tell: write years in four digits, choose the columns without it, or name it under “Read as categories”`,
    zh: `列“${name}”：${cell} 可能是没有年份的日期，也可能是某年（两位数）的月份，行的先后也无法判断：请用四位数写年份，去掉该列，或将其列入“按类别读取”`
  }
})
