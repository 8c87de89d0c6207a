import { chineseNumber } from './chinese'
import { CURRENCY, isUnit, MAGNITUDES } from './units'
import { unwrapped } from './wrapped'

export type Decimal = '.' | ','
/** A number as programs write it: 12, -1.5, .5, 1e-3. */
export const PLAIN = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/

/** Zeros of the decimal digits of other scripts; the nine others follow each of them. */
const ZEROS = [...'٠۰०০੦૦௦౦೦൦๐໐༠၀០０'].map((c) => c.codePointAt(0)!)
const PLAIN_SIGNS: Record<string, string> = {
  ...Object.fromEntries([...'−－﹣‒–'].map((c) => [c, '-'])),
  ...Object.fromEntries([...'\u00a0\u2002\u2003\u2007\u2008\u2009\u200a\u202f\u3000'].map((c) => [c, ' '])),
  ...Object.fromEntries(
    [
      ...'\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
    ].map((c) => [c, ''])
  ),
  '＋': '+',
  '．': '.',
  '，': ',',
  '٫': '.',
  '٬': ',',
  '％': '%',
  '٪': '%',
  '：': ':',
  '／': '/',
  '⁄': '/',
  '（': '(',
  '）': ')',
  '＄': '$',
  '￥': '¥',
  '’': "'",
  ʼ: "'",
  '＇': "'",
  '⁰': '0',
  '¹': '1',
  '²': '2',
  '³': '3',
  '⁴': '4',
  '⁵': '5',
  '⁶': '6',
  '⁷': '7',
  '⁸': '8',
  '⁹': '9',
  '⁻': '-'
}
/** Fractions in one character; and numbers in circles and of Rome, and units. */
const VULGAR = /[¼½¾⅐-⅞]/
const LETTERED = /[①-⑳⓪Ⅰ-ⅿ℃℉㎀-㎇㎎㎏㎐-㎔㎖-㎞㏄㏈]/
// ASCII needs no work.
const ASCII = /^[\u0000-\u007f]*$/
const POWER = /10([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)$/
const digitOf = (c: string): string => {
  const code = c.codePointAt(0)!
  if (VULGAR.test(c)) return ` ${c.normalize('NFKC').replace('⁄', '/')}`
  if (LETTERED.test(c)) return c.normalize('NFKC')
  const zero = ZEROS.find((z) => code >= z && code < z + 10)
  return zero === undefined ? c : String(code - zero)
}
/** The cell with the digits, signs and blanks of ASCII: ١٢٫٥, １２．５ and −5 become 12.5, 12.5 and -5. */
export function normal(cell: string): string {
  let text = unwrapped(cell)
  if (!ASCII.test(text)) {
    const power = POWER.exec(text)
    const body = power ? `${text.slice(0, -power[1]!.length)}^${power[1]!}` : text
    text = ''
    for (const c of body)
      text += c.codePointAt(0)! < 128 || (!power && SUPER.test(c)) ? c : (PLAIN_SIGNS[c] ?? digitOf(c))
    text = text.trim()
  }
  text = withoutNotes(text)
    .replace(ABOUT, '')
    .replace(SAID, (_, minus?: string) => (minus ? '-' : '+'))
    .replace(EVEN, '')
    .replace(/^([+-]?)10\^([+-]?\d{1,2})$/, '$11e$2')
    .replace(PLACE, '$1')
    .replace(HUNDREDTHS, (_, minus: string, of: string, amount: string) => {
      const value = PLAIN.test(amount) ? amount : chineseNumber(amount)
      return value === undefined ? text : `${minus ? '-' : ''}${value}${of === '百' ? '%' : '‰'}`
    })
    .replace(OPEN, '$1$2+')
    .replace(/^± ?0$/, '0')
  // What spreadsheets put around numbers that are meant as text.
  const quoted = /^="(.*)"$|^'(?=[\d.+-])(.*)$/.exec(text)
  return quoted ? (quoted[1] ?? quoted[2]!) : text
}
/** 百分之12 and 百分之十二, per cent as it is said; 千分之五, per mille. */
const HUNDREDTHS = /^([-负負]?)([百千])分之 ?(.+)$/
/** Signs that a number is rounded: ~5, ca. 5. */
const ABOUT = /^(?:[~≈∼≃≅]|ca\.?|circa|approx\.?|about|约) ?(?=[-+(]?[\d.,])/i
// cspell:ignore moins menos meno
/** A sign that is written as a word: minus 5, 零下5. */
const SAID = /^(?:(minus|moins|menos|meno|负|負|零下)|plus|零上) ?(?=[\d.])/i
/** Marks of a note behind a number: 5*, 1,234[1]. */
const NOTE = /(?<=\d[%)]?) ?(?:\[\w{1,3}\]|[*†‡]{1,3})$/
/** Stars of significance before a note in brackets: 1.23*** (0.10). */
const STARRED = /(?<=\d)[*†‡]{1,3}(?= ?[([])/
/** The error of a number: 5.1 ± 0.2. */
const SPREAD = /(?<=\d[^±]{0,15}) ?(?:±|\+\/-|\+-) ?(?:\d[\d.,]*|[.,]\d+)(?:[eE][+-]?\d+)?/
/** The error in brackets, a share, or an interval: 5.12(3), 12 (34 %), 1.2 [1.0, 1.4]. */
const BRACKETS =
  /(?<=\d[%)]?) ?(?:\([-+\d.,;:–% ]*\d[-+\d.,;:–% ]*(?:to [-+\d.,% ]+)?\)|\[[-+\d.,;:–% ]*\d[-+\d.,;:–% ]*\])$/
/** A word in brackets: 12 (est.). */
const REMARKED = /(?<=\d[%)]?) ?\((\p{L}[\p{L}\p{N}.,:;%/ -]{0,30})\)$/u
/** 第3名: a place. */
const PLACE = /^第 ?(\d+)(?: ?[名位号号期届章回次代季])?$/
/** 10+ years: so many and more. */
const OPEN = /^(\d[\d.,]*)\+( ?\p{L}{1,12}\.?)$/u
/** Whether a note follows the number of a cell, and whether that note is in words. */
export function notesIn(cell: string): { any: boolean; words: boolean } {
  if (!NOTED.test(cell)) return { any: false, words: false }
  const words = REMARKED.exec(cell)
  return { any: !!words || SPREAD.test(cell) || BRACKETS.test(cell), words: !!words && !isUnit(words[1]!) }
}
/** A character that every such note has. */
const NOTED = /[±([*†‡]|\+\/?-/
/** The number without what stands behind it; a unit in brackets stays. */
const withoutNotes = (cell: string): string =>
  /[±(\[*†‡]|\+\/?-/.test(cell)
    ? cell
        .replace(/^\(([^()]*(?:±|\+\/-)[^()]*)\)/, '$1')
        .replace(SPREAD, '')
        .replace(REMARKED, (_, word: string) => (isUnit(word) ? ` ${word}` : ''))
        .replace(STARRED, '')
        .replace(BRACKETS, '')
        .replace(NOTE, '')
    : cell
/** The dash in the place of cents: 5,- and 5.– and, in India, 5/-. */
const EVEN = /(?<=\d[.,])-{1,2}(?= |$|\p{L}|\p{Sc})|(?<=\d)\/-{1,2}$/u
/** Raised digits are powers of ten only; of a unit (m²) they stay. */
const SUPER = /[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/

/**
 * Digits with separators under each reading of them: which sign is the decimal one, and groups of three or as in India.
 */
const GROUPED: Record<Decimal, RegExp> = {
  '.': /^(?:\d+|[1-9]\d{0,2}([,' _])\d{3}(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3})?(?:\.\d*)?$/,
  ',': /^(?:\d+|[1-9]\d{0,2}([.' _])\d{3}(?:\1\d{3})*|[1-9]\d?(?:\.\d{2})+\.\d{3})?(?:,\d*)?$/
}
/** 1,234 and 1.234, whose sign may group thousands or begin decimals. */
const DOUBTFUL = /^[1-9]\d{0,2}[.,]\d{3}$/
export const GROUP = /\d[,.' _]\d{3}(?!\d)/

/** The parts of a written number such as `-€1,234.5 kg`. What each separator means is not decided yet. */
export interface Numeral {
  negative: boolean
  /** Digits and separators. */
  body: string
  /** Power of ten behind it. */
  exponent: number
  /** 1,000 for a k behind it, and so on; 1 without one. */
  magnitude: number
  magnitudeSign: string
  /** Currency, per cent sign or unit; empty without one. */
  unit: string
  /** Whether minus is written in another way: (5), 5-. */
  accounting: boolean
  /** Whether a plus stands behind it: 10,000+ for so many and more. */
  open: boolean
  /** An arrow that says where it went. */
  arrow?: string
}
const BODY = String.raw`\d(?:[\d.,'_ ]*\d)?[.,]?|[.,]\d+`
const SIGN = String.raw`[%‰°′″"'\p{L}\p{Sc}²³]`
const NUMERAL = new RegExp(
  String.raw`^(\()?([+-]?) ?(${CURRENCY}|%|#|№|[Nn][or]\. ?)? ?([+-]?) ?(${BODY})(?:[eEdD]([+-]?\d{1,3})| ?[x×*·] ?10 ?(?:\^ ?|(?=[+-]))([+-]?\d{1,3}))? ?(${SIGN}(?:[\p{L}\p{Sc}\d%°/·*^²³. -]{0,14}[\p{L}\p{Sc}\d%°²³.])?)?([-+])?(\))?$`,
  'u'
)
/** Signs that say that a number rose or fell, before or behind it. */
const UP = '▲△▴⬆⇧↑🔺🔼'
const DOWN = '▼▽▾⬇⇩↓🔻🔽'
const ARROWED = new RegExp(
  String.raw`^(?:([${UP}${DOWN}])\ufe0f? ?|(up|down) )(?=[-+\p{Sc}.\d])|(?<=[\d%]) ?([${UP}${DOWN}])\ufe0f?$`,
  'iu'
)
/** Takes apart a number in any notation; undefined for other cells. @param cell normalised by `normal` */
export function numeralOf(cell: string): Numeral | undefined {
  const m = ARROWED.exec(cell)
  if (!m) return withoutArrow(cell)
  const sign = (m[1] ?? m[2] ?? m[3])!
  const down = DOWN.includes(sign) || /^down$/i.test(sign)
  const numeral = withoutArrow(cell.replace(ARROWED, ''))
  // An arrow up before a negative number contradicts itself.
  if (!numeral || (numeral.negative && !down)) return undefined
  return { ...numeral, negative: down, arrow: sign }
}
function withoutArrow(cell: string): Numeral | undefined {
  const m = NUMERAL.exec(cell.replace(/^(\p{Sc}) ?\((.*)\)$/u, '($1$2)'))
  if (!m) return undefined
  const [, open, before, prefix = '', after, body, power, tens, suffix = '', trailing, close] = m
  if (!open !== !close || (before && after)) return undefined
  const minus = (before || after) === '-'
  if (Number(minus || before === '+') + Number(!!open) + Number(!!trailing) > 1) return undefined
  // 0x1F is a hexadecimal number, 0b1 a binary one, 5x10 the size of a thing, and 5 mei 2024 a day.
  if (/^x[\da-f]|\p{L}.*[ .]\d{4}$/iu.test(suffix) || (body === '0' && /^[bo]\d/i.test(suffix))) return undefined
  // A raised figure alone is no unit: it may be a footnote or a power.
  if (/^[²³]/.test(suffix)) return undefined
  // 300m and 300mm of a currency are millions, and no metres.
  const { size, unit } = prefix.trim() && /^(?:mm?|MM)$/.test(suffix) ? { size: 'M', unit: '' } : sizeOf(suffix)
  return {
    negative: minus || !!open || trailing === '-',
    body: body!,
    exponent: Number(power ?? tens ?? 0),
    magnitude: MAGNITUDES.get(size) ?? 1,
    magnitudeSign: size,
    unit: `${prefix.trim()}${unit}`,
    accounting: !!open || trailing === '-',
    open: trailing === '+'
  }
}
/** What multiplies a number, apart from its unit: Mio. of `Mio. €`, 万 of 万元; of km nothing does. */
function sizeOf(suffix: string): { size: string; unit: string } {
  if (MAGNITUDES.has(suffix)) return { size: suffix, unit: '' }
  const m = isUnit(suffix) ? null : SIZED.exec(suffix)
  const size = m?.slice(1, 4).find((s) => s !== undefined)
  // 5 M long is no size of anything.
  const tells = size !== undefined && MAGNITUDES.has(size) && (size.length > 2 || !m![1] || isUnit(m![4]!))
  return tells ? { size, unit: m![4]! } : { size: '', unit: suffix }
}
/** A word and a unit behind a blank, letters before a currency, or a Chinese number before anything. */
const SIZED = /^(?:(\p{Script=Latin}+\.?) (?=\S)|(\p{Script=Latin}+\.?)(?=\p{Sc})|([百千]?[千万亿]))(.+)$/u
/** The decimal signs under which these digits and separators are a number. */
export const signsOf = ({ body, exponent }: Pick<Numeral, 'body' | 'exponent'>): Record<Decimal, boolean> => ({
  '.': fits(body, exponent, '.'),
  ',': fits(body, exponent, ',')
})
/** Before a power of ten nobody groups thousands: 1,500E+03 is 1500. */
const fits = (body: string, exponent: number, decimal: Decimal): boolean =>
  GROUPED[decimal].test(body) && !(exponent && body.includes(decimal === '.' ? ',' : '.'))
/** Whether these digits are one number with a decimal sign, and another with thousands. */
export const isDoubtful = (body: string): boolean => DOUBTFUL.test(body)
/** The value of these digits with this decimal sign; undefined if they are no number. */
export function valueOf({ body, negative, exponent }: Numeral, decimal: Decimal): number | undefined {
  if (!fits(body, exponent, decimal)) return undefined
  const digits = body.replace(decimal === '.' ? /[,' _]/g : /[.' _]/g, '').replace(',', '.')
  const value = Number(exponent ? `${digits}e${exponent}` : digits)
  return negative ? -value : value
}
