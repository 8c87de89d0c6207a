import { looksLikeNumber } from './counts'
import { FLOAT32_MAX } from './numbers'
import { PLAIN } from './numerals'
import { DELIMITERS, type DelimiterName } from './separators'
import type { PlainTable } from './table'

/** How many columns are cut into cells one by one. Of more, the whole table is cut. */
const APART = 8
/** The number of digits of which float64 holds every whole number. */
const EXACT_DIGITS = 15
/** Powers of ten that 64-bit numbers hold: a product or quotient with one is rounded once. */
const POWERS = Array.from({ length: 23 }, (_, k) => 10 ** k)
/** Different cells that are kept of any column, as written. */
export const EXAMPLES = 5
const [NEWLINE, PLUS, MINUS, POINT, ZERO, NINE, BIG_E, SMALL_E] = [...'\n+-.09Ee'].map((c) => c.charCodeAt(0)) as [
  number,
  number,
  number,
  number,
  number,
  number,
  number,
  number
]

/**
 * Reads a text as a table of plain numbers under names, a line each, all as long as each other.
 * @param text with \n between lines
 * @param chosen the separator; absent: to be told
 * @param isMissing whether a name is the mark of a missing value
 * @returns undefined of any other text, which the general reader understands
 */
export function plainTable(
  text: string,
  chosen: DelimiterName | undefined,
  isMissing: (cell: string) => boolean
): PlainTable | undefined {
  const start = text.indexOf('\n') + 1
  const delimiter = start ? delimiterOf(text, start) : undefined
  if (!delimiter || (chosen && chosen !== delimiter)) return undefined
  const first = text.slice(0, start - 1)
  // A first line with quotes, comments or control characters is left to the general reader.
  if (/["'\0-\x08\x0b-\x1f\x85\ufeff\ufffd\u2028\u2029]|^\s*(?:#|\/\/|%|;)/.test(first)) return undefined
  const sign = DELIMITERS[delimiter]
  const names = first.split(sign).map((c) => c.trim())
  if (names.length < 2 || names.some((c) => c === '' || isMissing(c) || PLAIN.test(c) || looksLikeNumber(c)))
    return undefined
  const read = scan(text, start, names.length, sign.charCodeAt(0))
  if (!read) return undefined
  const { count, numbers, doubtful, examples } = read
  const apart = new Map<number, readonly string[]>()
  return {
    delimiter,
    names,
    count,
    endsInSums: endsInSums(numbers, count),
    head: (rows) => {
      let end = start
      for (let i = 0; i < rows && end > 0; i++) end = text.indexOf('\n', end) + 1
      return end > 0 ? text.slice(0, end) : text
    },
    column: (index) =>
      doubtful[index]
        ? undefined
        : { numbers: numbers.subarray(index * count, (index + 1) * count), examples: examples[index]! },
    cells: (index) => {
      if (!apart.has(index) && apart.size < APART) apart.set(index, cellsIn(text, start, count, index, sign))
      return apart.get(index)
    }
  }
}
/** The number of rows above a line of sums without a name. Fewer may match by chance, and nobody sums more. */
const SUMMED = { least: 5, most: 10_000 }
/** Whether the last number of each column is the sum of those above it. @param numbers column by column */
function endsInSums(numbers: Float64Array, count: number): boolean {
  if (count <= SUMMED.least || count > SUMMED.most) return false
  for (let at = 0; at < numbers.length; at += count) {
    const last = numbers[at + count - 1]!
    let sum = 0
    for (let i = at; i < at + count - 1; i++) sum += numbers[i]!
    if (Math.abs(sum - last) > 1e-6 * Math.max(1, Math.abs(sum))) return false
  }
  return true
}
/** What stands behind the first number of the second line, where it is a separator. */
function delimiterOf(text: string, start: number): DelimiterName | undefined {
  let i = start
  while (isPart(text.charCodeAt(i))) i++
  const sign = text[i]
  return (Object.keys(DELIMITERS) as DelimiterName[]).find((name) => name !== 'space' && DELIMITERS[name] === sign)
}
const isPart = (c: number): boolean =>
  (c >= ZERO && c <= NINE) || c === POINT || c === MINUS || c === PLUS || c === SMALL_E || c === BIG_E

interface Scanned {
  count: number
  /** Column by column. */
  numbers: Float64Array
  /** 1 of columns whose cells may mean something else. */
  doubtful: Uint8Array
  examples: string[][]
}
/** Reads the rows in one pass. @returns undefined at the first thing that is no plain number in its place */
function scan(text: string, start: number, width: number, sign: number): Scanned | undefined {
  const length = text.endsWith('\n') ? text.length - 1 : text.length
  let count = 1
  for (let at = text.indexOf('\n', start); at >= 0 && at < length; at = text.indexOf('\n', at + 1)) count++
  if (count < 2 || (length - start + 1) / count < 2 * width) return undefined
  const numbers = new Float64Array(count * width)
  const odd = new Uint8Array(width)
  // Cells with a point; and those whose point cannot group thousands.
  const pointed = new Uint8Array(width)
  const clear = new Uint8Array(width)
  const examples = Array.from({ length: width }, (): string[] => [])
  let i = start
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < width; column++) {
      const from = i
      let c = text.charCodeAt(i)
      const negative = c === MINUS
      if (negative || c === PLUS) c = text.charCodeAt(++i)
      const digitsFrom = i
      const lead = c
      let whole = 0
      while (c >= ZERO && c <= NINE) {
        whole = whole * 10 + (c - ZERO)
        c = text.charCodeAt(++i)
      }
      const digits = i - digitsFrom
      let decimals = 0
      const hasPoint = c === POINT
      if (hasPoint) {
        c = text.charCodeAt(++i)
        const behind = i
        while (c >= ZERO && c <= NINE) {
          whole = whole * 10 + (c - ZERO)
          c = text.charCodeAt(++i)
        }
        decimals = i - behind
      }
      if (digits + decimals === 0) return undefined
      let exponent = 0
      const hasExponent = c === SMALL_E || c === BIG_E
      if (hasExponent) {
        c = text.charCodeAt(++i)
        // 3e8 may be a code.
        if (!hasPoint && c !== MINUS && c !== PLUS) odd[column] = 1
        const below = c === MINUS
        if (below || c === PLUS) c = text.charCodeAt(++i)
        const behind = i
        while (c >= ZERO && c <= NINE) {
          exponent = exponent * 10 + (c - ZERO)
          c = text.charCodeAt(++i)
        }
        if (i === behind) return undefined
        if (below) exponent = -exponent
      }
      if (column < width - 1 ? c !== sign : i !== length && c !== NEWLINE) return undefined
      const power = exponent - decimals
      let value: number
      if (digits + decimals <= EXACT_DIGITS && power >= -22 && power <= 22) {
        value = power < 0 ? whole / POWERS[-power]! : whole * POWERS[power]!
        if (negative) value = -value
      } else value = Number(text.slice(from, i))
      numbers[column * count + row] = value
      if (hasPoint) {
        pointed[column] = 1
        if (decimals !== 3 || digits < 1 || digits > 3 || lead === ZERO || hasExponent) clear[column] = 1
      } else if (!hasExponent && ((digits > 1 && lead === ZERO) || digits > EXACT_DIGITS)) odd[column] = 1
      if (value > FLOAT32_MAX || value < -FLOAT32_MAX) odd[column] = 1
      const shown = examples[column]!
      if (shown.length < EXAMPLES) {
        const cell = text.slice(from, i)
        if (!shown.includes(cell)) shown.push(cell)
      }
      i++
    }
  }
  if (i < length) return undefined
  for (let column = 0; column < width; column++) if (pointed[column] && !clear[column]) odd[column] = 1
  return { count, numbers, doubtful: odd, examples }
}
/** The cells of one column, cut out of the text. */
function cellsIn(text: string, start: number, count: number, index: number, sign: string): readonly string[] {
  const cells = new Array<string>(count)
  let line = start
  for (let row = 0; row < count; row++) {
    let end = text.indexOf('\n', line)
    if (end < 0) end = text.length
    let from = line
    for (let column = 0; column < index; column++) from = text.indexOf(sign, from) + 1
    const to = text.indexOf(sign, from)
    cells[row] = text.slice(from, to < 0 || to > end ? end : to)
    line = end + 1
  }
  return cells
}
