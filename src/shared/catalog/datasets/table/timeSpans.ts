import { clockOf, type Moment } from './dates'
import type { Counts } from './counts'
import { dateReading } from './dateReading'
import { normal } from './numerals'
import { isNot } from './numbers'
import { timeSpanOf } from './spans'
import { example, kept, type Evidence, type Reading } from './columnReading'

const DAY = 86_400
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
