import { computed } from 'vue'
import { duplicate, moveBy, nodeAt, removeNodes, unwrap, wrapInBlock, type EditResult } from '@shared/experiment/edit'
import { isBlock } from '@shared/experiment/types'
import type { Text } from '@shared/base/text'
import type { Command } from '@/commands/command'
import { both } from '@/i18n'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

/** Ids of the commands in the menus of layers, in this order; null is a line. */
export const LAYER_MENU: readonly (string | null)[] = [
  'connect',
  'earlier',
  'later',
  'fold',
  null,
  'copyLayers',
  'cutLayers',
  'pasteLayers',
  'duplicate',
  null,
  'wrap',
  'unwrap',
  null,
  'align-row',
  'align-column',
  'align-spread',
  null,
  'delete'
]
/** What one can do with the selected layers. */
export type CanvasCommand = Command & { icon: string; enabled: () => boolean }

export function useCanvasCommands(): Record<
  'earlier' | 'later' | 'duplicate' | 'wrap' | 'unwrap' | 'remove',
  CanvasCommand
> {
  const project = useProject()
  const ui = useUi()
  const own = computed(() => ui.selection.filter((p) => !p.startsWith('@') && nodeAt(project.experiment.network, p)))
  const block = computed(() => {
    const node = own.value.length === 1 ? nodeAt(project.experiment.network, own.value[0]!) : undefined
    return node && isBlock(node) ? node : undefined
  })
  const make = (
    id: string,
    icon: string,
    name: Text | (() => Text),
    keys: string,
    enabled: () => boolean,
    edit: () => EditResult
  ): CanvasCommand => ({
    id,
    group: 'network',
    icon,
    name,
    keys: [keys],
    enabled,
    run: () => void (enabled() && project.take(edit()))
  })
  const net = (): typeof project.experiment.network => project.experiment.network
  return {
    earlier: make(
      'earlier',
      'left',
      both('canvas.earlier'),
      'Alt+←',
      () => own.value.length === 1,
      () => moveBy(net(), own.value[0]!, -1)
    ),
    later: make(
      'later',
      'right',
      both('canvas.later'),
      'Alt+→',
      () => own.value.length === 1,
      () => moveBy(net(), own.value[0]!, 1)
    ),
    duplicate: make(
      'duplicate',
      'copy',
      both('canvas.duplicate'),
      'Ctrl+D',
      () => own.value.length > 0,
      () => duplicate(net(), own.value)
    ),
    wrap: make(
      'wrap',
      'wrap',
      both('canvas.wrap'),
      'Ctrl+G',
      () => own.value.length > 0,
      () => wrapInBlock(net(), own.value)
    ),
    unwrap: make(
      'unwrap',
      'rep',
      () => both('canvas.unwrap', { n: block.value ? block.value.times * block.value.body.length : 'n' }),
      'Ctrl+Shift+G',
      () => !!block.value,
      () => unwrap(net(), own.value[0]!)
    ),
    remove: make(
      'delete',
      'trash',
      both('canvas.delete'),
      'Del',
      () => own.value.length > 0,
      () => removeNodes(net(), own.value)
    )
  }
}
