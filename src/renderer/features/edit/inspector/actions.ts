import type { Actions } from '@/commands/command'
import { useUi } from '@/stores/ui'
import { useLayerName } from './state'

/** Renames what is selected: a layer, else the experiment. */
const actions: Actions = () => {
  const ui = useUi()
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
      run: rename
    }
  ]
}
export default actions
