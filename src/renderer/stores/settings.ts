import { clone } from '@shared/base/clone'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watchEffect } from 'vue'
import type { AppInfo } from '@shared/ipc/app'
import type { Settings } from '@shared/project/types'
import { setLanguage } from '@/i18n'

type LayoutValue = number | boolean | string

/** What the person chose for the window: theme, language, sizes of panels. Kept by main. */
export const useSettings = defineStore('settings', () => {
  const theme = ref<Settings['theme']>('system')
  const languageChoice = ref<Settings['language']>('system')
  const info = shallowRef<AppInfo>()
  const systemDark = ref(false)
  const layout = ref<Settings['layout']>({})

  const dark = computed(() => (theme.value === 'system' ? systemDark.value : theme.value === 'dark'))
  const language = computed<'en' | 'zh'>(() =>
    languageChoice.value === 'system' ? (info.value?.locale ?? 'en') : languageChoice.value
  )

  /** Weight of the moving average that curves are drawn with, 0 … 0.99. */
  const smoothing = computed({ get: () => recall('smoothing', 0), set: (v) => remember('smoothing', v) })

  /** Reads the kept settings; call before the app is mounted. */
  async function load(): Promise<void> {
    const media = window.matchMedia('(prefers-color-scheme: dark)')
    systemDark.value = media.matches
    media.addEventListener('change', (e) => (systemDark.value = e.matches))
    window.clinic.on('systemTheme', (t) => (systemDark.value = t === 'dark'))
    // A trainer may find that it can't load its library long after the window has asked.
    window.clinic.on('infoChanged', () => void window.clinic.info().then((about) => (info.value = about)))
    const [kept, about] = await Promise.all([window.clinic.getSettings(), window.clinic.info()])
    info.value = about
    theme.value = kept.theme
    languageChoice.value = kept.language
    layout.value = { ...kept.layout }
    applyZoom()
    watchEffect(() => {
      const root = document.documentElement.classList
      root.toggle('dark', dark.value)
      root.toggle('light', !dark.value)
    })
    watchEffect(() => setLanguage(language.value))
  }

  const keep = (change: Partial<Settings>): void => void window.clinic.setSettings(clone(change)).catch(() => undefined)
  function setTheme(value: Settings['theme']): void {
    theme.value = value
    keep({ theme: value })
  }
  function setLanguageChoice(value: Settings['language']): void {
    languageChoice.value = value
    keep({ language: value })
  }
  /** How much larger everything is drawn, for a projector: 1, 1.25 or 1.5. */
  const zoom = computed(() => recall('zoom', 1))
  function setZoom(value: number): void {
    remember('zoom', value)
    applyZoom()
  }
  const applyZoom = (): void => void window.clinic.setZoom(Math.min(2, Math.max(1, zoom.value))).catch(() => undefined)
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Remembers a size or state of the layout; written a moment later, so that dragging is cheap. */
  function remember(key: string, value: LayoutValue): void {
    if (layout.value[key] === value) return
    layout.value = { ...layout.value, [key]: value }
    clearTimeout(timer)
    timer = setTimeout(() => keep({ layout: layout.value }), 400)
  }
  /** A remembered value, or `fallback` when there is none of that type. */
  function recall(key: string, fallback: number): number
  function recall(key: string, fallback: boolean): boolean
  function recall(key: string, fallback: string): string
  function recall(key: string, fallback: LayoutValue): LayoutValue {
    const value = layout.value[key]
    return typeof value === typeof fallback ? value! : fallback
  }
  return {
    theme,
    languageChoice,
    dark,
    language,
    info,
    layout,
    zoom,
    smoothing,
    setZoom,
    load,
    setTheme,
    setLanguage: setLanguageChoice,
    remember,
    recall
  }
})
