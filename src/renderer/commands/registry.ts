import { defineStore } from 'pinia'
import { computed, nextTick, shallowRef } from 'vue'
import { useUi } from '@/stores/ui'
import { canRun, pageOf, type Actions, type Command } from './command'

/** Every command there is, and which sheet over the window is open. */
export const useCommands = defineStore('commands', () => {
  const ui = useUi()
  const sources = shallowRef<(Command[] | (() => Command[]))[]>([])
  /** Takes the commands over. Called once, when the window is set up. */
  function install(sets: readonly Actions[]): void {
    sources.value = sets.map((make) => make())
  }
  const all = computed<Command[]>(() => sources.value.flatMap((s) => (typeof s === 'function' ? s() : s)))
  const byId = computed(() => new Map(all.value.map((c) => [c.id, c])))
  const byChord = computed(() => new Map(all.value.flatMap((c) => (c.keys ?? []).map((k) => [k, c] as const))))
  const find = (id: string): Command | undefined => byId.value.get(id)
  /** Does it, if it can be done now. @returns whether it could */
  function run(id: string): boolean {
    const c = find(id)
    if (!c || !canRun(c)) return false
    perform(c)
    return true
  }
  /** Does it, on the page it belongs to. */
  function perform(c: Command): void {
    if (onScreen(c)) return void c.run()
    ui.page = pageOf(c)
    void nextTick(() => c.run())
  }
  /** Whether what it acts on is on screen. */
  const onScreen = (c: Command): boolean => pageOf(c) === 'any' || pageOf(c) === ui.page
  const palette = shallowRef(false)
  /** The tab of the help sheet that is open, if it is. */
  const sheet = shallowRef<'keys' | 'glossary'>()
  return { install, all, byChord, find, run, perform, onScreen, palette, sheet }
})
