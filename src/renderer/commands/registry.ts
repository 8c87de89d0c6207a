import { defineStore } from 'pinia'
import { computed, nextTick, shallowRef } from 'vue'
import { useUi } from '@/stores/ui'
import { canRun, pageOf, type Actions, type Command, type Place } from './command'

const modules = import.meta.glob<Actions>('../{features/*,pages,window}/*/actions.ts', {
  eager: true,
  import: 'default'
})
const areaOf = (file: string): string => file.split('/').at(-2)!
/** By the names of their folders, wherever these stand: lists of commands keep their order when a folder moves. */
const sets = Object.entries(modules)
  .sort(([a], [b]) => (areaOf(a) < areaOf(b) ? -1 : 1))
  .map(([, actions]) => actions)

/** Every command there is, and which sheet over the window is open. */
export const useCommands = defineStore('commands', () => {
  const ui = useUi()
  const sources = shallowRef<(Command[] | (() => Command[]))[]>([])
  /** Called once, when the window is set up. */
  function install(place: Place): void {
    sources.value = sets.map((make) => make(place))
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
    ui.page = pageOf(c) as 'build' | 'compare'
    void nextTick(() => c.run())
  }
  /** Whether what it acts on is on screen. */
  const onScreen = (c: Command): boolean => pageOf(c) === 'any' || pageOf(c) === ui.page
  const palette = shallowRef(false)
  /** The tab of the help sheet that is open, if it is. */
  const sheet = shallowRef<'keys' | 'glossary'>()
  return { install, all, byChord, find, run, perform, onScreen, palette, sheet }
})
