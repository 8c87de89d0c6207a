import { counted } from '../../shared/base/text'
import { csvTable, TRIAL_COLUMNS, trialCells } from '../../shared/cure/csv'
import type { Sweep, SweepOutcome } from '../../shared/cure/sweep'
import { good } from '../../shared/cure/outcome'
import { toldFigure } from '../../shared/cure/words'

/** sweep.csv: a row for each point and seed, a column for each setting. */
export function sweepCsv({ points }: Sweep): string {
  const paths = Object.keys(points[0]?.settings ?? {})
  return csvTable([
    ['point', ...paths, 'remedies', ...TRIAL_COLUMNS],
    ...points.flatMap((p) =>
      p.seeds.map((t) => [
        p.id,
        ...paths.map((path) => JSON.stringify(p.settings[path])),
        p.remedies.map((r) => r.id).join(' + '),
        ...trialCells(t)
      ])
    )
  ])
}

/** The points as a table for a terminal, the best first. */
export function sweepTable({ goal, points, blocked, seeds, trainings }: Sweep): string {
  const signed = (v: number): string => `${v > 0 ? '+' : ''}${toldFigure(goal, v)}`
  const line = (repaired: string, value: string, range: string, difference: string, cost: string, name: string) =>
    `  ${repaired.padStart(8)}  ${value.padStart(9)}  ${range.padEnd(24)}${difference.padEnd(30)}${cost.padStart(7)}  ${name}\n`
  const rows = [...points]
    .sort((a, b) => good(goal, b.mean) - good(goal, a.mean) || 0)
    .map((p: SweepOutcome) =>
      line(
        `${p.seeds.filter((t) => t.repaired).length}/${p.seeds.length}`,
        p.seeds.length ? toldFigure(goal, p.mean) : '',
        p.seeds.length > 1 ? p.interval.map((v) => toldFigure(goal, v)).join(' … ') : '',
        p === points[0] ? 'reference' : p.difference ? p.difference.interval.map(signed).join(' … ') : '',
        Number.isFinite(p.stepCost) ? `× ${p.stepCost.toFixed(2)}` : '',
        `${p.id}${p.unfinished ? ' (not finished)' : ''}`
      )
    )
  const left = blocked.map((b) => `  not possible: ${b.id}: ${b.reason.en}\n`)
  return `${counted(points.length, 'point')} × ${counted(seeds.length, 'seed')}\n${line('repaired', goal.metric, '95 % interval', 'against the first, paired', 'cost', '')}${rows.join('')}${left.join('')}  ${counted(trainings, 'training')}\n`
}
