import type { FileCommands } from '@/features/edit/project/files'
import type { Text } from '@shared/base/text'

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
 * Every folder of features, pages and the window brings its own: `<area>/actions.ts`, whose default export is called once, in the window's set-up.
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
   * The page whose parts it acts on. On another one its keys rest, and to choose it by name goes there first: nothing changes out of sight.
   * By default that of building for what edits the network or steers its views, any for the others.
   */
  page?: 'build' | 'compare' | 'any'
  /** Further words it is found by. */
  words?: string
  /** Too many of their kind for the sheet of shortcuts, or for menus: found in the palette only. */
  rare?: boolean
}

/** What the canvas does for others. */
export interface CanvasHandle {
  /** Takes the keyboard. */
  focus(): void
  removeSelected(): void
  /** Selects the next connection (1), or the one before (-1). */
  stepWire(by: 1 | -1): void
  /** Moves the selected nodes by so many pixels. */
  nudge(dx: number, dy: number): void
  fit(): void
  zoomBy(factor: number): void
  arrange(): void
  /** Puts the selected nodes on one line, under one another, or at equal distances. */
  align(how: 'row' | 'column' | 'spread'): void
}
export type PanelName = 'left' | 'right' | 'dock'
/** The window's panels. */
export interface Panels {
  shown(panel: PanelName): boolean
  /** Closes it, or opens it again. */
  toggle(panel: PanelName): void
  /** Opens those that are closed. */
  openAll(): void
  /** Takes the keyboard to the next part of the window (1), or to the one before (-1). */
  focus(by: 1 | -1): void
  /** Takes the keyboard to the search for layers. */
  search(): void
}
/** What an `actions.ts` is given. */
export interface Place {
  files: FileCommands
  canvas: () => CanvasHandle | undefined
  panels: Panels
}
export type Actions = (place: Place) => Command[] | (() => Command[])

/** Groups whose commands act on the page of building, unless they say otherwise. */
const BUILDING: readonly CommandGroup[] = ['edit', 'network', 'remedies', 'view', 'gallery']
export const pageOf = (c: Command): NonNullable<Command['page']> =>
  c.page ?? (BUILDING.includes(c.group) ? 'build' : 'any')
export const nameOf = (c: Command): Text => (typeof c.name === 'function' ? c.name() : c.name)
export const canRun = (c: Command): boolean => c.enabled?.() ?? true
