import { defineStore } from 'pinia'
import { computed } from 'vue'
import { i18n, language } from '@/i18n'
import { useRuns, type Run } from '@/stores/runs'
import { apart } from '@shared/clinic/settingWords'

/**
 * What lists of runs say first: a name that begins like all others tells nothing where there is room for its beginning
 * only.
 */
export const useTitles = defineStore('titles', () => {
  const runs = useRuns()
  /** By id, for runs that others of the same experiment differ from. */
  const leads = computed(() => {
    const out = new Map<string, string>()
    const families = new Map<string, Run[]>()
    for (const r of runs.runs) families.set(r.experiment.name, [...(families.get(r.experiment.name) ?? []), r])
    for (const family of families.values())
      apart(
        family.map((r) => runs.experimentOf(r)),
        (t) => t?.[language()] ?? '',
        i18n.global.t
      ).forEach((words, k) => words && out.set(family[k]!.id, words))
    return out
  })
  /** What a run differs in from the others of its experiment, if in anything. */
  const leadOf = (run: Run): string | undefined => leads.value.get(run.id)
  /** The same before its name, on one line. */
  const titleOf = (run: Run): string => [leadOf(run), run.name].filter(Boolean).join(' · ')
  return { leadOf, titleOf }
})
