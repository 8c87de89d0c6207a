import { defineStore } from 'pinia'
import { shallowReactive, watch } from 'vue'
import type { Params } from '@shared/base/params'
import type { Along } from '@shared/experiment/take'
import type { RemedyChoice } from '@shared/experiment/types'
import { remedies } from '@shared/clinic/remedies'
import { language } from '@/i18n'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'

/** Settings that are tried out on remedies while these are off, and what is done with them. */
export const useDrafts = defineStore('remedyDrafts', () => {
  const project = useProject()
  const ui = useUi()
  const runs = useRuns()
  const drafts = shallowReactive(new Map<string, RemedyChoice>())

  /** As a finding advises it: a learning rate is raised or lowered. */
  const advised = (id: string): Params | undefined => runs.current?.findings.find((f) => f.choices?.[id])?.choices![id]
  /** What goes with it, as that finding has it. */
  const alongOf = (id: string): Along | undefined => runs.current?.findings.find((f) => f.along?.[id])?.along![id]
  const draftOf = (id: string): RemedyChoice => drafts.get(id) ?? project.choiceOf(id, advised(id))
  /** The settings of a remedy: the experiment's when it is on, else those tried out. */
  const choiceOf = (id: string): RemedyChoice => project.experiment.remedies.find((r) => r.id === id) ?? draftOf(id)
  /** Tries out one setting of a remedy that is off. */
  function set(id: string, key: string, value: unknown): void {
    drafts.set(id, { ...draftOf(id), [key]: value })
    if (ui.previewRemedy === id) project.previewChoice = draftOf(id)
  }
  /** Keeps the settings of a remedy that is switched off. */
  const keep = (choice: RemedyChoice): unknown => drafts.set(choice.id, choice)
  watch(
    () => project.current,
    () => drafts.clear()
  )
  /** Shows on the network what a remedy changes, or stops showing it. */
  function togglePreview(id: string): void {
    if (ui.previewRemedy === id) {
      ui.previewRemedy = null
      return
    }
    project.previewChoice = choiceOf(id)
    ui.previewRemedy = id
  }
  /** Adds a copy of the experiment in which the remedy is on. */
  function tryInCopy(id: string): void {
    const e = project.experiment
    ui.previewRemedy = null
    project.addExperiment({
      ...e,
      name: `${e.name} + ${remedies.get(id).name[language()]}`.slice(0, 200),
      remedies: [...e.remedies.filter((r) => r.id !== id), choiceOf(id)]
    })
  }
  return { choiceOf, alongOf, set, keep, togglePreview, tryInCopy }
})
