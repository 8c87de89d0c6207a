import { computed, type ComputedRef, type Ref } from 'vue'
import { freeName } from '@shared/run/names'
import type { Experiment } from '@shared/experiment/types'
import { makeHistory, type History } from '../history'
import { makeRevision, type Revision } from './revision'

/** An experiment under a key that stays when its name changes: its runs are tied to that. */
export interface Entry {
  readonly key: number
  readonly experiment: Experiment
}
interface Snapshot {
  entries: Entry[]
  current: number
}
let keys = 0
export const entryOf = (experiment: Experiment): Entry => ({ key: ++keys, experiment })

/** The experiments of the project, which of them is in the editor, and what can be undone. */
export interface Entries {
  history: History<Snapshot>
  revision: Revision
  /** There is work that is not saved. Set: there is some more, or all is saved. */
  dirty: Ref<boolean>
  entries: ComputedRef<Entry[]>
  experiments: ComputedRef<Experiment[]>
  /** Index of the experiment in the editor. */
  current: ComputedRef<number>
  /** Key of the experiment in the editor. */
  key: ComputedRef<number>
  /** The experiment in the editor. */
  edited: ComputedRef<Experiment>
  /** @param merge key by which quick edits of one thing are one undo step */
  put(next: Snapshot, merge?: string): void
  /** The name, with a number when an experiment has it already. */
  free(wanted: string): string
}

export function makeEntries(first: Experiment): Entries {
  const history = makeHistory<Snapshot>({ entries: [entryOf(first)], current: 0 })
  const revision = makeRevision()
  const { dirty } = revision
  const entries = computed(() => history.present.value.entries)
  const experiments = computed(() => entries.value.map((e) => e.experiment))
  const current = computed(() => history.present.value.current)
  return {
    history,
    revision,
    dirty,
    entries,
    experiments,
    current,
    key: computed(() => entries.value[current.value]!.key),
    edited: computed(() => entries.value[current.value]!.experiment),
    put(next, merge) {
      if (next === history.present.value) return
      history.push(next, merge)
      dirty.value = true
    },
    free: (wanted) => freeName(wanted, new Set(experiments.value.map((e) => e.name)))
  }
}
