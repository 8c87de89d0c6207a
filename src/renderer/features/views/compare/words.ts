import { difference } from '@shared/run/compare'
import { exact, short, thousands } from '@/charts/format'

/** `4.2e9`: the sign of an exponent says nothing new beside × or ÷. */
export const bare = (x: number): string => short(x).replace('e+', 'e')
/** The number of a difference cell, in words. */
export function differenceText(a: number | undefined, b: number | undefined, factor: boolean): string {
  if (a === undefined || b === undefined) return '–'
  const d = difference(a, b, factor)
  if (!factor) return exact(d)
  return Number.isFinite(d) && Math.abs(d) < 300
    ? d < 0
      ? `÷ ${bare(a / b)}`
      : `× ${bare(b / a)}`
    : a === 0
      ? '∞'
      : exact(d)
}
/** How two figures are held against each other: by subtraction, in percentage points, or by their quotient. */
export type Against = 'minus' | 'points' | 'factor'
/**
 * `− 1.10`, `+ 83.4 pt`, `× 4.2e9`: the second against the first; `=` where they are equal, nothing where one is no
 * number.
 */
export function againstText(a: number | string | undefined, b: number | string | undefined, how: Against): string {
  if (typeof a !== 'number' || typeof b !== 'number' || !Number.isFinite(a) || !Number.isFinite(b)) return ''
  if (a === b) return '='
  if (how === 'factor') return differenceText(a, b, true)
  const size = Math.abs(b - a)
  return `${b > a ? '+' : '−'} ${how === 'points' ? `${(100 * size).toFixed(1)} pt` : Number.isInteger(size) ? thousands(size) : short(size)}`
}
