import type { Text } from '../../../base/text'

export type Decimal = '.' | ','
const MISSING = new Set(['', 'na', 'n/a', '#n/a', 'nan', '?', 'null'])
const POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/
/** 1,234 or 12,345,678: digits in threes. */
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+$/
const FLOAT32_MAX = 3.4028234663852886e38

/** Empty, NA, N/A, NaN, ? and null stand for a missing value, in any case of letters. */
export const isMissing = (cell: string): boolean => cell.length < 5 && MISSING.has(cell.toLowerCase())
/** Whether a cell is written like a number with this decimal sign. */
export const looksNumeric = (cell: string, decimal: Decimal): boolean => (decimal === '.' ? POINT : COMMA).test(cell)
/** Whether a cell is a number with a decimal comma in it: `1,5`. */
export const hasDecimalComma = (cell: string): boolean => cell.includes(',') && COMMA.test(cell)
/** Whether a cell is a number with a decimal point in it: `1.5`. */
export const hasDecimalPoint = (cell: string): boolean => cell.includes('.') && POINT.test(cell)
/** Whether a cell is a number with commas between groups of three digits: `12,345`. */
export const looksLikeThousands = (cell: string): boolean => THOUSANDS.test(cell)

/** The cell's number, or the reason why it has none. Nothing is guessed: 12%, 1 000 and 1,234 are not numbers. */
export function readNumber(cell: string, decimal: Decimal): number | Text {
  const shown = JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell)
  if (!looksNumeric(cell, decimal)) return { en: `${shown} is not a number`, zh: `${shown} 不是数字` }
  const value = Number(decimal === ',' ? cell.replace(',', '.') : cell)
  if (Math.abs(value) > FLOAT32_MAX)
    return { en: `${shown} is too large for 32-bit numbers`, zh: `${shown} 超出 32 位浮点数的范围` }
  return value
}
