import { computed, shallowRef, type ComputedRef, type WritableComputedRef } from 'vue'

/** How far the project had come at some moment. */
export interface Moment {
  /** Which of the projects that this window has shown. */
  readonly project: number
  readonly edits: number
  /** What runs have told. */
  readonly news: number
}
/**
 * What of the project is saved: told by comparing moments, so that what changes during a save is not taken for saved.
 */
export interface Revision {
  /** There is work that is not saved. Set: there is some more, or all is saved. */
  dirty: WritableComputedRef<boolean>
  /** A person has changed something since: not only a run that goes on. */
  edited: ComputedRef<boolean>
  /** Runs have gone on. */
  grow(): void
  now(): Moment
  /** Another project has taken the place, as it is on disk. */
  begin(): void
  /** The project is saved as it was then. @returns whether it is still the one on screen */
  saved(then: Moment): boolean
}

export function makeRevision(): Revision {
  const present = shallowRef<Moment>({ project: 0, edits: 0, news: 0 })
  const kept = shallowRef(present.value)
  const edited = computed(() => present.value.edits !== kept.value.edits)
  return {
    dirty: computed({
      get: () => edited.value || present.value.news !== kept.value.news,
      set: (more) => {
        if (more) present.value = { ...present.value, edits: present.value.edits + 1 }
        else kept.value = present.value
      }
    }),
    edited,
    grow: () => (present.value = { ...present.value, news: present.value.news + 1 }),
    now: () => present.value,
    begin: () => (kept.value = present.value = { project: present.value.project + 1, edits: 0, news: 0 }),
    saved(then) {
      if (then.project !== present.value.project) return false
      kept.value = then
      return true
    }
  }
}
