import { csvCell } from '../run/csvCell'
import type { Prescription } from './types'

/** prescription.csv: a row for each candidate and seed. */
export function prescriptionCsv({ candidates, case: { untreated } }: Prescription): string {
  const head = [
    'candidate',
    'group',
    'rank',
    'seed',
    'steps',
    'value',
    'repaired',
    'state',
    'verdict',
    'step_ms',
    'run'
  ]
  const rows = [{ id: 'untreated', group: '', rank: undefined, seeds: untreated.seeds }, ...candidates].flatMap((c) =>
    c.seeds.map((t) => [
      c.id,
      c.group,
      c.rank === undefined ? '' : c.rank,
      t.seed,
      t.steps,
      t.value,
      String(t.repaired),
      t.state,
      t.verdict,
      t.stepMs,
      t.run
    ])
  )
  return [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\n') + '\n'
}
