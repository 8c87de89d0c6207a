import type { Text } from '../../../base/text'
import { numeralOf, normal, PLAIN, valueOf, type Numeral } from './numerals'
import { areDegrees, degreesOf } from './degrees'
import { inRange, isNot } from './numbers'
import { example, kept, type Evidence, type Reading } from './columnReading'
import { isUnit } from './units'

/** Reads a cell of one kind; undefined of others. */
type Reads = (cell: string) => number | undefined
/** Numbers that are written in several parts, or in signs that are counted. */
interface Composed {
  en: string
  zh: string
  how: Text
  /** How cells are read, if those of the column are of this kind. @param cells some, each another @param name its */
  tell: (cells: readonly string[], name: string) => Reads | undefined
  /** May be the names of classes as well. */
  named?: true
  /** Plain numbers may stand beside them. */
  beside?: true
}
/** Different cells that are looked at. */
const SAMPLE = 500

const NUMBER = String.raw`(\d+(?:[.,]\d+)?)`
const numberOf = (text: string | undefined): number => Number((text ?? '0').replace(',', '.'))

/** Units that go together, the larger one first, and how many of the smaller one it holds. */
interface Pair {
  large: string
  small: string
  each: number
  /** What their sum is counted in. */
  en: string
  zh: string
}
// cspell:disable
const PAIRS: Pair[] = [
  { large: "ft|feet|foot|'|′", small: `in|inch|inches|"|″|''|(?<=['′] ?\\d{1,2})`, each: 12, en: 'inches', zh: '英寸' },
  { large: 'lbs?|pounds?', small: 'oz|ounces?', each: 16, en: 'ounces', zh: '盎司' },
  { large: 'st|stone', small: 'lbs?|pounds?', each: 14, en: 'pounds', zh: '磅' },
  {
    large: 'y|yrs?|years?|Jahre?|ans?|años?|anni|岁|年',
    small: 'mo|mos|mths?|months?|Monate?|mois|meses|mesi|个月|月',
    each: 12,
    en: 'months',
    zh: '月'
  },
  { large: 'kg', small: 'g', each: 1000, en: 'grams', zh: '克' },
  { large: 'km', small: 'm', each: 1000, en: 'metres', zh: '米' },
  { large: 'm|米', small: 'cm|厘米', each: 100, en: 'centimetres', zh: '厘米' }
]
// cspell:enable
const MINUTES: Pair = { large: "'|′", small: "\"|″|''|(?<=['′] ?\\d{2})", each: 60, en: 'seconds', zh: '秒' }
const ISO_MONTHS = /^P(?:(\d+)Y)?(?:(\d+)M)?$/
function pairReads({ large, small, each, en }: Pair): Reads {
  const both = new RegExp(
    String.raw`^([+-])?(?:${NUMBER} ?(?:${large})\.?)?(?:,? ?(?:and |und )?${NUMBER} ?(?:${small})\.?)?$`,
    'i'
  )
  return (cell) => {
    const text = normal(cell)
    const iso = en === 'months' ? ISO_MONTHS.exec(text) : null
    if (iso && (iso[1] ?? iso[2])) return numberOf(iso[1]) * each + numberOf(iso[2])
    const m = both.exec(text)
    if (!m || (m[2] === undefined && m[3] === undefined)) return undefined
    const value = numberOf(m[2]) * each + numberOf(m[3])
    return m[1] === '-' ? -value : value
  }
}
/** Whether a cell has both parts, which only a pair of units has. */
const isBoth = ({ large, small }: Pair): ((cell: string) => boolean) => {
  const both = new RegExp(String.raw`\d ?(?:${large})[., ]*(?:and |und )?\d.*(?:${small})\.?$|^P\d+[YM]`, 'i')
  return (cell) => both.test(cell)
}
/** Whether the second part is too large for inches, so that 1'30" means minutes and seconds. */
const inMinutes = (cells: readonly string[]): boolean =>
  cells.some((c) => numberOf(/['′] ?(\d+)/.exec(normal(c))?.[1]) >= 12)

/** Signs of ratings, each with the one that stands for its lack. */
const FULL = '★⭐🌟✭✮●■♥❤◆🔥👍*+$€£'
const EMPTY = /[☆✩○□♡◇]/u
const RATING = new RegExp(
  String.raw`^(?:([${FULL.replace(/[*+$]/g, String.raw`\$&`)}])\ufe0f?(?:\1\ufe0f?)*)?(½)?(?:[☆✩○□♡◇]\ufe0f?)*$`,
  'u'
)
/** The number of signs in each cell. All cells must repeat the same sign, and some more often than others. */
function ratings(cells: readonly string[]): Reads | undefined {
  const of: Reads = (cell) => {
    const m = cell && RATING.exec(cell)
    return m ? [...cell.replace(/\ufe0f/g, '')].filter((c) => c === m[1]).length + (m[2] ? 0.5 : 0) : undefined
  }
  const signs = new Set(cells.map((c) => RATING.exec(c)?.[1]).filter(Boolean))
  const counts = cells.map(of)
  return signs.size === 1 && counts.every((n) => n !== undefined) && new Set(counts).size > 1 ? of : undefined
}

const ROMAN = /^(?=.)(X{0,3})(IX|IV|V?I{0,3})$/i
/** Roman numbers up to 39, some with several letters: M, L and XL are sizes, and CD, DC and MD are states. */
function romans(cells: readonly string[]): Reads | undefined {
  const text = (cell: string): string => normal(cell).replace(/\.$/, '')
  const of: Reads = (cell) => {
    const m = ROMAN.exec(text(cell))
    if (!m) return undefined
    const ones = m[2]!.toUpperCase()
    return m[1]!.length * 10 + (ones === 'IX' ? 9 : ones === 'IV' ? 4 : ones.replace('V', 'IIIII').length)
  }
  const texts = cells.map(text)
  const oneCase = texts.every((t) => t === t.toUpperCase()) || texts.every((t) => t === t.toLowerCase())
  return oneCase && cells.every((c) => of(c) !== undefined) && texts.some((t) => /^.*[IV].+$|^.+[IV].*$/i.test(t))
    ? of
    : undefined
}
/** The kind that reads most of these cells, at least one of which only it can read. */
const most =
  (of: Reads, also: (cell: string) => boolean) =>
  (cells: readonly string[]): Reads | undefined =>
    cells.some((c) => also(normal(c)) && of(c) !== undefined) &&
    cells.filter((c) => of(c) !== undefined).length * 2 > cells.length
      ? of
      : undefined
const isNumeral = (cell: string): boolean => {
  const numeral = numeralOf(cell)
  return (
    PLAIN.test(cell) ||
    (!!numeral &&
      (!numeral.unit || isUnit(numeral.unit)) &&
      (valueOf(numeral, '.') ?? valueOf(numeral, ',')) !== undefined)
  )
}

// cspell:ignore Soll Haben
/** Marks of both sides of an account, the minus first; S and H are Soll and Haben. */
const LEDGERS = [
  ['dr', 'cr'],
  ['S', 'H'],
  ['D', 'C']
] as const
/** Amounts on the debit side are negative. Every amount but 0 must name its side. */
function ledgers(cells: readonly string[]): Reads | undefined {
  for (const [debit, credit] of LEDGERS) {
    const side = `(${debit}|${credit})`
    const flags = debit === 'dr' ? 'iu' : 'u'
    const marked = new RegExp(String.raw`^${side}\.? ?(?=[-(\p{Sc}\d])|(?<=\d) ?${side}\.?$`, flags)
    const sideOf = (text: string): string | undefined => {
      const m = marked.exec(text)
      return m ? (m[1] ?? m[2])!.replace(/^.r$/i, (s) => s.toLowerCase()) : undefined
    }
    const of: Reads = (cell) => {
      const text = normal(cell)
      const found = sideOf(text)
      const numeral = numeralOf(text.replace(marked, ''))
      if (!numeral || (numeral.unit && !isUnit(numeral.unit))) return undefined
      const value = valueOf(numeral, '.') === undefined ? valueOf(numeral, ',') : ledgerValue(numeral)
      if (value === undefined || (found === undefined && value !== 0) || value < 0) return undefined
      return found === debit ? -value : value
    }
    const sides = new Set(cells.map((c) => sideOf(normal(c))).filter(Boolean))
    // One letter before a number, or behind a whole one, is the name of something.
    const amounts = flags === 'iu' || cells.some((c) => /\d[.,]\d{2} ?\p{L}\.?$/u.test(normal(c)))
    if (sides.size === 2 && amounts && cells.every((c) => of(c) !== undefined)) return of
  }
  return undefined
}
/** Amounts have two decimals: 1,50 is one and a half. */
const ledgerValue = (numeral: Numeral): number | undefined =>
  valueOf(numeral, /,\d{1,2}$/.test(numeral.body) ? ',' : '.')
// cspell:ignore Chr
const ERA =
  /^(?:(?:AD|CE|A\.D\.|公元) ?)?(公元前)?(\d{1,5}) ?年?(?: ?(?:(BCE?|B\.C\.(?:E\.)?|v\. ?(?:Chr|u\. ?Z)\.|av\. ?J\.-C\.|a\. ?C\.)|AD|CE|A\.D\.|C\.E\.|n\. ?(?:Chr|u\. ?Z)\.|ap\. ?J\.-C\.|d\. ?C\.))?$/i
/** Years before and after Christ, where one of them is before. */
function eras(cells: readonly string[]): Reads | undefined {
  const isBefore = (m: RegExpExecArray): boolean => !!(m[1] ?? m[3])
  const of: Reads = (cell) => {
    const m = ERA.exec(normal(cell))
    return m ? (isBefore(m) ? -1 : 1) * Number(m[2]) : undefined
  }
  const found = cells.map((c) => ERA.exec(normal(c)))
  return found.every((m) => m) && found.some((m) => isBefore(m!)) ? of : undefined
}
const SIGNS_COUNTED = { en: 'signs that are counted', zh: '以符号个数表示的数' }
const BRACKETED = /^\[ ?([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?) ?\]$/i
/** [0.5], as arrays of one number are written. */
function bracketed(cells: readonly string[]): Reads | undefined {
  const of: Reads = (cell) => {
    const m = BRACKETED.exec(cell)
    return m ? Number(m[1]) : undefined
  }
  return cells.every((c) => of(c) !== undefined) ? of : undefined
}
const KINDS: Composed[] = [
  {
    en: 'number in square brackets',
    zh: '方括号中的数',
    how: { en: 'the one number in its brackets', zh: '方括号中唯一的数' },
    tell: bracketed
  },
  {
    en: 'amount with its side of the account',
    zh: '带借贷方向的金额',
    how: { en: 'what is owed (DR, S, D) is a minus', zh: '借方（DR、S、D）为负' },
    beside: true,
    tell: ledgers
  },
  {
    en: 'year before or after Christ',
    zh: '公元前后的年份',
    how: { en: 'years before Christ are a minus', zh: '公元前的年份为负' },
    beside: true,
    tell: eras
  },
  { ...SIGNS_COUNTED, how: { en: 'the signs counted', zh: '按符号个数' }, tell: ratings },
  {
    en: 'Roman number',
    zh: '罗马数字',
    how: { en: 'Roman numbers', zh: '罗马数字' },
    named: true,
    tell: romans
  },
  {
    en: 'number of degrees',
    zh: '度数',
    how: {
      en: 'degrees, of which minutes and seconds are parts, and S and W a minus',
      zh: '度数，分与秒为其部分，S 与 W 为负'
    },
    tell: (cells, name) => (areDegrees(cells, name) ? most(degreesOf, (c) => !isNumeral(c))(cells) : undefined)
  },
  ...PAIRS.map((pair, i): Composed => ({
    en: `number in two units (${pair.en})`,
    zh: `两种单位的数（${pair.zh}）`,
    how: { en: pair.en, zh: pair.zh },
    tell: (cells) => (i || !inMinutes(cells) ? most(pairReads(pair), isBoth(pair))(cells) : undefined)
  })),
  {
    en: 'number of minutes and seconds',
    zh: '分秒',
    how: { en: 'seconds', zh: '秒' },
    tell: (cells) => (inMinutes(cells) ? most(pairReads(MINUTES), isBoth(MINUTES))(cells) : undefined)
  }
]

/**
 * How a column of numbers in several parts or in signs is read: 5'11", 48°51′N, 2 years 3 months, ★★★, IV.
 * @param plain whether plain numbers stand among them; where words stay, so does what may be the name of a class
 */
export function composedReading(
  present: readonly string[],
  { name, words }: Pick<Evidence, 'name' | 'words'>,
  plain: boolean
): Reading | undefined {
  const cells = new Set<string>()
  for (let i = 0; i < present.length && cells.size < SAMPLE; i++) cells.add(present[i]!)
  for (const { en, zh, how, tell, named, beside } of KINDS) {
    const of = (words && named) || (plain && !beside) ? undefined : tell([...cells], name)
    if (!of) continue
    const read = kept((cell) => {
      const value = of(cell)
      return value === undefined ? isNot(cell, en, zh) : inRange(value, cell)
    })
    const told = { code: 'numbersDressed', how, count: present.length, ...example(() => present, read) } as const
    return { kind: 'number', read, numeric: true, told }
  }
  return undefined
}
/** Whether a cell holds only signs, such as + and ++ beside −. */
export const isSigns = (cell: string): boolean =>
  cell !== '' && (RATING.test(cell) || EMPTY.test(cell) || /^-+$/.test(cell))
