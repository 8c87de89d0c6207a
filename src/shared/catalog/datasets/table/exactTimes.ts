import type { Problem } from '../../../base/problems'
import { at, fault } from './faults'
import { PLAIN } from './numerals'
import type { Reading } from './columnReading'

/**
 * Times with more digits than a number keeps, such as nanoseconds since 1970. They are counted from the first one, in
 * units of their last digit. Where the span is too long for that, they become ranks. Undefined where numbers suffice.
 */
export function exactly(cells: readonly string[], reading: Reading): Float64Array | undefined {
  const { moment } = reading
  const parts = cells.map((c) => (moment ? moment(c) : decimals(c)))
  if (!parts.every((p) => p !== undefined)) return undefined
  const places = Math.max(0, ...parts.map((p) => p.fraction.length))
  if (parts.every((p) => String(p.seconds).length + places <= 15)) return undefined
  const scaled = parts.map(
    (p) => BigInt(p.seconds) * 10n ** BigInt(places) + BigInt(p.fraction.padEnd(places, '0') || 0)
  )
  const first = scaled.reduce((a, b) => (b < a ? b : a), scaled[0] ?? 0n)
  const last = scaled.reduce((a, b) => (b > a ? b : a), first)
  if (last - first <= BigInt(Number.MAX_SAFE_INTEGER)) return Float64Array.from(scaled, (v) => Number(v - first))
  const rank = new Map([...new Set(scaled)].sort((a, b) => (a < b ? -1 : 1)).map((v, i) => [v, i] as const))
  return Float64Array.from(scaled, (v) => rank.get(v)!)
}
/** A number that is not negative, before and behind its point. */
function decimals(cell: string): { seconds: string; fraction: string } | undefined {
  const m = PLAIN.test(cell) ? /^\+?(\d+)(?:\.(\d*))?$/.exec(cell) : null
  return m ? { seconds: m[1]!, fraction: m[2] ?? '' } : undefined
}

/** The problem of times since 1970 in several units: seconds beside milliseconds; undefined where there is none. */
export function unitsSince1970(name: string, cells: readonly string[]): Problem | undefined {
  const lengths = new Set<number>()
  for (const cell of cells) lengths.add(/^\d{10,19}$/.test(cell) ? cell.length : 0)
  if (lengths.size < 2 || ![...lengths].every((n) => [10, 13, 16, 19].includes(n))) return undefined
  const digits = [...lengths].sort()
  return fault(
    `column "${name}" has times since 1970 in several units (numbers of ${digits.join(' and ')} digits): seconds, milliseconds? Write them in one`,
    `列“${name}”的时间戳使用多种单位（${digits.join('、')} 位数）：秒还是毫秒？请统一`,
    at('features')
  )
}
