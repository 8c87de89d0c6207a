import type { Run } from '@/stores/runs'

/** What the table of runs is ordered by. */
export const COLUMNS = ['name', 'state', 'verdict', 'loss', 'validation', 'step', 'seconds', 'created'] as const
export type Column = (typeof COLUMNS)[number]

/** One run as the table shows it. */
export interface Row {
  run: Run
  name: string
  experiment: string
  /** What it is doing, or how it ended. */
  state: string
  verdict: string
  /** Newest training loss. */
  loss: number | undefined
  /** Newest loss of the validation part. */
  validation: number | undefined
  step: number
  seconds: number | undefined
  created: string
}

/** Rows whose name, experiment, state or verdict has every word of a query. */
export function filterRows(rows: readonly Row[], query: string): Row[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter((r) => {
    const text = [r.name, r.experiment, r.state, r.verdict].join(' ').toLowerCase()
    return words.every((w) => text.includes(w))
  })
}

/** Figures that are missing or no numbers come last, whichever way the others are ordered. */
const isKnown = (v: unknown): boolean => v !== undefined && v !== '' && !Number.isNaN(v)
const collator = new Intl.Collator(undefined, { numeric: true })

/** Rows in the order of a column; equal ones keep theirs. @param down greatest first */
export function sortRows(rows: readonly Row[], by: Column, down: boolean): Row[] {
  return [...rows].sort((a, b) => {
    const [x, y] = [a[by], b[by]]
    if (!isKnown(x) || !isKnown(y)) return Number(isKnown(y)) - Number(isKnown(x))
    const order = typeof x === 'number' && typeof y === 'number' ? x - y || 0 : collator.compare(String(x), String(y))
    return down ? -order : order
  })
}
