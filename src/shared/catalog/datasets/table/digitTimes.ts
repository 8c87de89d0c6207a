import type { Told } from './columnReading'
import { joinedClockOf } from './dates'

/** Names of columns that say that their digits are hours and minutes. */
export const DIGIT_CLOCK_NAME = /hh_?mm|^hms$/i
// cspell:ignore fecha geburt
/** Names of columns that hold days. */
const DAY_NAME = /date|datum|fecha|日期|birth|geburt|^data$|^dob$/i
/** Whether the name of a column says that its numbers may be times of day, or days in digits. */
export const namesDigits = (name: string): boolean => DIGIT_CLOCK_NAME.test(name) || DAY_NAME.test(name)

/** How many different times are proof, by their digits: 36 % of all numbers of six digits are times, 60 % of four. */
const TELLING = { 6: 8, 4: 12 } as const
/** Reads times of day in digits alone, whose zeros may be lost before ten o'clock; undefined of what is no time. */
export type DigitClock = (cell: string) => number | undefined
/**
 * How cells may be times of day in digits alone: 93005 is 9:30:05, and 930 is 9:30.
 * @param cells all of a column, whole numbers without signs
 * @returns `sure` where they can hardly be anything else; undefined where one is none
 */
export function digitClock(cells: readonly string[]): { of: DigitClock; sure: boolean } | undefined {
  let longest = 0
  let zero = false
  const lengths = new Set<number>()
  for (const cell of cells) {
    if (!/^\d{1,6}$/.test(cell)) return undefined
    longest = Math.max(longest, cell.length)
    lengths.add(cell.length)
    zero ||= cell.startsWith('0') && cell.length > 1
  }
  if (longest < 3) return undefined
  const length = longest > 4 ? 6 : 4
  const of: DigitClock = (cell) => (/^\d{1,6}$/.test(cell) ? joinedClockOf(cell.padStart(length, '0')) : undefined)
  const telling = new Set<string>()
  for (const cell of cells) {
    if (of(cell) === undefined) return undefined
    // Round numbers prove nothing: they are times, too.
    if (!cell.endsWith('00') && telling.size < 50) telling.add(cell)
  }
  const padded = zero && lengths.size === 1
  return padded || telling.size ? { of, sure: padded || telling.size >= TELLING[length] } : undefined
}
/** The remark on numbers that may be times of day, and are not read as such. */
export function maybeClock(cells: readonly string[], of: DigitClock): Told {
  const cell = cells.find((c) => c.length > 2 && !c.endsWith('00')) ?? cells[0]!
  const seconds = of(cell)!
  const two = (n: number): string => String(n).padStart(2, '0')
  const clock = [Math.floor(seconds / 3600), two(Math.floor(seconds / 60) % 60), two(seconds % 60)]
    .join(':')
    .replace(/^(\d+:\d+):00$/, '$1')
  return {
    code: 'clocks',
    how: {
      en: `a number; if it is the time of day ${clock}, write it so, for 100 after 059 is one minute later`,
      zh: `数值；若表示时刻 ${clock}，请这样书写，因为 059 之后的 100 只晚一分钟`
    },
    cell,
    value: Number(cell),
    count: cells.length
  }
}

/** Days after 30 December 1899, by which spreadsheets count, of 1954 and 2119. */
const SERIALS = { least: 20_000, most: 80_000 }
const SPREADSHEET_ZERO = Date.UTC(1899, 11, 30)
/**
 * The remark on numbers that are days as spreadsheets count them; undefined where they are none.
 * @param name of the column
 */
export function spreadsheetDays(cells: readonly string[], name: string): Told | undefined {
  if (!DAY_NAME.test(name) || !cells.length) return undefined
  for (const cell of cells) {
    const value = Number(cell)
    if (!(value >= SERIALS.least && value <= SERIALS.most)) return undefined
  }
  const cell = cells[0]!
  const day = new Date(SPREADSHEET_ZERO + Math.floor(Number(cell)) * 86_400_000).toISOString().slice(0, 10)
  return {
    code: 'dates',
    how: {
      en: `days as spreadsheets count them: ${cell} is ${day}; for seconds, save the column as dates`,
      zh: `电子表格的日期序号：${cell} 即 ${day}；若需秒数，请将该列存为日期`
    },
    cell,
    value: Number(cell),
    count: cells.length
  }
}
