import type { Actions, Command } from '@/commands/command'
import { usePalette } from '@/features/edit/palette/state'
import type { Page } from '@/pages'
import BuildPage from './BuildPage.vue'
import { usePanels, type PanelName } from './panels'

const commands: Actions = () => {
  const panels = usePanels()
  const panel = (id: PanelName, keys: string, en: string, zh: string): Command => ({
    id: `panel-${id}`,
    group: 'panels',
    page: 'build',
    icon: 'layout',
    name: { en, zh },
    keys: [keys],
    on: () => panels.sizes[id] > 0,
    run: () => panels.toggle(id)
  })
  return [
    panel('left', 'Ctrl+B', 'Palette and gallery', '组件栏与示例库'),
    panel('right', 'Ctrl+Shift+B', 'Inspector and remedies', '检查器与对策'),
    panel('dock', 'Ctrl+J', 'Run views', '运行视图'),
    {
      id: 'findLayer',
      group: 'network',
      icon: 'search',
      name: { en: 'Find a layer to add', zh: '查找要添加的层' },
      keys: ['/'],
      run: () => {
        panels.open('left')
        usePalette().find()
      }
    }
  ]
}

/** The network, its run and what treats it: where the window opens. */
export default {
  id: 'build',
  title: { en: 'Build', zh: '构建' },
  command: { en: 'Page: build', zh: '页面：构建' },
  icon: 'layout',
  order: 1,
  keys: ['Alt+8'],
  component: BuildPage,
  kept: true,
  commands,
  parts: [
    '[data-testid=palette]',
    '[data-testid=canvas]',
    '[data-testid=watch-dock]',
    '[data-testid=inspector]',
    '[data-testid=remedies]'
  ],
  notes: () => usePanels().notes
} satisfies Page
