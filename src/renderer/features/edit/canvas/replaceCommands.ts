import { nodeAt, replaceKind } from '@shared/experiment/edit'
import { isBlock } from '@shared/experiment/types'
import { layers, type LayerKind } from '@shared/catalog/layers'
import type { Command } from '@/commands/command'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'

/** Kinds that can take the place of another layer: those that read one input. */
export const REPLACEMENTS: readonly LayerKind[] = layers.all.filter((l) => l.inputs.min <= 1)

/** Makes the selected layers ones of another kind, in their places. */
export function replaceCommands(): Command[] {
  const project = useProject()
  const ui = useUi()
  const chosen = (): string[] =>
    ui.selection.filter((p) => {
      const node = nodeAt(project.experiment.network, p)
      return node && !isBlock(node)
    })
  return REPLACEMENTS.map((l) => ({
    id: `replace-${l.id}`,
    group: 'network',
    icon: l.icon,
    rare: true,
    words: 'replace kind 替换 类型',
    name: { en: `Replace with ${l.name.en}`, zh: `替换为${l.name.zh}` },
    enabled: () => chosen().length > 0 && !project.viewed,
    run: () => project.setNetwork(chosen().reduce((now, p) => replaceKind(now, p, l.id), project.experiment.network))
  }))
}
