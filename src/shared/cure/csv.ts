import { csvCell } from '../run/csvCell'
import type { Prescription, Trial } from './types'

type Cell = string | number

/** Columns that tell of a trial. */
export const TRIAL_COLUMNS = ['seed', 'steps', 'value', 'repaired', 'state', 'verdict', 'step_ms', 'run'] as const
/** A trial in these columns. */
export const trialCells = (t: Trial): Cell[] => [
  t.seed,
  t.steps,
  t.value,
  String(t.repaired),
  t.state,
  t.verdict,
  t.stepMs,
  t.run
]
/** A table as CSV, each row with the end of its line. */
export const csvTable = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => row.map(csvCell).join(',') + '\n').join('')

/** prescription.csv: a row for each candidate and seed. */
export function prescriptionCsv({ candidates, case: { untreated } }: Prescription): string {
  const all = [{ id: 'untreated', group: '', rank: undefined, seeds: untreated.seeds }, ...candidates]
  return csvTable([
    ['candidate', 'group', 'rank', ...TRIAL_COLUMNS],
    ...all.flatMap((c) => c.seeds.map((t) => [c.id, c.group, c.rank ?? '', ...trialCells(t)]))
  ])
}
