import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount } from 'vue'
import { useClipboardEvents } from '@/features/edit/canvas/clipboard'
import { useDropped } from '@/features/edit/model/dropped'
import { useFiles } from '@/features/edit/project/files'
import { useProject } from '@/stores/project'
import { HOME_PAGE, useUi } from '@/stores/ui'
import { canRun } from '@/commands/command'
import { installCommands } from '@/window/commands'
import { chordOf } from '@/commands/chords'
import { useCommands } from '@/commands/registry'

/** In a field the keys belong to the field. */
const typing = (e: Event): boolean =>
  e.target instanceof HTMLElement &&
  (e.target.isContentEditable ||
    (/^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName) && (e.target as HTMLInputElement).type !== 'range'))
/** Takes what was typed into a field so far, which otherwise counts once the field is left; it keeps the keyboard. */
function commit(field: HTMLElement): void {
  field.blur()
  field.focus()
}
/** Controls that use these keys themselves. */
const STEERS = /^(Arrow.*|Home|End|Page.*|Enter| |Delete|Backspace)$/
const PRESSES = /^(Enter| )$/
const steering = (e: KeyboardEvent): boolean =>
  STEERS.test(e.key) &&
  e.target instanceof HTMLElement &&
  (!!e.target.closest('[role=slider],[role=radiogroup],[role=tablist],[data-keys]') ||
    (e.target as HTMLInputElement).type === 'range' ||
    (PRESSES.test(e.key) && !!e.target.closest('button,a[href],summary')))
/** A menu, list or dialog that is open has all keys. */
const modal = (): boolean =>
  !!document.querySelector(
    '[role=dialog][data-state=open]:not([data-part]),[role=menu][data-state=open],[role=listbox][data-state=open]'
  )

/** The keyboard and the menu bar, for the whole window: both only name commands. */
export function useKeys(): void {
  const commands = useCommands()
  const project = useProject()
  const ui = useUi()
  const files = useFiles()
  const dropped = useDropped()
  installCommands()
  useClipboardEvents()

  function key(e: KeyboardEvent): void {
    if (e.isComposing || e.defaultPrevented || modal()) return
    const command = commands.byChord.get(chordOf(e))
    if (!command || command.native || (typing(e) && !command.typing)) return
    // Arrows and the like belong to the control that has the keyboard, if it uses them.
    if (!held(e) && steering(e)) return
    if (typing(e)) commit(e.target as HTMLElement)
    // What is not on screen is not changed by a key.
    if (!canRun(command) || !commands.onScreen(command)) return
    e.preventDefault()
    e.stopPropagation()
    void command.run()
  }
  const held = (e: KeyboardEvent): boolean => e.ctrlKey || e.metaKey
  // With Ctrl a chord is ours before any control's: a switch takes Ctrl+Enter for Enter otherwise.
  useEventListener('keydown', (e: KeyboardEvent) => held(e) && key(e), { capture: true })
  useEventListener('keydown', (e: KeyboardEvent) => held(e) || key(e))

  const off = window.clinic.on('menu', (command) => {
    const inField =
      document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement
    if (typeof command === 'object') return void dropped.open(command.openRecent)
    if (command === 'saveAndClose') return void files.saveAndClose()
    // In a text field undo is the field's own.
    if (command === 'undo' || command === 'redo')
      return void (inField ? document.execCommand(command) : ui.page === HOME_PAGE && project[command]())
    commands.run(command)
  })
  onBeforeUnmount(off)
}
