import { defineStore } from 'pinia'
import { computed, ref, shallowRef, type WritableComputedRef } from 'vue'
import type { Problem } from '@shared/base/problems'
import type { Text } from '@shared/base/text'

export interface Toast {
  id: number
  kind: 'info' | 'ok' | 'bad'
  text: Text
  action?: { label: Text; run: () => void }
}
/** A question the window asks and waits for. */
export interface Question {
  title: Text
  body?: Text
  problems?: Problem[]
  /** The first that is `pri`, or else the first that is not `bad`, has the keyboard when the question opens. */
  buttons: { id: string; label: Text; kind?: 'pri' | 'bad' }[]
  /** Distinguishes it from all others. */
  key: number
  answer: (id: string | null) => void
}

/**
 * How long notes stay, in milliseconds: what went wrong takes longer to read, and what can be pressed to decide. One
 * that somebody points at, or has the keyboard in, stays.
 */
const NOTE = 6000
const LONG_NOTE = 15_000

/** Id of the page on which the window opens. */
export const HOME_PAGE = 'build'
export type MenuName = 'settings' | 'live' | 'continue' | 'queue'

/** What is selected, open or said on screen; nothing of it is saved with a project. */
export const useUi = defineStore('ui', () => {
  /** Node paths (`hidden`, `hidden/dense`) or `@data`, `@loss`. */
  const selection = ref<string[]>([])
  /** Id of the connection that is selected: then no layer is. */
  const wire = ref<string | null>(null)
  /** The statistic the canvas colours by. */
  const statistic = ref('activationGradientRms')
  /** Id of the remedy whose change is previewed on the canvas. */
  const previewRemedy = ref<string | null>(null)
  /** Id of the page that fills the window. */
  const page = ref(HOME_PAGE)
  const leftTab = ref<'layers' | 'gallery'>('layers')
  const toasts = shallowRef<Toast[]>([])
  /** Questions that wait for an answer, in the order in which they were asked. */
  const questions = shallowRef<readonly Question[]>([])
  /** The question on screen: another one waits until it is answered. */
  const question = computed(() => questions.value[0] ?? null)
  const problemsOpen = ref(false)
  /** The canvas shows less than the whole network, so that a map of it is of use. */
  const mapOfUse = ref(false)
  /** A dialog that a command asks for. */
  const dialog = ref<'rename' | 'gallery' | 'recovered' | null>(null)
  /** The menu or popover that stands open over a button and that a command opens, too. */
  const menu = ref<MenuName | null>(null)
  const toggleMenu = (name: MenuName): void => void (menu.value = menu.value === name ? null : name)

  const selected = computed(() => (selection.value.length === 1 ? selection.value[0]! : null))
  function select(...paths: string[]): void {
    wire.value = null
    if (paths.join('\n') !== selection.value.join('\n')) selection.value = paths
  }
  /** Shows the data where they can be changed. */
  function showData(): void {
    page.value = 'build'
    select('@data')
  }
  function selectWire(id: string): void {
    select()
    wire.value = id
  }

  let next = 1
  function toast(kind: Toast['kind'], text: Text, action?: Toast['action']): void {
    const entry: Toast = { id: next++, kind, text, ...(action ? { action } : {}) }
    // Said again, it is one note that starts anew.
    const others = toasts.value.filter((o) => o.text.en !== text.en)
    toasts.value = [...others.slice(-3), entry]
    letGo(entry)
  }
  /** When each note goes by itself. */
  const ends = new Map<number, ReturnType<typeof setTimeout>>()
  /** Somebody is at a note: it must not go under their hands. */
  const hold = ({ id }: Toast): void => clearTimeout(ends.get(id))
  /** From now on a note goes by itself, after its time. */
  function letGo(note: Toast): void {
    hold(note)
    const { id, kind, action } = note
    ends.set(
      id,
      setTimeout(() => dismiss(id), kind === 'bad' || action ? LONG_NOTE : NOTE)
    )
  }
  function dismiss(id: number): void {
    clearTimeout(ends.get(id))
    ends.delete(id)
    toasts.value = toasts.value.filter((t) => t.id !== id)
  }
  /**
   * Asks, after all that was asked before. @returns id of the button, or null when the question was closed without an
   * answer
   */
  function ask(q: Omit<Question, 'answer' | 'key'>): Promise<string | null> {
    return new Promise((resolve) => {
      const asked: Question = {
        ...q,
        key: next++,
        answer: (id) => {
          questions.value = questions.value.filter((o) => o !== asked)
          resolve(id)
        }
      }
      questions.value = [...questions.value, asked]
    })
  }
  /** Says what failed, where, and what to do, and waits until it was read. */
  async function fail(title: Text, problems: Problem[]): Promise<void> {
    await ask({ title, problems, buttons: [{ id: 'ok', label: { en: 'OK', zh: '确定' }, kind: 'pri' }] })
  }
  return {
    selection,
    selected,
    select,
    showData,
    wire,
    selectWire,
    mapOfUse,
    statistic,
    previewRemedy,
    page,
    leftTab,
    toasts,
    question,
    problemsOpen,
    dialog,
    menu,
    toggleMenu,
    toast,
    hold,
    letGo,
    dismiss,
    ask,
    fail
  }
})

/** Whether a menu is open, as a model for the component that shows it. */
export function useMenu(name: MenuName): WritableComputedRef<boolean> {
  const ui = useUi()
  return computed({
    get: () => ui.menu === name,
    set: (open) => {
      if (open !== (ui.menu === name)) ui.toggleMenu(name)
    }
  })
}
