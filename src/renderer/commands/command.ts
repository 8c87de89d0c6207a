import type { Text } from '@shared/base/text'
import { HOME_PAGE } from '@/stores/ui'

/** Headings of the palette and of the sheet of shortcuts, in this order. */
export const GROUPS = [
  'run',
  'edit',
  'network',
  'remedies',
  'view',
  'panels',
  'file',
  'experiments',
  'gallery',
  'help'
] as const
export type CommandGroup = (typeof GROUPS)[number]

/**
 * Something one can do. Menus, buttons, keys, the palette and the sheet of shortcuts all take it from here.
 * Each feature and part of the window brings its own in `<area>/actions.ts`, each page in `page.ts`.
 */
export interface Command {
  id: string
  group: CommandGroup
  /** A function where it depends on the moment. */
  name: Text | (() => Text)
  icon?: string
  /** Chords as `Ctrl+Shift+P`; Ctrl stands for ⌘ on a Mac. The first is the one that is shown. */
  keys?: string[]
  /** Can it be done now? Always, when absent. */
  enabled?: () => boolean
  /** Is what it switches on? */
  on?: () => boolean
  run: () => unknown
  /** Its keys work while one types in a field, too. */
  typing?: boolean
  /** The system has these keys already and tells us what they meant (copy, paste). */
  native?: boolean
  /**
   * Id of the page whose parts it acts on, or `any`. On another page its keys rest, and choosing it by name goes there
   * first: nothing changes out of sight. By default the home page for what edits the network or steers its views, `any`
   * for the others.
   */
  page?: string
  /** Further words it is found by. */
  words?: string
  /** Too many of their kind for the sheet of shortcuts, or for menus: found in the palette only. */
  rare?: boolean
}

/**
 * What an `actions.ts` exports. It is called once, in the window's set-up.
 * @returns commands, or a function for a list that depends on the moment.
 */
export type Actions = () => Command[] | (() => Command[])

/** Groups whose commands act on the home page, unless they say otherwise. */
const BUILDING: readonly CommandGroup[] = ['edit', 'network', 'remedies', 'view', 'gallery']
export const pageOf = (c: Command): string => c.page ?? (BUILDING.includes(c.group) ? HOME_PAGE : 'any')
export const nameOf = (c: Command): Text => (typeof c.name === 'function' ? c.name() : c.name)
export const canRun = (c: Command): boolean => c.enabled?.() ?? true
