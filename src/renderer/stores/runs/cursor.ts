import { computed, ref, type ComputedRef, type Ref } from 'vue'
import type { RunLayer } from '@shared/run/types'
import type { Run } from './run'

/** Which run, step and layer the window shows. */
export interface Cursor {
  currentId: Ref<string | null>
  current: ComputedRef<Run | undefined>
  /** Null while views follow the newest step. */
  pinnedStep: Ref<number | null>
  /** Newest recorded step of the current run. */
  liveStep: ComputedRef<number | undefined>
  /** The step that every view shows: the pinned one, or the newest. */
  shownStep: ComputedRef<number | undefined>
  following: ComputedRef<boolean>
  selectedLayerId: Ref<string | null>
  selectedLayer: ComputedRef<RunLayer | undefined>
  show(id: string | null): void
  /** Makes every view show this step, or the last recorded one before it, until `followLive`. */
  pin(step: number): void
  followLive(): void
  /** @param id expanded layer id (`hidden.3.dense`), or null for none */
  selectLayer(id: string | null): void
}

/** @param runs all runs of the window */
export function makeCursor(runs: Readonly<Ref<readonly Run[]>>): Cursor {
  const currentId = ref<string | null>(null)
  const pinnedStep = ref<number | null>(null)
  const selectedLayerId = ref<string | null>(null)
  const current = computed(() => runs.value.find((r) => r.id === currentId.value))
  const liveStep = computed(() => current.value?.frames?.lastStep)

  function show(id: string | null): void {
    currentId.value = id
    const last = current.value?.frames?.lastStep
    if (pinnedStep.value !== null && (last === undefined || pinnedStep.value > last)) pinnedStep.value = null
  }
  function pin(step: number): void {
    const frames = current.value?.frames
    const frame = frames?.frameAt(step) ?? -1
    if (frames && frame >= 0) pinnedStep.value = frames.steps[frame]!
  }
  return {
    currentId,
    current,
    pinnedStep,
    liveStep,
    shownStep: computed(() => pinnedStep.value ?? liveStep.value),
    following: computed(() => pinnedStep.value === null),
    selectedLayerId,
    selectedLayer: computed(() => current.value?.schema?.layers.find((l) => l.id === selectedLayerId.value)),
    show,
    pin,
    followLive: () => void (pinnedStep.value = null),
    selectLayer: (id) => void (selectedLayerId.value = id)
  }
}
