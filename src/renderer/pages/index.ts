import type { Component } from 'vue'
import type { Text } from '@shared/base/text'
import type { Actions } from '@/commands/command'

/**
 * A page of the window, the default export of `pages/<page>/page.ts`. The switcher, the command palette, the list of
 * keys, the F6 cycle and the
 * window itself all take it from there.
 */
export interface Page {
  /** Its id, which is the name of its folder. */
  id: string
  /** Its name in the switcher. */
  title: Text
  icon: string
  /** Its place in the switcher: the least comes first. */
  order: number
  component: Component
  /** Stays mounted while another page is shown, so that it comes back as it was left. */
  kept?: boolean
  /** The name of the command that goes there; `Page: <title>` by default. */
  command?: Text
  /** Chords that go there. */
  keys?: string[]
  /** Further words by which the command palette finds it. */
  words?: string
  /** Commands that act on this page and belong to none of the features on it. */
  commands?: Actions
  /** Selectors of its parts, in the order in which F6 visits them. */
  parts: string[]
  /** Where notes stand while it is shown, as CSS lengths; at the foot of the window by default. */
  notes?: () => { left: string; bottom: string }
}

const modules = import.meta.glob<Page>('./*/page.ts', { eager: true, import: 'default' })

/** Every page, in the order of the switcher. */
export const pages: readonly Page[] = Object.values(modules).sort((a, b) => a.order - b.order)
