import { momentOf, writtenDate, type DayOrder } from './dates'
import { normal } from './numerals'

export const ORDERS = ['dayFirst', 'monthFirst', 'yearFirst'] as const
/** How many times the range of dates has to grow under the other order for that order to be ruled out. */
const WIDER = 3
/** What the ambiguous dates of a column say in favour of each order. */
interface Orders {
  /** The first such date; undefined if there is none. */
  cell?: string
  total: number
  valid: Record<DayOrder, number>
  /** Seconds from the first to the last. */
  span: Record<DayOrder, number>
  /** Some date is another one under each of the first two orders. */
  differ: boolean
  /** What separates the numbers. */
  separators: Set<string>
}
/** The evidence that the dates among these cells give for an order. */
export function ordersIn(cells: Iterable<string>): Orders {
  const out: Orders = {
    total: 0,
    valid: { dayFirst: 0, monthFirst: 0, yearFirst: 0 },
    span: { dayFirst: 0, monthFirst: 0, yearFirst: 0 },
    differ: false,
    separators: new Set()
  }
  const ends = new Map<DayOrder, [number, number]>()
  for (const cell of cells) {
    const w = writtenDate(normal(cell))
    if (!w?.doubtful) continue
    out.total++
    out.cell ??= cell
    out.separators.add(w.separator!)
    out.differ ||= w.first !== w.second
    for (const order of ORDERS) {
      const at = momentOf(w, order)?.seconds
      if (at === undefined) continue
      out.valid[order]++
      const [from, to] = ends.get(order) ?? [at, at]
      ends.set(order, [Math.min(from, at), Math.max(to, at)])
    }
  }
  for (const [order, [from, to]] of ends) out.span[order] = to - from
  return out
}
/** The order that the dates of a column suggest, and the other one where both are possible. */
export function orderOf({ total, valid, span, differ, separators }: Orders): { order: DayOrder; or?: DayOrder } {
  const order = valid.monthFirst > valid.dayFirst ? 'monthFirst' : 'dayFirst'
  const points = separators.size === 1 && separators.has('.')
  if (valid.yearFirst > valid[order]) return { order: 'yearFirst' }
  if (valid.yearFirst === total && valid[order] === total) {
    // Dates of one table lie close together. Under the wrong order days become years.
    const last = valid.monthFirst === total ? Math.min(span.dayFirst, span.monthFirst) : span[order]
    if (last > WIDER * span.yearFirst) return { order: 'yearFirst' }
    if (separators.has('-') && span.yearFirst <= WIDER * last) return { order, or: 'yearFirst' }
  }
  return valid.dayFirst === total && valid.monthFirst === total && differ && !points
    ? { order, or: 'monthFirst' }
    : { order }
}
