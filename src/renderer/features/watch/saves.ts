import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Text } from '@shared/text'
import { useUi } from '@/stores/ui'

/** Writes and copies what is exported, one thing at a time, and says how it went. */
export const useSaves = defineStore('saves', () => {
  const ui = useUi()
  const busy = ref(false)

  async function refuse(title: Text, path: string, error: unknown): Promise<void> {
    const e = error as { message?: string; text?: Text }
    await ui.fail(title, [{ path, message: e.text ?? { en: e.message ?? String(error), zh: e.message ?? String(error) } }])
  }
  /** Copies to the clipboard. @returns whether it was copied */
  async function copy(make: () => Promise<{ text: string } | { png: Uint8Array }>): Promise<boolean> {
    busy.value = true
    try {
      await window.clinic.copy(await make())
      ui.toast('ok', { en: 'Copied to the clipboard', zh: '已复制到剪贴板' })
      return true
    } catch (error) {
      await refuse({ en: 'Could not copy', zh: '无法复制' }, '', error)
      return false
    } finally {
      busy.value = false
    }
  }
  /** Asks where to and writes some bytes. @returns whether they were written */
  async function save(name: string, make: () => Promise<Uint8Array>): Promise<boolean> {
    busy.value = true
    try {
      const saved = await window.clinic.exportFile(name, await make())
      if (saved.ok) ui.toast('ok', { en: `Saved ${saved.path}`, zh: `已保存 ${saved.path}` })
      else if (!saved.canceled) await ui.fail({ en: 'Could not export', zh: '无法导出' }, saved.problems)
      return saved.ok
    } catch (error) {
      await refuse({ en: 'Could not export', zh: '无法导出' }, name, error)
      return false
    } finally {
      busy.value = false
    }
  }
  return { busy, copy, save }
})
