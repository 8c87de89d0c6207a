import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { useProject } from '@/stores/project'
import { useRuns, type Run } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import { useMenu, useUi } from '@/stores/ui'

/** The list of all runs: open or not, which one is being renamed, and how many train at once. */
export const useQueue = defineStore('queue', () => {
  const runs = useRuns()
  const project = useProject()
  const settings = useSettings()
  const ui = useUi()
  const open = useMenu('queue')
  const renaming = ref<string | null>(null)
  const waiting = computed(() => runs.runs.filter((r) => r.progress.state === 'queued'))

  const cores = computed(() => settings.info?.threads ?? 1)
  const slots = ref(Math.min(cores.value, settings.recall('runsAtOnce', cores.value)))
  const take = async (n: number): Promise<void> => {
    slots.value = await window.clinic.setSlots(n).catch(() => slots.value)
  }
  if (slots.value < cores.value) void take(slots.value)
  /** Remembered for the next start, too. */
  function setAtOnce(n: number): void {
    settings.remember('runsAtOnce', n)
    void take(n)
  }

  /** Opens the list with the name of this run as a field. */
  function rename(id: string): void {
    open.value = true
    renaming.value = id
  }
  /** Takes the name that was typed; an empty one changes nothing. */
  function named(name: string): void {
    const text = name.trim().slice(0, 200)
    if (renaming.value && text) {
      runs.rename(renaming.value, text)
      project.dirty = true
    }
    renaming.value = null
  }
  /** Asks first when something was recorded. */
  async function remove(r: Run): Promise<void> {
    if (r.frames?.length) {
      const sure = await ui.ask({
        title: { en: `Remove “${r.name}” and all that was recorded of it?`, zh: `移除“${r.name}”及其全部记录？` },
        buttons: [
          { id: 'cancel', label: { en: 'Keep it', zh: '保留' } },
          { id: 'remove', label: { en: 'Remove', zh: '移除' }, kind: 'bad' }
        ]
      })
      if (sure !== 'remove') return
    }
    runs.remove(r.id)
    project.dirty = true
  }
  return { open, renaming, waiting, cores, slots, setAtOnce, rename, named, remove }
})
