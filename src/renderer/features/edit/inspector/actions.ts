import type { Actions } from '@/commands/command'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { useLayerName } from './state'

/** Renames what is selected: a layer, else the experiment. Draws the weights before the first step anew. */
const actions: Actions = () => {
  const ui = useUi()
  const project = useProject()
  const layer = useLayerName()
  function rename(): void {
    if (!layer.field) ui.dialog = 'rename'
    else {
      layer.field.focus()
      layer.field.select()
    }
  }
  return [
    {
      id: 'renameSelected',
      group: 'edit',
      icon: 'sliders',
      name: () =>
        layer.field
          ? { en: 'Rename this layer', zh: '重命名此层' }
          : { en: 'Rename what is selected', zh: '重命名所选内容' },
      keys: ['F2'],
      typing: true,
      run: rename
    },
    {
      id: 'drawWeights',
      group: 'edit',
      icon: 'reset',
      name: () => ({ en: 'Draw new weights', zh: '重新初始化权重' }),
      enabled: () => project.experiment.weights !== undefined,
      run: () => project.edit(({ weights: _, ...rest }) => rest, 'weights')
    }
  ]
}
export default actions
