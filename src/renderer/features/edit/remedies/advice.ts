import { computed, type ComputedRef } from 'vue'
import { remedies, type Remedy } from '@shared/clinic/remedies'
import { openFaults } from '@shared/run/faults'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useDrafts } from './drafts'

/** Cards under one heading of the panel. */
export interface Section {
  id: 'advised' | 'on' | Remedy['group']
  list: Remedy[]
}

/**
 * What the newest findings of the run on screen say of each remedy, and the order of the cards that follows from it.
 */
export function useAdvice(): {
  advised: ComputedRef<Set<string>>
  noHelp: ComputedRef<Set<string>>
  sections: ComputedRef<Section[]>
} {
  const project = useProject()
  const runs = useRuns()
  const drafts = useDrafts()
  const faults = computed(() => openFaults(runs.current?.findings ?? []))
  const fits = (r: Remedy): boolean =>
    !project.isOn(r.id) && !project.reasonAgainst(drafts.choiceOf(r.id), drafts.alongOf(r.id)?.off)
  /** Those that can be switched on, best first. */
  const advised = computed(
    () => new Set(faults.value.flatMap((f) => f.advice).filter((id) => remedies.find(id) && fits(remedies.get(id))))
  )
  const noHelp = computed(
    () =>
      new Set(
        faults.value.length
          ? remedies.all.filter((r) => faults.value.every((f) => r.noHelpAgainst?.includes(f.kind))).map((r) => r.id)
          : []
      )
  )
  const sections = computed<Section[]>(() => {
    const first: Section[] = [
      { id: 'advised', list: [...advised.value].map((id) => remedies.get(id)) },
      { id: 'on', list: project.experiment.remedies.map((c) => remedies.get(c.id)) }
    ]
    const listed = new Set(first.flatMap((s) => s.list))
    const groups = new Map<Remedy['group'], Remedy[]>()
    for (const r of remedies.all) if (!listed.has(r)) groups.set(r.group, [...(groups.get(r.group) ?? []), r])
    return [...first, ...[...groups].map(([id, list]) => ({ id, list }))].filter((s) => s.list.length)
  })
  return { advised, noHelp, sections }
}
