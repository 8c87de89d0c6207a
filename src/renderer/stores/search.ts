import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { SearchState } from '@shared/cure/state'
import type { CureUpdate } from '@shared/ipc/app'
import { bridge, warn } from './runs/bridge'
import { isActive, useRuns } from './runs'

/** What there is of the search for a cure, as main tells it and the project keeps it. */
export const useSearch = defineStore('search', () => {
  const runs = useRuns()
  const state = shallowRef<SearchState>()
  const isRunning = computed(() => state.value?.state === 'running')
  const keptRuns = computed(() => new Set(state.value?.kept.map((k) => k.result.trial.run)))
  /** Whether a run is a training whose figures the search goes by. */
  const keeps = (run: string): boolean => keptRuns.value.has(run)

  function apply({ state: next, kept }: CureUpdate): void {
    if (state.value?.id !== next.id) return
    // What it waited for may have come.
    const { notice: _, queue: __, ...before } = state.value
    state.value = { ...before, ...next, kept: kept.length ? [...before.kept, ...kept] : before.kept }
    // A training that was stopped, or whose process died, says nothing.
    if (next.state !== 'running' || kept.length)
      for (const r of runs.all)
        if (
          r.search === next.id &&
          !isActive(r.progress.state) &&
          !keeps(r.id) &&
          !next.ongoing.some((o) => o.run === r.id)
        )
          runs.remove(r.id)
  }
  /** A search that is about to start; main's first update is on its way. */
  const begin = (next: SearchState): void => void (state.value = next)
  /** Takes over the search of a project; one that was going on when it was saved has stopped, unless main has it. */
  function restore(saved: SearchState | undefined): void {
    if (isRunning.value && state.value?.id !== saved?.id) void bridge().forgetCure()
    if (saved) {
      const { notice: _, queue: __, ...kept } = saved
      state.value = { ...kept, ongoing: [], state: saved.state === 'running' ? 'stopped' : saved.state }
    } else state.value = undefined
    if (saved) void adopt().catch((error: unknown) => warn(`search: ${String(error)}`))
  }
  /** Takes over what main has of the search on screen. */
  async function adopt(): Promise<void> {
    const there = await bridge().cureState()
    if (there && there.id === state.value?.id) state.value = there
  }
  bridge().on('cureUpdate', apply)
  return { state, isRunning, keeps, begin, restore }
})
