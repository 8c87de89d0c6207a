import { defineStore } from 'pinia'
import { computed, ref, type Ref } from 'vue'
import type { Text } from '@shared/base/text'
import type { Saved } from '@shared/ipc/app'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'

export type ExportForm = 'png' | 'svg' | 'csv' | 'copyPng' | 'copyCsv'
/** Every form with its icon, in words of both languages, for commands. */
export const FORMS: readonly [form: ExportForm, icon: string, en: string, zh: string][] = [
  ['png', 'save', 'save as PNG …', '存为 PNG…'],
  ['svg', 'save', 'save as SVG …', '存为 SVG…'],
  ['csv', 'table', 'save as CSV …', '存为 CSV…'],
  ['copyPng', 'copy', 'copy the picture', '复制图片'],
  ['copyCsv', 'copy', 'copy as CSV', '复制为 CSV']
]
export const SCALES = ['1', '2', '4'] as const
export const THEMES = ['light', 'dark'] as const

/** Text without what file systems refuse. */
export const fileName = (text: string): string => {
  const safe = [...text].map((c) => (c < ' ' || '\\/:*?"<>|'.includes(c) ? '-' : c)).join('')
  return safe.replace(/^[.\s]+|[.\s]+$/g, '').slice(0, 80) || 'run'
}

/** How pictures are exported, from every menu and by every command: device pixels per CSS pixel, and the theme. */
export const useExportChoice = defineStore('exportChoice', () => {
  const settings = useSettings()
  const scale = ref<(typeof SCALES)[number]>('2')
  const chosen = ref<(typeof THEMES)[number]>()
  /** The window's own until another is chosen. */
  const theme = computed({
    get: () => chosen.value ?? (settings.dark ? 'dark' : 'light'),
    set: (v) => (chosen.value = v)
  })
  return {
    scale,
    theme,
    k: computed(() => Number(scale.value) as 1 | 2 | 4),
    dark: computed(() => theme.value === 'dark')
  }
})

export interface Saving {
  busy: Ref<boolean>
  /** Asks where to and writes some bytes. @returns whether they were written */
  save(name: string, make: () => Uint8Array | Promise<Uint8Array>): Promise<boolean>
  /** Asks where to and prints a document of HTML there, as PDF. @returns whether it was written */
  print(name: string, make: () => Promise<string>): Promise<boolean>
  copy(make: () => Promise<{ text: string } | { png: Uint8Array }>): Promise<boolean>
}
/** Writes files and the clipboard, one at a time, and says how it went. Call in a component's setup. */
export function useSaving(): Saving {
  const ui = useUi()
  const busy = ref(false)
  async function refuse(title: Text, path: string, error: unknown): Promise<void> {
    const e = error as { message?: string; text?: Text }
    await ui.fail(title, [
      { path, message: e.text ?? { en: e.message ?? String(error), zh: e.message ?? String(error) } }
    ])
  }
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
  async function write(name: string, send: () => Promise<Saved>): Promise<boolean> {
    busy.value = true
    try {
      const saved = await send()
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
  const save: Saving['save'] = (name, make) => write(name, async () => window.clinic.exportFile(name, await make()))
  const print: Saving['print'] = (name, make) => write(name, async () => window.clinic.exportPdf(name, await make()))
  return { busy, save, print, copy }
}
