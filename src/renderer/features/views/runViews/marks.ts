import type { RunEvent } from '@shared/run/types'
import { remedies } from '@shared/clinic/remedies'
import { kindName } from '@shared/clinic/rules'
import { figure } from '@shared/run/change'
import type { Text } from '@shared/base/text'
import type { Mark } from '@/charts/plot'
import type { Run } from '@/stores/runs'

/** A word or two, for a label on a line. */
function brief(e: RunEvent, text: (t: Text) => string): string {
  if (e.kind === 'learningRate') return `α = ${figure(e.after)}`
  const name = e.remedy ? text(remedies.find(e.remedy)?.name ?? { en: e.remedy, zh: e.remedy }) : ''
  if (e.kind === 'remedyOn') return `+ ${name}`
  if (e.kind === 'remedyOff') return `− ${name}`
  if (e.kind === 'remedyChanged') return `± ${name}`
  return e.kind === 'nan' ? 'NaN' : e.kind === 'continued' ? '▸' : text(e.text)
}
/** One mark per step at which something happened to a run, with all that did. */
export function eventMarks(events: readonly RunEvent[], text: (t: Text) => string): Mark[] {
  const bySteps = new Map<number, RunEvent[]>()
  for (const e of events) bySteps.set(e.step, [...(bySteps.get(e.step) ?? []), e])
  return [...bySteps].map(([step, all]) => ({
    step,
    label: all.map((e) => brief(e, text)).join(' · '),
    full: all.map((e) => text(e.text)).join(' · '),
    tone: all.some((e) => e.kind === 'nan') ? ('bad' as const) : ('accent' as const)
  }))
}
/** What happened to a run, and where faults of it begin (one mark per kind), in order of steps. */
export function marksOf(run: Run | undefined, text: (t: Text) => string): Mark[] {
  if (!run) return []
  const seen = new Set<string>()
  // The event of the first NaN says it already.
  if (run.events.some((e) => e.kind === 'nan')) for (const kind of ['lossNaN', 'weightsNaN']) seen.add(kind)
  const faults = [...run.findings]
    .filter((f) => f.severity === 'bad')
    .sort((a, b) => a.from - b.from)
    .flatMap((f) => {
      // At the very start a mark would only hide the first columns, and the status line says it anyway.
      if (seen.has(f.kind) || f.from <= (run.frames?.firstStep ?? 0)) return []
      seen.add(f.kind)
      return [{ step: f.from, label: text(kindName(f.kind)), tone: 'bad' as const }]
    })
  return [...faults, ...eventMarks(run.events, text)].sort((a, b) => a.step - b.step)
}
