import { useRafFn } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useRuns } from '@/stores/runs'

/** Seconds in which a whole record is replayed at normal speed, however long it is. */
const WHOLE = 12
export const SPEEDS = [0.25, 0.5, 1, 2, 4] as const

/** Replay of the run on screen: every view follows the pinned step, which this moves. */
export const usePlayer = defineStore('player', () => {
  const runs = useRuns()
  const speed = ref<number>(1)
  const length = computed(() => ((runs.current?.revision ?? -1) >= 0 ? (runs.current?.table?.length ?? 0) : 0))
  /** Place of the shown step among the recorded ones. */
  const frame = computed(() => (length.value && runs.shownStep !== undefined ? runs.current!.table!.frameAt(runs.shownStep) : -1))
  let place = 0
  const { isActive: playing, pause, resume } = useRafFn(
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
    const table = runs.current?.table
    if (!table?.length) return
    runs.pin(table.steps[Math.max(0, Math.min(table.length - 1, at))]!)
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
  return { speed, length, frame, playing, pause, toggle, show, move }
})
