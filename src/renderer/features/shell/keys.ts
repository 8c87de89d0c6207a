import { useEventListener } from '@vueuse/core'
import { onBeforeUnmount } from 'vue'
import { sinkOf } from '@shared/experiment/edit'
import { useCanvasCommands } from '@/features/canvas/commands'
import { neighbour } from '@/features/canvas/model'
import { useFiles, type FileCommands } from '@/features/project/files'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'

interface Canvas {
  removeSelected(): void
  fit(): void
}
/** In a field the keys belong to the field. */
const typing = (e: Event): boolean => e.target instanceof HTMLElement && (e.target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(e.target.tagName))
/** Controls that use the arrow keys themselves. */
const steering = (e: Event): boolean => e.target instanceof HTMLElement && !!e.target.closest('[role=slider],[role=menu],[role=listbox],[role=dialog],[role=radiogroup],[role=tablist],[data-keys]')

/** The keyboard and the menu bar, for the whole window. */
export function useKeys(files: FileCommands, canvas: () => Canvas | undefined): void {
  const project = useProject()
  const runs = useRuns()
  const ui = useUi()
  const commands = useCanvasCommands()

  useEventListener('keydown', (e: KeyboardEvent) => {
    const ctrl = e.ctrlKey || e.metaKey
    const key = e.key.toLowerCase()
    const run = (what: () => unknown): void => {
      e.preventDefault()
      void what()
    }
    if (ctrl && key === 's') return run(() => (e.shiftKey ? files.saveAs() : files.save()))
    if (ctrl && key === 'o') return run(() => (e.shiftKey ? files.openCsv() : files.open(null)))
    if (ctrl && key === 'n') return run(() => files.create())
    if (typing(e) || ui.question) return
    if (ctrl && key === 'z') return run(e.shiftKey ? project.redo : project.undo)
    if (ctrl && key === 'y') return run(project.redo)
    if (ctrl && key === 'd') return run(() => commands.duplicate.run())
    if (ctrl && key === 'g') return run(() => (e.shiftKey ? commands.unwrap : commands.wrap).run())
    if (ctrl && key === 'a') return run(() => ui.select(...project.experiment.network.nodes.map((n) => n.id)))
    if (ctrl && key === 'enter') return run(() => project.train())
    if (e.key === 'Escape' && !(e.target as HTMLElement).closest?.('[role=menu],[role=listbox],[role=dialog]')) return run(() => ((ui.previewRemedy = null), ui.select()))
    if (ctrl || steering(e)) return
    if (e.key === 'Delete' || e.key === 'Backspace') return run(() => canvas()?.removeSelected())
    if (e.key === 'ArrowLeft' || e.key === 'ArrowRight') {
      const by = e.key === 'ArrowLeft' ? -1 : 1
      if (e.altKey) return run(() => (by < 0 ? commands.earlier : commands.later).run())
      return run(() => {
        const from = ui.selected ?? (ui.selection.length ? ui.selection[ui.selection.length - 1]! : null)
        ui.select(from === null && by < 0 ? (sinkOf(project.effective.network.nodes)?.id ?? '@loss') : neighbour(project.effective.network, from, by))
      })
    }
    if (key === 'f') return run(() => canvas()?.fit())
  })

  const off = window.clinic.on('menu', (command) => {
    const inField = document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement
    if (typeof command === 'object') return void files.open(command.openRecent)
    if (command === 'new') void files.create()
    else if (command === 'open') void files.open(null)
    else if (command === 'save') void files.save()
    else if (command === 'saveAs') void files.saveAs()
    else if (command === 'openCsv') void files.openCsv()
    // In a text field undo is the field's own.
    else if (command === 'undo' || command === 'redo') {
      if (inField) document.execCommand(command)
      else project[command]()
    }
    else if (command === 'about') {
      const info = Object.entries(runs.current?.schema?.versions ?? {}).map(([k, v]) => `${k} ${v}`).join('\n')
      void window.clinic.info().then((i) => {
        const text = [...Object.entries(i.versions).map(([k, v]) => `${k} ${v}`), `${i.cpu}, ${i.threads} threads`, info].filter(Boolean).join('\n')
        return ui.ask({ title: { en: 'Gradient Clinic', zh: 'Gradient Clinic' }, body: { en: text, zh: text }, buttons: [{ id: 'ok', label: { en: 'OK', zh: '确定' }, kind: 'pri' }] })
      })
    } else if (command === 'settings') document.querySelector<HTMLElement>('[data-testid=theme]')?.click()
  })
  onBeforeUnmount(off)
}
export { useFiles }
