import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { canRun, type Actions, type Command, type Place } from './command'

const modules = import.meta.glob<Actions>('../*/actions.ts', { eager: true, import: 'default' })

/** Every command there is, and which sheet over the window is open. */
export const useCommands = defineStore('commands', () => {
  const sources = shallowRef<(Command[] | (() => Command[]))[]>([])
  /** Called once, when the window is set up. */
  function install(place: Place): void {
    sources.value = Object.values(modules).map((make) => make(place))
  }
  const all = computed<Command[]>(() => sources.value.flatMap((s) => (typeof s === 'function' ? s() : s)))
  const byId = computed(() => new Map(all.value.map((c) => [c.id, c])))
  const byChord = computed(() => new Map(all.value.flatMap((c) => (c.keys ?? []).map((k) => [k, c] as const))))
  const find = (id: string): Command | undefined => byId.value.get(id)
  /** Does it, if it can be done now. @returns whether it could */
  function run(id: string): boolean {
    const c = find(id)
    if (!c || !canRun(c)) return false
    void c.run()
    return true
  }
  const palette = shallowRef(false)
  const sheet = shallowRef(false)
  return { install, all, byChord, find, run, palette, sheet }
})
