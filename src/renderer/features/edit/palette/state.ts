import { defineStore } from 'pinia'
import { nextTick, shallowRef } from 'vue'
import { useUi } from '@/stores/ui'
import { whole } from '@/timing/later'

/** The palette of layers, as far as commands steer it. */
export const usePalette = defineStore('palette', () => {
  const ui = useUi()
  /** The search field, while it is shown. */
  const field = shallowRef<HTMLInputElement | null>(null)
  /** Takes the keyboard to the search for layers. */
  function find(): void {
    ui.leftTab = 'layers'
    void whole.then(() => nextTick()).then(() => field.value?.focus())
  }
  return { field, find }
})
