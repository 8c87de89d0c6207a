import { useRafFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useCompare } from '@/stores/compare'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'

/** Seconds in which a whole record is replayed at normal speed, however long it is. */
const WHOLE = 12
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const

/** The recorded steps of what is on screen, and their replay: every view follows the pinned step, which this moves. */
export const usePlayer = defineStore('player', () => {
  const runs = useRuns()
  const compare = useCompare()
  const ui = useUi()
  const speed = ref<number>(1)
  /** Whose steps they are: of several side by side, those of the longest. */
  const run = computed(() => (ui.page === 'compare' ? compare.longest : runs.current))
  const length = computed(() => run.value?.frames?.length ?? 0)
  /** Newest recorded step, and the one that is shown. */
  const last = computed(() => run.value?.frames?.lastStep)
  const step = computed(() => runs.pinnedStep ?? last.value)
  const first = computed(() => run.value?.frames?.firstStep)
  /** Place of the shown step among the recorded ones. */
  const frame = computed(() => (step.value === undefined ? -1 : (run.value?.frames?.frameAt(step.value) ?? -1)))
  let place = 0
  const {
    isActive: playing,
    pause,
    resume
  } = useRafFn(
    ({ delta }) => {
      const last = length.value - 1
      if (last < 1) return pause()
      // Somebody went elsewhere meanwhile: on from there.
      if (Math.floor(place) !== frame.value) place = frame.value
      place += (Math.min(delta, 250) / 1000) * Math.max(2, last / WHOLE) * speed.value
      if (place >= last) {
        pause()
        return runs.followLive()
      }
      show(Math.floor(place))
    },
    { immediate: false }
  )
  /** Shows the recorded frame of this number; beyond the last one it follows live. */
  function show(at: number): void {
    const frames = run.value?.frames
    if (!frames?.length) return
    runs.pinnedStep = frames.step(Math.max(0, Math.min(frames.length - 1, at)))!
  }
  function toggle(): void {
    if (playing.value) return pause()
    if (length.value < 2) return
    // From the end there is nothing to play: from the start, then.
    if (runs.following || frame.value >= length.value - 1) show(0)
    place = frame.value
    resume()
  }
  /** One recorded step on or back, and a replay stops there. */
  function move(by: number): void {
    pause()
    show(frame.value + by)
  }
  return { speed, run, length, first, last, step, frame, playing, pause, toggle, show, move }
})
