import { computed, type ComputedRef } from 'vue'
import { duplicate, moveBy, nodeAt, removeNodes, unwrap, wrapInBlock, type EditResult } from '@shared/experiment/edit'
import { isBlock } from '@shared/experiment/types'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

/** Something one can do with the selected layers; menus, keys and the inspector share it. */
export interface CanvasCommand {
  id: string
  icon: string
  label: string
  keys?: string
  params?: ComputedRef<Record<string, unknown>>
  enabled: ComputedRef<boolean>
  run(): void
}

export function useCanvasCommands(): Record<'earlier' | 'later' | 'duplicate' | 'wrap' | 'unwrap' | 'remove', CanvasCommand> {
  const project = useProject()
  const ui = useUi()
  const own = computed(() => ui.selection.filter((p) => !p.startsWith('@') && nodeAt(project.experiment.network, p)))
  const block = computed(() => {
    const node = own.value.length === 1 ? nodeAt(project.experiment.network, own.value[0]!) : undefined
    return node && isBlock(node) ? node : undefined
  })
  const make = (id: string, icon: string, label: string, keys: string | undefined, enabled: () => boolean, edit: () => EditResult, params?: () => Record<string, unknown>): CanvasCommand => ({
    id, icon, label, ...(keys && { keys }), ...(params && { params: computed(params) }),
    enabled: computed(enabled),
    run: () => void (enabled() && project.take(edit()))
  })
  const net = (): typeof project.experiment.network => project.experiment.network
  return {
    earlier: make('earlier', 'left', 'canvas.earlier', 'Alt+←', () => own.value.length === 1, () => moveBy(net(), own.value[0]!, -1)),
    later: make('later', 'right', 'canvas.later', 'Alt+→', () => own.value.length === 1, () => moveBy(net(), own.value[0]!, 1)),
    duplicate: make('duplicate', 'copy', 'canvas.duplicate', 'Ctrl+D', () => own.value.length > 0, () => duplicate(net(), own.value)),
    wrap: make('wrap', 'wrap', 'canvas.wrap', 'Ctrl+G', () => own.value.length > 0, () => wrapInBlock(net(), own.value)),
    unwrap: make('unwrap', 'rep', 'canvas.unwrap', 'Ctrl+Shift+G', () => !!block.value, () => unwrap(net(), own.value[0]!), () => ({ n: block.value ? block.value.times * block.value.body.length : 'n' })),
    remove: make('delete', 'trash', 'canvas.delete', 'Del', () => own.value.length > 0, () => removeNodes(net(), own.value))
  }
}
