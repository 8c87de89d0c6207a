import type { RunEvent } from '@shared/run/types'
import type { Text } from '@shared/text'
import type { Mark } from '@/charts/plot'
import type { Run } from '@/stores/runs'

/** One mark per step at which something happened to a run, with all that did. */
export function eventMarks(events: readonly RunEvent[], text: (t: Text) => string): Mark[] {
  const bySteps = new Map<number, RunEvent[]>()
  for (const e of events) bySteps.set(e.step, [...(bySteps.get(e.step) ?? []), e])
  return [...bySteps].map(([step, all]) => ({
    step,
    label: all.map((e) => text(e.text)).join(' · '),
    tone: all.some((e) => e.kind === 'nan') ? ('bad' as const) : ('accent' as const)
  }))
}
/** What happened to a run, and where faults of it begin (one mark per kind), in order of steps. */
export function marksOf(run: Run | undefined, text: (t: Text) => string, kindName: (kind: string) => string): Mark[] {
  if (!run) return []
  const seen = new Set<string>()
  // The event of the first NaN says it already.
  if (run.events.some((e) => e.kind === 'nan')) for (const kind of ['lossNaN', 'weightsNaN']) seen.add(kind)
  const faults = [...run.findings]
    .filter((f) => f.severity === 'bad')
    .sort((a, b) => a.from - b.from)
    .flatMap((f) => {
      // At the very start a mark would only hide the first columns, and the status line says it anyway.
      if (seen.has(f.kind) || f.from <= (run.table?.firstStep ?? 0)) return []
      seen.add(f.kind)
      return [{ step: f.from, label: kindName(f.kind), tone: 'bad' as const }]
    })
  return [...faults, ...eventMarks(run.events, text)].sort((a, b) => a.step - b.step)
}
