import { clockOf, writtenDate } from './dates'
import { numeralOf, signsOf } from './numerals'
import { CURRENCY, isUnit } from './units'

/** Two numbers that a cell ranges over, or one that it stays below or above: each as a number is written. */
export interface Span {
  kind: 'range' | 'bound'
  /** Of a bound: on which side of it the cell lies. */
  side?: 'below' | 'above'
  ends: readonly string[]
}
// cspell:ignore jünger weniger moins zwischen
// cspell:disable
const BELOW =
  '<=?|=<|≤|≦|⩽|＜|under|below|less than|fewer than|up to|at most|unter|bis zu|bis|weniger als|höchstens|moins de|小于|低于|不足|少于|不超过'
const ABOVE =
  '>=?|=>|≥|≧|⩾|＞|over|above|more than|greater than|at least|über|ab|mehr als|mindestens|plus de|大于|高于|超过|多于|至少'
const BEHIND =
  '(?:or|and) (?:more|over|older|above|higher|up|less|under|younger|below|fewer|lower)|und (?:mehr|älter|weniger|jünger)|oder (?:mehr|weniger)|et plus|ou plus|ou moins|及?以[上下内]|未満|超'
// cspell:enable
const BOUND = new RegExp(String.raw`^(?:(${BELOW})|${ABOVE}) ?([-+(\d.,\p{Sc}].*)$`, 'iu')
const BOUND_BEHIND = new RegExp(String.raw`^(.*\d.*?),? ?(${BEHIND})$`, 'iu')
const UNDER = /less|under|younger|below|fewer|lower|jünger|weniger|moins|下|内|未/i
/** From one end to the other; the first may have a minus, and so may the second. */
const RANGE =
  /^(?:from |between |von |zwischen |de )?([-+]?[^-~～〜—…\s]*\d[^-~～〜—…\s]*?(?: ?[^-~～〜—…\d\s]+)??) ?(?:-|~|～|〜|—|…|\.{2,3}| to | and | bis | und | à |至|到) ?([-+]?[^-~～〜—…]*\d[^~～〜—…]*)$/iu
/** Of classes: `[10, 20)`, `(0.5, 1.5]`, one end of which may be infinite. */
const INTERVAL =
  /^(?:\[|\()\s*([-+]?(?:\d[\d.]*|\.\d+)(?:e[-+]?\d+)?|-?inf|-∞)\s*[,;]\s*([-+]?(?:\d[\d.]*|\.\d+)(?:e[-+]?\d+)?|\+?inf|\+?∞)\s*(?:\]|\))$/i
const ENDLESS = /inf|∞/i
/** 017 is a code, and so is a cell with such a part. */
const CODE = /^[-+]?0\d/

const PREFIX = new RegExp(String.raw`^[-+]?((?:${CURRENCY}|%) ?)(?=[-+]?[\d.])`, 'u')
const SUFFIX = /[\d.,)]( ?[^\d\s.,)].*)$/u
const suffixOf = (text: string): string => SUFFIX.exec(text)?.[1] ?? ''
/** What may be counted: rooms. */
const WORD = /^\p{L}{3,}\.?$/u
/** A value by which written numbers can be ordered. */
function sizeOf(text: string): number | undefined {
  const numeral = numeralOf(text)
  if (!numeral || CODE.test(numeral.body) || (numeral.unit && !isUnit(numeral.unit) && !WORD.test(numeral.unit)))
    return undefined
  const signs = signsOf(numeral)
  if (!signs['.'] && !signs[',']) return undefined
  // Which sign is the decimal one is the column's matter: 1,234 and 12,500 keep their order under both.
  const digits = Number(numeral.body.replace(/[,' _](?=\d{3}(?!\d))/g, '').replace(',', '.'))
  return (numeral.negative ? -1 : 1) * digits * numeral.magnitude * 10 ** numeral.exponent
}
/** Both ends with the currency and the unit that one of them has; undefined where they do not ascend. */
function range(low: string, high: string): readonly string[] | undefined {
  const before = PREFIX.test(high) ? '' : (PREFIX.exec(low)?.[1] ?? '')
  const behind = suffixOf(low) ? '' : suffixOf(high)
  const to = before ? high.replace(/^([-+]?)/, `$1${before}`) : high
  for (const from of behind ? [low + behind, low] : [low]) {
    const [a, b] = [sizeOf(from), sizeOf(to)]
    if (a !== undefined && b !== undefined && a <= b) return [from, to]
  }
  return undefined
}
/**
 * A range (3-5, 10 to 20 kg, [0, 10)) or a bound (<5, ≥ 65, 5 or more); undefined of other cells.
 * @param cell through `normal`
 */
export function spanOf(cell: string): Span | undefined {
  if (cell.length > 60) return undefined
  const before = BOUND.exec(cell)
  const behind = before ? null : BOUND_BEHIND.exec(cell)
  if (before ?? behind) {
    const end = (before?.[2] ?? behind![1]!).trim()
    const side = before?.[1] !== undefined || UNDER.test(behind?.[2] ?? '') ? 'below' : 'above'
    return sizeOf(end) === undefined ? undefined : { kind: 'bound', side, ends: [end] }
  }
  const interval = /[[\]]/.test(cell) ? INTERVAL.exec(cell) : null
  if (interval) {
    const ends = interval.slice(1, 3).filter((e) => !ENDLESS.test(e))
    if (ends.length === 2) return Number(ends[0]) <= Number(ends[1]) ? { kind: 'range', ends } : undefined
    return ends.length ? { kind: 'bound', side: ENDLESS.test(interval[1]!) ? 'below' : 'above', ends } : undefined
  }
  const [, low, high] = RANGE.exec(cell) ?? []
  const ends = low && high ? range(low.trim(), high.trim()) : undefined
  return ends && { kind: 'range', ends }
}

/**
 * Whether a cell has two numbers like a range but is none: the larger one comes first (results: 3-1, 2 to 1), or one is
 * a code (12-05).
 */
export function isPair(cell: string): boolean {
  if (/^\d+ ?- ?\d+$/.test(cell)) return spanOf(cell) === undefined
  const [, low, high] = RANGE.exec(cell) ?? []
  const [a, b] = [low, high].map((end) => (end ? sizeOf(end.trim()) : undefined))
  return a !== undefined && b !== undefined && a > b && spanOf(cell) === undefined
}

// cspell:ignore saison temporada jahr
/** Names of columns that hold years of sport, school and accounts. */
export const SEASON_NAME = /season|saison|temporada|fiscal|academic|school|赛季|年度|^(?:fy|ay|sy|year|jahr|年份?)$/i
const SEASON = /^(?:(?:FY|AY|SY|Season|Saison) ?)?(\d{4}|\d{2}) ?[-/] ?(\d{4}|\d{2})$/i
/** A year of accounts or of a school by its name alone. */
const FISCAL = /^(?:FY|AY|SY|GJ)[ -]?['’]?((?:19|20)\d{2}|\d{2})$/i
/**
 * The year in which a season begins that goes on into the next: 2010 for 2010/11; of 98/99, which needs a column named
 * so, 1998. Undefined of others.
 */
export function seasonOf(cell: string, short: boolean): number | undefined {
  const one = FISCAL.exec(cell)
  if (one) return one[1]!.length === 4 ? +one[1]! : +one[1]! + (+one[1]! < 70 ? 2000 : 1900)
  const m = SEASON.exec(cell)
  if (!m) return undefined
  const [first, second] = [m[1]!, m[2]!]
  if (first.length === 2 && (!short || second.length === 4)) return undefined
  const year = first.length === 4 ? +first : +first + (+first < 70 ? 2000 : 1900)
  return year > 999 && +second === (second.length === 4 ? year + 1 : (year + 1) % 100) ? year : undefined
}

/** A cell that goes from one date or time of day to another: both ends, each as it is written alone. */
export interface TimeSpan {
  of: 'date' | 'clock'
  ends: readonly [string, string]
}
// cspell:ignore jusqu
/** What may stand between both ends. */
const BETWEEN = / ?(?:--?|~|～|〜|—|…|\.{2,3}|\/|\bto\b|\buntil\b|\bbis\b|\bà\b|\bau\b|至|到) ?/giu
const AROUND = /^(?:from|von|vom|between|du|de|从) (?=\d)/iu

/** The first end, completed by what only the second one says: year and month of 01.-03.02.2024, am of 8-10 am. */
function completed(low: string, high: string): string {
  const day = /^\d{1,2}\.(?:\d{1,2}\.)?$/.test(low) ? /^\d{1,2}\.(\d{1,2}\.)(\d{2,4})$/.exec(high) : null
  if (day) return low + (low.split('.').length > 2 ? '' : day[1]!) + day[2]!
  const half = / ?[ap]\.?m\.?$/i.exec(high)
  return half && /\d$/.test(low) && clockOf(low + half[0]) !== undefined ? low + half[0] : low
}
/**
 * A span of dates (01.02.2024–03.02.2024, 2024-02-01/2024-02-03) or of times of day (08:00-09:30); undefined of others.
 * @param cell through `normal`
 */
export function timeSpanOf(cell: string): TimeSpan | undefined {
  if (cell.length < 5 || cell.length > 70 || !/\d.*\d/.test(cell)) return undefined
  const text = cell.replace(AROUND, '')
  for (const between of text.matchAll(BETWEEN)) {
    const high = text.slice(between.index + between[0].length).trim()
    const low = completed(text.slice(0, between.index).trim(), high)
    if (!low || !high) continue
    // 08:30:00-05:00 is a time of day with its zone.
    const zoned = /:\d{2}:\d{2}/.test(low) && !/:\d{2}:\d{2}/.test(high) && between[0] === '-'
    if (!zoned && clockOf(low) !== undefined && clockOf(high) !== undefined) return { of: 'clock', ends: [low, high] }
    if (writtenDate(low) && writtenDate(high)) return { of: 'date', ends: [low, high] }
  }
  return undefined
}
