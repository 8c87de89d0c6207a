import { layers } from '@shared/catalog/layers'
import { templates } from '@shared/clinic/templates'
import type { Actions, Command } from '@/commands/command'
import { defaultWire, insertKind } from '@/features/edit/canvas/place'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { openEmpty, openTemplate } from '@/features/edit/gallery/open'

/** Layers to put in, and ready experiments. */
const actions: Actions = () => {
  const project = useProject()
  const ui = useUi()
  const put = (kind: string): unknown =>
    project.take(
      insertKind(
        project.experiment.network,
        project.plan,
        project.info,
        defaultWire(project.experiment.network, ui.selected),
        kind
      )
    )
  const kinds: Command[] = layers.all.map((l) => ({
    id: `add-${l.id}`,
    group: 'network',
    icon: l.icon,
    rare: true,
    words: `layer ${l.id}`,
    name: { en: `Add a layer: ${l.name.en}`, zh: `添加层：${l.name.zh}` },
    run: () => put(l.id)
  }))
  return [
    {
      id: 'gallery',
      group: 'gallery',
      icon: 'layout',
      name: { en: 'Gallery', zh: '示例库' },
      keys: ['G'],
      words: 'gallery templates examples 示例库',
      run: () => (ui.dialog = 'gallery')
    },
    ...kinds,
    {
      id: 'add-repeat',
      group: 'network',
      icon: 'rep',
      rare: true,
      words: 'block depth 深度',
      name: { en: 'Add a repeated block', zh: '添加重复块' },
      run: () => put('repeat')
    },
    {
      id: 'addEmpty',
      group: 'gallery',
      icon: 'file',
      name: { en: 'Open: an empty network', zh: '打开：空网络' },
      run: openEmpty
    },
    ...templates.map((x): Command => ({
      id: `template-${x.id}`,
      group: 'gallery',
      icon: 'file',
      rare: true,
      name: { en: `Open: ${x.name.en}`, zh: `打开：${x.name.zh}` },
      run: () => openTemplate(x)
    }))
  ]
}
export default actions
