import { useEventListener } from '@vueuse/core'
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useSettings } from '@/stores/settings'

/** Sizes that panels have at first, in pixels: widths beside the canvas, and the height of the dock. */
const NORMAL = { left: 192, right: 304, dock: 312 }
export type PanelName = keyof typeof NORMAL

/**
 * The panels around the canvas. Their sizes are kept between sessions; 0 is a closed panel. The canvas takes what is
 * left.
 */
export const usePanels = defineStore('panels', () => {
  const settings = useSettings()
  const room = ref({ w: window.innerWidth, h: window.innerHeight })
  useEventListener('resize', () => (room.value = { w: window.innerWidth, h: window.innerHeight }))
  const sizes = ref({
    left: settings.recall('left', NORMAL.left),
    right: settings.recall('right', NORMAL.right),
    dock: settings.recall('dock', NORMAL.dock)
  })
  watch(sizes, (s) => Object.entries(s).forEach(([k, v]) => settings.remember(k, v)), { deep: true })
  /** What a closed panel opens with. */
  const kept = ref({
    left: settings.recall('leftKept', NORMAL.left),
    right: settings.recall('rightKept', NORMAL.right),
    dock: settings.recall('dockKept', NORMAL.dock)
  })
  watch(kept, (s) => Object.entries(s).forEach(([k, v]) => settings.remember(`${k}Kept`, v)), { deep: true })
  const most = computed(() => ({
    left: Math.min(360, room.value.w * 0.3),
    right: Math.min(560, room.value.w * 0.45),
    dock: room.value.h - 44 - 28 - 160
  }))
  /**
   * The panels' shares of the window until somebody says otherwise: a small window, or large text, leaves the network
   * its room.
   */
  const usual = computed(() => ({
    left: Math.round(Math.max(164, Math.min(NORMAL.left, 0.17 * room.value.w))),
    right: Math.round(Math.max(272, Math.min(NORMAL.right, 0.26 * room.value.w))),
    dock: Math.round(Math.max(200, Math.min(NORMAL.dock, 0.4 * room.value.h), 0.33 * room.value.h))
  }))
  const shownOf = (p: PanelName): number =>
    Math.min(sizes.value[p] === NORMAL[p] ? usual.value[p] : sizes.value[p], most.value[p])
  /** The sizes on screen. In a window made smaller, panels give way, but keep the size they were given. */
  const shown = computed(() => ({ left: shownOf('left'), right: shownOf('right'), dock: shownOf('dock') }))
  /** Notes stand over the canvas, never on the controls of the run views. */
  const notes = computed(() => ({
    left: `${(shown.value.left + room.value.w - shown.value.right) / 2}px`,
    bottom: `${shown.value.dock + 28 + 52}px`
  }))

  const open = (panel: PanelName): unknown => (sizes.value[panel] ||= kept.value[panel])
  const openAll = (): void => (Object.keys(NORMAL) as PanelName[]).forEach(open)
  /** Closes a panel, or opens it again. */
  function toggle(panel: PanelName): void {
    sizes.value[panel] = sizes.value[panel] ? 0 : kept.value[panel]
  }
  return { sizes, kept, most, shown, notes, open, openAll, toggle }
})
