import { counted } from '../../shared/base/text'
import { groupName, toldFigure } from '../../shared/cure/words'
import type { Goal, Outcome, Prescription } from '../../shared/cure/types'

const share = ({ seeds }: Pick<Outcome, 'seeds'>): string => `${seeds.filter((t) => t.repaired).length}/${seeds.length}`
function line(
  goal: Goal,
  name: string,
  group: string,
  o: Pick<Outcome, 'seeds' | 'mean' | 'interval'>,
  cost: string
): string {
  // One seed has no spread, and none has a figure.
  const range = o.seeds.length > 1 ? o.interval.map((v) => toldFigure(goal, v)).join(' … ') : ''
  return `  ${group.padEnd(14)}${share(o).padStart(6)}  ${(o.seeds.length ? toldFigure(goal, o.mean) : '').padStart(9)}  ${range.padEnd(24)}${cost.padStart(7)}  ${name}\n`
}

/**
 * The verdict as a table, for a terminal.
 * @param consider the remedies that were asked for: of these it is said why they are not possible
 */
export function prescriptionTable(
  { goal, candidates, case: { untreated }, blocked, verdict, trainings }: Prescription,
  consider?: readonly string[]
): string {
  const head = `  ${'group'.padEnd(14)}${'seeds'.padStart(6)}  ${goal.metric.padStart(9)}  ${'95 % interval'.padEnd(24)}${'cost'.padStart(7)}\n`
  const tried = candidates.filter((o) => o.seeds.length)
  const rows = tried.map((o) =>
    line(
      goal,
      `${o.id}${o.identical ? ' (the same bits as untreated)' : ''}${o.off.length ? ` (in place of ${o.off.join(', ')})` : ''}${o.smallest ? ' (smallest change)' : ''}`,
      groupName(o).en,
      o,
      Number.isFinite(o.stepCost) ? `× ${o.stepCost.toFixed(2)}` : ''
    )
  )
  const asked = consider ? blocked.filter((b) => consider.includes(b.remedy)) : []
  const others = blocked.filter((b) => !asked.includes(b)).map((b) => b.remedy)
  const left = [
    ...asked.map((b) => `  not possible here: ${b.remedy}: ${b.reason.en}\n`),
    ...(others.length ? [`  not possible here: ${others.join(', ')}\n`] : [])
  ].join('')
  return `${verdict.text.en}\n${head}${line(goal, '', 'untreated', untreated, '')}${rows.join('')}${left}  ${counted(trainings, 'training')}\n`
}
