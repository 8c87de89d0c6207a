import { join } from 'node:path'
import { app, nativeTheme } from 'electron'
import * as v from 'valibot'
import type { Settings } from '@shared/project/types'
import type { Language } from '@shared/base/text'
import { Store } from './files/store'

const DEFAULTS: Settings = { theme: 'system', language: 'system', layout: {} }
/** What a newer program has added is kept for it. */
const settingsSchema = v.looseObject({
  theme: v.fallback(v.picklist(['system', 'light', 'dark']), DEFAULTS.theme),
  language: v.fallback(v.picklist(['system', 'en', 'zh']), DEFAULTS.language),
  layout: v.fallback(
    v.record(
      v.pipe(v.string(), v.maxLength(200)),
      v.union([v.number(), v.boolean(), v.pipe(v.string(), v.maxLength(10_000))])
    ),
    DEFAULTS.layout
  )
}) as v.GenericSchema<unknown, Settings>

export interface WindowState {
  width: number
  height: number
  x?: number
  y?: number
  maximized: boolean
}
interface State {
  window?: WindowState
  recent: string[]
  /** The Python that the person chose to check projects with. */
  python?: string
}
const MAX_RECENT = 10
/** CSS pixels that a screen may have, or be away. */
const pixels = v.pipe(v.number(), v.integer(), v.minValue(-50_000), v.maxValue(50_000))
const stateSchema = v.looseObject({
  window: v.fallback(
    v.optional(
      v.object({
        width: pixels,
        height: pixels,
        x: v.optional(pixels),
        y: v.optional(pixels),
        maximized: v.boolean()
      })
    ),
    undefined
  ),
  recent: v.fallback(
    v.pipe(
      v.array(v.unknown()),
      v.transform((all) => all.filter((path) => typeof path === 'string').slice(0, MAX_RECENT))
    ),
    []
  ),
  python: v.fallback(v.optional(v.pipe(v.string(), v.maxLength(4096))), undefined)
}) as v.GenericSchema<unknown, State>

/** What the person has chosen, and what the app remembers by itself. */
export class Preferences {
  private readonly settings: Store<Settings>
  private readonly state: Store<State>

  constructor(folder: string) {
    this.settings = new Store(join(folder, 'settings.json'), settingsSchema, DEFAULTS)
    this.state = new Store(join(folder, 'state.json'), stateSchema, { recent: [] })
    nativeTheme.themeSource = this.settings.get().theme
  }
  get(): Settings {
    return this.settings.get()
  }
  /** Unknown or wrong members are ignored. */
  set(change: Partial<Settings>): Settings {
    const now = this.settings.get()
    const next = this.settings.set({ ...now, ...change, layout: { ...now.layout, ...(change.layout ?? {}) } })
    nativeTheme.themeSource = next.theme
    return next
  }
  get language(): Language {
    const { language } = this.settings.get()
    return language === 'system' ? systemLanguage() : language
  }
  get window(): WindowState | undefined {
    return this.state.get().window
  }
  set window(window: WindowState | undefined) {
    this.state.set({ ...this.state.get(), window })
  }
  /** The window never names it: it is a program that is run. */
  get python(): string | undefined {
    return this.state.get().python
  }
  choosePython(path: string): void {
    this.state.set({ ...this.state.get(), python: path })
  }
  get recent(): string[] {
    return this.state.get().recent
  }
  remember(path: string): void {
    this.state.set({
      ...this.state.get(),
      recent: [path, ...this.recent.filter((p) => p !== path)].slice(0, MAX_RECENT)
    })
  }
  forget(path: string): void {
    this.state.set({ ...this.state.get(), recent: this.recent.filter((p) => p !== path) })
  }
  async flush(): Promise<void> {
    await Promise.all([this.settings.flush(), this.state.flush()])
  }
}
export const systemLanguage = (): Language => (/^zh/i.test(app.getLocale()) ? 'zh' : 'en')
