import { clockOf, writtenDate, type Moment } from './dates'
import type { Counts } from './counts'
import { dateReading } from './dateReading'
import { normal } from './numerals'
import { isNot } from './numbers'
import { example, kept, type Evidence, type Reading } from './reading'

const DAY = 86_400
/** A cell that goes from one date or time of day to another: both ends, each as it is written alone. */
export interface TimeSpan {
  of: 'date' | 'clock'
  ends: readonly [string, string]
}
// cspell:ignore jusqu
/** What may stand between both ends. */
const BETWEEN = / ?(?:--?|~|～|〜|—|…|\.{2,3}|\/|\bto\b|\buntil\b|\bbis\b|\bà\b|\bau\b|至|到) ?/giu
const AROUND = /^(?:from|von|vom|between|du|de|从) (?=\d)/iu

/** The first end with what only the second one says: the year and month of 01.-03.02.2024, the half of 8-10 am. */
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
const HOW = {
  en: '; the middle of each span, whose length is left out: give both ends a column of their own if it matters',
  zh: '；取每段的中点，长度未计入：若需要长度，请将两端分为两列'
}
/** How a column of spans of dates or of times of day is read: as the middle of each, in seconds. */
export function timeSpanReading(present: readonly string[], n: Counts, e: Evidence): Reading | undefined {
  const spans = present.map((cell) => timeSpanOf(normal(cell)))
  const of = new Set(spans.map((s) => s?.of).filter(Boolean))
  if (of.size !== 1) return undefined
  const dated = of.has('date')
  const ends = present.flatMap((cell, i) => [...(spans[i]?.ends ?? [cell])])
  const inner = dated ? dateReading({ ...n, dates: ends.length }, e, () => ends) : undefined
  const one = (cell: string): number | undefined => {
    const value = inner ? inner.read(cell) : clockOf(cell)
    return typeof value === 'number' ? value : undefined
  }
  const bounds = (cell: string): [number, number] | undefined => {
    const [low, high = low] = timeSpanOf(normal(cell))?.ends ?? [dated ? cell : normal(cell)]
    const [a, b] = [one(low), one(high)]
    if (a === undefined || b === undefined || (dated && b < a)) return undefined
    // From evening till morning.
    return [a, b < a ? b + DAY : b]
  }
  const read = kept((cell) => {
    const found = bounds(cell)
    return found ? (found[0] + found[1]) / 2 : isNot(cell, 'span of this column', '此列的时段')
  })
  const moment = (cell: string): Moment | undefined => inner?.moment?.(timeSpanOf(normal(cell))?.ends[0] ?? cell)
  const told = inner?.told?.how ?? { en: 'seconds since midnight', zh: '自零点起的秒数' }
  return {
    kind: dated ? 'date' : 'clock',
    read,
    numeric: true,
    spans: { ranges: n.timeSpans, bounds: 0 },
    ...(dated && { moment }),
    ...(inner?.refusal && { refusal: inner.refusal }),
    told: {
      code: dated ? 'dates' : 'clocks',
      how: { en: told.en + HOW.en, zh: told.zh + HOW.zh },
      count: n.timeSpans,
      ...example(
        () => present,
        read,
        (c) => timeSpanOf(normal(c)) !== undefined && (read(c) as number) > 0
      )
    }
  }
}
