import type { Text } from '../../../base/text'
import { COMPACT, type Counts } from './counts'
import { ORDERS, orderOf, ordersIn } from './dateOrder'
import { isSeveralZones, momentOf, writtenDate, type DayOrder, type Moment } from './dates'
import { normal } from './numerals'
import { isNot } from './numbers'
import { example, kept, type Evidence, type Reading, type Unread } from './columnReading'

/** How a column of dates in digits alone is read: 20240131, 202401. */
export function compactDates(cells: () => Iterable<string>, n: Counts): Reading {
  const of = (cell: string): Moment | undefined => {
    const part = (from: number): number => +cell.slice(from, from + 2)
    if (!COMPACT.test(cell)) return undefined
    const at = Date.UTC(+cell.slice(0, 4), part(4) - 1, part(6) || 1, part(8), part(10), part(12))
    return { seconds: at / 1000, fraction: '' }
  }
  return fromFirst(of, cells, n.present)
}
/** Day, month and year in digits alone, in any order but that of `COMPACT`; the first zero may be lost. */
const JOINED = /^(\d{2})(\d{2})(\d{2}|(?:19|20)\d{2})$/
const apart = (cell: string): string =>
  (cell.length % 2 ? `0${cell}` : cell).replace(JOINED, (_, a: string, b: string, c: string) => `${a}/${b}/${c}`)
/** Whether all cells may be dates such as 31012024 and 240131, in one order of their numbers. */
export function areJoined(cells: readonly string[]): boolean {
  const lengths = new Set(cells.map((c) => c.length))
  if (!lengths.has(6) && !lengths.has(8)) return false
  if ([...lengths].some((n) => n !== Math.max(...lengths) && n !== Math.max(...lengths) - 1)) return false
  const written = cells.map((c) => (/^\d{5,8}$/.test(c) ? writtenDate(apart(c)) : undefined))
  return ORDERS.some((order) => written.every((w) => w?.doubtful && momentOf(w, order)))
}
/** How a column of such dates is read. */
export function joinedDates(present: readonly string[], n: Counts, e: Evidence): Reading {
  const inner = dateReading({ ...n, dates: n.present }, e, () => present.map(apart))
  const { moment } = inner
  return { ...inner, read: (cell) => inner.read(apart(cell)), moment: (cell) => moment?.(apart(cell)) }
}
/** A year and the number of a week in it: 202405. */
const WEEK = /^((?:19|20)\d{2})(0[1-9]|[1-4]\d|5[0-3])$/
/** Whether all cells may be weeks of a year. */
export const areWeeks = (cells: readonly string[]): boolean => cells.length > 0 && cells.every((c) => WEEK.test(c))
/** How a column of weeks of a year is read: by their Mondays. */
export function weekDates(cells: () => Iterable<string>, n: Counts): Reading {
  const of = (cell: string): Moment | undefined => {
    const week = WEEK.test(cell) ? writtenDate(cell.replace(WEEK, '$1-W$2')) : undefined
    return week && momentOf(week, 'dayFirst')
  }
  return fromFirst(of, cells, n.present)
}
/** A year and the number of a day in it: 2024032, 2024-032. */
const ORDINAL = /^((?:19|20)\d{2})-?(00[1-9]|0[1-9]\d|[12]\d\d|3[0-5]\d|36[0-6])$/
/** Whether all cells may be days of a year. */
export const areOrdinal = (cells: Iterable<string>): boolean => {
  let several = false
  for (const cell of cells) {
    if (!ORDINAL.test(cell)) return false
    several = true
  }
  return several
}
/** How a column of days of a year is read. */
export function ordinalDates(cells: () => Iterable<string>, n: Counts): Reading {
  const of = (cell: string): Moment | undefined => {
    const m = ORDINAL.exec(cell)
    return m ? { seconds: Date.UTC(+m[1]!, 0, +m[2]!) / 1000, fraction: '' } : undefined
  }
  return fromFirst(of, cells, n.present)
}
/** Dates as seconds after the first of them, which 32-bit numbers hold; seconds since 1970 they would round. */
function fromFirst(
  of: (cell: string) => Moment | undefined,
  cells: () => Iterable<string>,
  count: number,
  isNone: (cell: string) => Unread = (cell) => isNot(cell, 'date', '日期')
): Reading {
  let first: Moment = { seconds: Infinity, fraction: '' }
  let cell = ''
  // Whole seconds and the rest apart: of seconds since 1970, numbers keep no microseconds.
  const after = (a: Moment, b: Moment): number =>
    a.seconds - b.seconds + (Number(`0.${a.fraction || 0}`) - Number(`0.${b.fraction || 0}`))
  for (const c of cells()) {
    const at = of(c)
    if (at && after(at, first) < 0) [first, cell] = [at, c]
  }
  const read = kept((c) => {
    const at = of(c)
    return at ? after(at, first) : isNone(c)
  })
  const day = dayOf(first.seconds)
  return {
    kind: 'date',
    read,
    numeric: true,
    told: {
      code: 'dates',
      how: { en: `seconds after ${cell}, which is ${day}`, zh: `自 ${cell}（即 ${day}）起的秒数` },
      count,
      ...example(cells, read, (c) => c !== cell)
    }
  }
}
const dayOf = (seconds: number): string =>
  Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString().slice(0, 10) : '–'

/** The time zones as written, the first cell that has one, and the first that has none. */
function zonesIn(cells: Iterable<string>): { named: Set<string>; zoned?: string; bare?: string } {
  const out: ReturnType<typeof zonesIn> = { named: new Set() }
  const same = (zone: string): string => (/^(?:Z|UTC|GMT|[+-]00:?00)$/i.test(zone) ? 'UTC' : zone)
  for (const cell of cells) {
    const w = writtenDate(normal(cell))
    if (!w?.timed) continue
    if (w.zone) {
      out.named.add(same(w.zone))
      out.zoned ??= cell
    } else out.bare ??= cell
  }
  return out
}

const PART: Record<DayOrder, Text> = {
  dayFirst: { en: 'the day', zh: '日' },
  monthFirst: { en: 'the month', zh: '月' },
  yearFirst: { en: 'the year', zh: '年' }
}
/** How many cells are looked at to judge the years. */
const YEARS = 2000
/** Years that may not be what they seem: those of two digits, and those of other calendars. */
function yearsLike(cells: Iterable<string>, order: DayOrder): Text[] {
  let short = false
  let [low, high] = [Infinity, -Infinity]
  let seen = 0
  for (const cell of cells) {
    if (seen++ >= YEARS) break
    const text = normal(cell)
    const w = writtenDate(text)
    const at = w && momentOf(w, order)
    if (!at) continue
    short ||= !/\d{4}/.test(text.replace(/:\S*| [+-]\d{4}(?!\d)/g, ''))
    const year = new Date(at.seconds * 1000).getUTCFullYear()
    low = Math.min(low, year)
    high = Math.max(high, year)
  }
  const out: Text[] = []
  if (short) out.push({ en: 'years of two digits are those from 1970 to 2069', zh: '两位数年份按 1970 至 2069 年' })
  if (low <= high && ((low >= 1300 && high <= 1460) || (low >= 2440 && high <= 2640)))
    out.push({
      en: 'the days are those of the Gregorian calendar: write dates of the Persian, Islamic or Buddhist one in it',
      zh: '按公历计算天数：波斯历、伊斯兰历或佛历的日期请换算为公历'
    })
  return out
}
/** How a column of written dates is read, in the order of its numbers that they tell or a choice sets. */
export function dateReading(n: Counts, e: Evidence, cells: () => Iterable<string>): Reading {
  const found = ordersIn(cells())
  const told = orderOf(found)
  const order = e.dates === 'auto' ? told.order : e.dates
  const moment = (cell: string): Moment | undefined => {
    const w = writtenDate(normal(cell))
    return w && momentOf(w, order)
  }
  const isNone = (cell: string): Unread => {
    const w = writtenDate(normal(cell))
    const other = w?.doubtful && ORDERS.find((o) => o !== order && momentOf(w, o))
    if (!other) return isNot(cell, 'date', '日期')
    const shown = JSON.stringify(cell)
    return {
      why: 'another order',
      message: {
        en: `${shown} has ${PART[other].en} first, other dates ${PART[order].en}`,
        zh: `${shown} ${PART[other].zh}在前，其他日期${PART[order].zh}在前`
      }
    }
  }
  const reading: Reading = { ...fromFirst(moment, cells, n.dates, isNone), moment }
  const zones = zonesIn(cells())
  const [a, b] = [...zones.named]
  if (b && reading.told)
    reading.told.how = {
      en: `${reading.told.how.en}; times of several zones, such as ${a} and ${b}, all made those of UTC`,
      zh: `${reading.told.how.zh}；时间含多个时区（如 ${a} 与 ${b}），均已换算为 UTC`
    }
  for (const { en, zh } of reading.told ? yearsLike(cells(), order) : [])
    reading.told!.how = { en: `${reading.told!.how.en}; ${en}`, zh: `${reading.told!.how.zh}；${zh}` }
  const several = b && [...zones.named].find(isSeveralZones)
  if (several)
    reading.refusal = {
      path: 'data.dataset.features',
      message: {
        en: `column "${e.name}": ${several} is the name of several time zones, and other times are in ${several === a ? b : a}: write offsets such as +05:30, or choose the columns without it`,
        zh: `列“${e.name}”：${several} 是多个时区的名称，而其他时间的时区为 ${several === a ? b : a}：请写明偏移（如 +05:30），或去掉该列`
      }
    }
  if (a && zones.bare !== undefined)
    reading.refusal = {
      path: 'data.dataset.features',
      message: {
        en: `column "${e.name}": ${zones.zoned} has a time zone (${a}) and ${zones.bare} has none, so that hours may lie between times that look alike: write all of them with their zone, or all without, or choose the columns without it`,
        zh: `列“${e.name}”：${zones.zoned} 带时区（${a}），而 ${zones.bare} 没有，看似相同的时间可能相差数小时：请全部写明时区，或全部不写，或去掉该列`
      }
    }
  if (told.or && e.dates === 'auto') {
    const [first, other] = [PART[told.order], PART[told.or]]
    reading.refusal = {
      path: 'data.dataset.dates',
      message: {
        en: `column "${e.name}": ${found.cell} may have ${first.en} or ${other.en} first, and no date of the column tells: choose which`,
        zh: `列“${e.name}”：${found.cell} 可能${first.zh}在前，也可能${other.zh}在前，列中没有日期能够说明：请选择`
      }
    }
  }
  return reading
}
