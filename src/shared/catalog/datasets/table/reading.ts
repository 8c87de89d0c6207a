import type { Problem } from '../../../base/problems'
import { namesCodes } from './codeNames'
import { example, kept, type Evidence, type Reading } from './columnReading'
import {
  areShares,
  BOOLEAN,
  CLOCK_NAME,
  countCells,
  DAY_NAME,
  fractionOf,
  hexOf,
  onGlobe,
  onlyUnits,
  type Counts
} from './counts'
import { colonsMixed } from './colons'
import { arePointedClocks, clockOf, pointedClockOf, pointedSecondsOf } from './dates'
import { durationOf } from './durations'
import {
  areJoined,
  areOrdinal,
  areWeeks,
  compactDates,
  dateReading,
  joinedDates,
  ordinalDates,
  weekDates
} from './dateReading'
import { digitClock, DIGIT_CLOCK_NAME, maybeClock, namesDigits, spreadsheetDays } from './digitTimes'
import { normal, numeralOf, PLAIN, valueOf } from './numerals'
import { composedReading } from './composed'
import { inRange, isNot, notNumber, numeralReading } from './numbers'
import { spanReading } from './spanReading'
import { seasonOf, SEASON_NAME } from './spans'
import { timeSpanReading } from './timeSpans'
import { yearlessReading } from './yearless'

// cspell:ignore fecha monat mois yyyyddd woche semaine semana
/** Names of columns whose numbers of six digits are months, and of eight and more days. */
const MONTH_NAME = /date|datum|fecha|日期|month|monat|mois|^mes$|yyyy|period|月/i
const DATE_NAME = /date|datum|fecha|日期|^day$|^tag$|time|zeit|^dt$|^ts$|时间|yyyy/i
/** Names of columns whose numbers may be days of a year. */
const ORDINAL_NAME = /date|datum|fecha|日期|^day$|^tag$|julian|ordinal|^doy$|yyyyddd/i
/** Names of columns whose numbers of six digits are weeks of a year. */
const WEEK_NAME = /week(?!day|end)|woche|^kw$|semaine|semana|周/i
/** Whether the name of a column says that its plain numbers may be dates or times of day. */
export const namesTime = (name: string): boolean =>
  MONTH_NAME.test(name) ||
  DATE_NAME.test(name) ||
  CLOCK_NAME.test(name) ||
  ORDINAL_NAME.test(name) ||
  WEEK_NAME.test(name) ||
  namesDigits(name)
/**
 * Decides how the cells of a column are read, by all of them and by what the rest of the file shows.
 * @param present those that are not missing
 */
export function tellReading(present: readonly string[], e: Evidence): Reading {
  const n = countCells(present)
  const cells = (): readonly string[] => present
  const numbers = n.plain + n.numerals
  if (ORDINAL_NAME.test(e.name) && !n.dotted && areOrdinal(present)) return ordinalDates(cells, n)
  if (n.plain === n.present && n.present) {
    if (WEEK_NAME.test(e.name) && !n.dotted && areWeeks(present)) return weekDates(cells, n)
    if (n.compact === n.present && (n.months ? MONTH_NAME : DATE_NAME).test(e.name)) return compactDates(cells, n)
    if (DAY_NAME.test(e.name) && !n.dotted && n.long && areJoined(present)) return joinedDates(present, n, e)
    const days = DAY_NAME.test(e.name) && n.dotted === n.present ? yearlessReading(present, n, e) : undefined
    if (days) return days
    const commas = e.fileShows && e.fileDecimal === ','
    const pointed = n.pointedClocks === n.present && CLOCK_NAME.test(e.name) && e.decimal !== '.'
    if (pointed && (commas || arePointedClocks(present, e.name)))
      return family('clock', pointedClockOf, cells, n.present)
    const named = DIGIT_CLOCK_NAME.test(e.name)
    const clock = named || (!n.dotted && CLOCK_NAME.test(e.name)) ? digitClock(present) : undefined
    if (clock && (named || clock.sure)) return family('clock', clock.of, cells, n.present)
    const reading = numeralReading(n, e, cells)
    reading.told ??= clock ? maybeClock(present, clock.of) : spreadsheetDays(present, e.name)
    return reading
  }
  if (areColours(present)) return WORDS
  if (isSeasons(n, e.name)) return family('season', (c) => seasonOf(c, true), cells, n.present)
  const half = n.present / 2
  const fits = (count: number): boolean => count === n.present || (count > half && count > numbers)
  // 10.30.00 is a day in October, or half past ten.
  if (n.dates && CLOCK_NAME.test(e.name) && present.every((c) => pointedSecondsOf(c) !== undefined))
    return family('clock', pointedSecondsOf, cells, n.present)
  const days = n.plain ? undefined : yearlessReading(present, n, e)
  if (days) return days
  if (fits(n.dates) && !n.timeSpans) return dateReading(n, e, cells)
  // 25:00 is a span of time, and so are those beside it.
  const spans = n.durations === n.present && n.clocks < n.present
  const mixed = n.durations === n.present ? colonsMixed(present, e.name) : undefined
  if (mixed) return { ...family('duration', durationOf, cells, n.durations), refusal: mixed }
  if (fits(n.clocks) && !spans && !n.timeSpans) return family('clock', clockOf, cells, n.clocks)
  if (n.timeSpans && (fits(n.timeSpans) || n.timeSpans + n.dates + n.clocks === n.present)) {
    const reading = timeSpanReading(present, n, e)
    if (reading) return reading
  }
  if (fits(n.hex)) return family('hex', hexOf, cells, n.hex)
  // 1 (manual) and 2 (automatic) name classes.
  if (n.labelled * 2 > n.present) return WORDS
  const ranged = n.ranges + n.bounds
  // A result (3-1) among them says that they are pairs of numbers.
  if (ranged && !n.pairs && !namesCodes(e.name) && fits(ranged + numbers)) {
    const reading = spanReading(present, n, e)
    if (reading) return reading
  }
  const composed = onlyUnits(n) ? undefined : composedReading(present, e, n.plain > 0)
  if (composed) return composed
  if (n.numerals === n.present && onGlobe(n.units)) return family('hemisphere', degreesOf, cells, n.present)
  const several = n.units.size > 1
  if (fits(n.durations) && (several || n.numerals < n.durations))
    return family('duration', durationOf, cells, n.durations)
  if ((fits(n.fractions) || (n.fractions && n.fractions + n.plain === n.present)) && areShares(n.denominators))
    return family('fraction', (c) => fractionOf(c) ?? (PLAIN.test(c) ? Number(c) : undefined), cells, n.fractions)
  if (n.booleanCells === n.present && n.booleans.size === 2 && !e.words)
    return family('boolean', (c) => BOOLEAN.get(c.toLowerCase()), cells, n.present)
  if (n.booleanCells && n.plain && !e.words && areTruths(present)) return family('boolean', truthOf, cells, n.present)
  if (areFormulas(present)) return formulas(present, e.name)
  if (n.plain || (numbers && numbers >= half)) {
    const reading = numeralReading(n, e, cells)
    if (areBareHex(present)) reading.refusal = bareHex(present, e.name)
    return reading
  }
  return WORDS
}
const truthOf = (cell: string): number | undefined =>
  cell === '1' ? 1 : cell === '0' ? 0 : BOOLEAN.get(cell.toLowerCase())
/** Whether yes and no stand beside 1 and 0. A single letter may mark something else: T for a trace. */
const areTruths = (cells: readonly string[]): boolean =>
  cells.every((c) => truthOf(c) !== undefined) && cells.some((c) => /[^01a-z]|../i.test(c))
const WORDS: Reading = { kind: 'words', read: notNumber, numeric: false }
/** Whether cells are colours, such as #ff00aa beside #00ff00: digits alone may number something. */
const areColours = (cells: readonly string[]): boolean =>
  cells.some((c) => /^#\d*[a-f]/i.test(c)) && cells.every((c) => /^#(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(c))

/** What a spreadsheet computes, where its value should stand: =B2*2, =SUM(A1:A9). */
const FORMULA = /^=[-+(]*(?:\$?[A-Z]{1,3}\$?\d+|[A-Z][A-Z.]*\(|'?[\w ]+'?!)/i
const areFormulas = (cells: readonly string[]): boolean =>
  cells.length > 0 && cells.filter((c) => FORMULA.test(c)).length * 2 >= cells.length
/** A column of formulas, which can't be read. */
function formulas(cells: readonly string[], name: string): Reading {
  const cell = JSON.stringify(cells.find((c) => FORMULA.test(c)))
  return {
    kind: 'number',
    read: (c) => isNot(c, 'number', '数字'),
    numeric: true,
    refusal: {
      path: 'data.dataset.features',
      message: {
        en: `column "${name}" holds formulas such as ${cell}, not what they come to: save the table with values, or choose the columns without it`,
        zh: `列“${name}”是公式（如 ${cell}），而不是其结果：请以数值保存表格，或去掉该列`
      }
    }
  }
}
/** Whether cells are hexadecimal numbers without their 0x: a letter stands before a digit, or alone. */
const areBareHex = (cells: readonly string[]): boolean =>
  cells.every((c) => /^[\da-f]{2,16}$/i.test(c)) && cells.some((c) => !PLAIN.test(c) && /^[a-f]|[a-f][\da-f]/i.test(c))
const bareHex = (cells: readonly string[], name: string): Problem => {
  const cell = cells.find((c) => /[a-f]/i.test(c))!
  return {
    path: 'data.dataset.features',
    message: {
      en: `column "${name}" looks hexadecimal (${cell}): write 0x before each number, choose the inputs without it, or name it under “Read as categories”`,
      zh: `列“${name}”像是十六进制数（${cell}）：请在每个数前写 0x，在输入中去掉它，或将其列入“按类别读取”`
    }
  }
}

/** Whether the cells are seasons (2010/11) rather than months: each goes into the next year, and there are several. */
function isSeasons(n: Counts, name: string): boolean {
  if (!n.seasons || n.seasons < n.present) return false
  const named = SEASON_NAME.test(name)
  // Two numbers of two digits may be a range.
  return n.longSeasons === n.present
    ? named || (n.seasonStarts.size > 1 && !/month|monat|mois|月/i.test(name))
    : named && n.seasonStarts.size > 1
}

const KINDS = {
  clock: { code: 'clocks', en: 'time of day', zh: '时刻', how: { en: 'seconds since midnight', zh: '自零点起的秒数' } },
  duration: { code: 'durations', en: 'span of time', zh: '时长', how: { en: 'seconds', zh: '秒' } },
  hex: {
    code: 'numbersDressed',
    en: 'hexadecimal number',
    zh: '十六进制数',
    how: { en: 'hexadecimal, binary or octal', zh: '十六进制、二进制或八进制' }
  },
  fraction: { code: 'numbersDressed', en: 'fraction', zh: '分数', how: { en: 'a fraction', zh: '分数' } },
  hemisphere: {
    code: 'numbersDressed',
    en: 'degree with its half of the globe',
    zh: '带半球的度数',
    how: { en: 'degrees, of which S and W are a minus', zh: '度数，S 与 W 为负' }
  },
  season: {
    code: 'numbersDressed',
    en: 'season',
    zh: '赛季或年度',
    how: { en: 'the year in which the season begins', zh: '起始年份' }
  },
  boolean: { code: 'booleans', en: 'yes or no', zh: '是或否', how: { en: '1 for yes, 0 for no', zh: '是为 1，否为 0' } }
} as const
type Family = keyof typeof KINDS

/** A column whose cells are all of one family that one function reads. */
function family(
  name: Family,
  of: (cell: string) => number | undefined,
  cells: () => Iterable<string>,
  count: number
): Reading {
  const { code, en, zh, how } = KINDS[name]
  const read = kept((cell) => {
    const value = of(normal(cell))
    return value === undefined ? isNot(cell, en, zh) : inRange(value, cell)
  })
  return {
    kind: name === 'hex' || name === 'fraction' || name === 'hemisphere' || name === 'season' ? 'number' : name,
    read,
    numeric: true,
    told: { code, how, count, ...example(cells, read) }
  }
}

// cspell:ignore NSEWO
/** 33.9 S as -33.9; undefined for what is no number with a half of the globe. */
function degreesOf(cell: string): number | undefined {
  const numeral = numeralOf(cell)
  const value = numeral && (valueOf(numeral, '.') ?? valueOf(numeral, ','))
  if (value === undefined || !/^(?:° ?)?[NSEWO]$/.test(numeral!.unit)) return undefined
  return /[SW]$/.test(numeral!.unit) ? -value : value
}
