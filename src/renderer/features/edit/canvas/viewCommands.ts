import type { Command } from '@/commands/command'
import { useProject } from '@/stores/project'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'
import { useCanvasHandle } from './handle'

/** What is seen of the network, and how it is coloured. */
export function viewCommands(): Command[] {
  const stage = useCanvasHandle()
  const project = useProject()
  const settings = useSettings()
  const ui = useUi()
  const colour = (id: string, n: number, en: string, zh: string): Command => ({
    id: `colour-${id}`,
    group: 'view',
    icon: 'drop',
    name: { en: `Colour the network by ${en}`, zh: `网络按${zh}着色` },
    keys: [String(n)],
    on: () => ui.statistic === id,
    run: () => (ui.statistic = id)
  })
  return [
    {
      id: 'fit',
      group: 'view',
      icon: 'fit',
      name: { en: 'Zoom to fit', zh: '适应窗口' },
      keys: ['F'],
      run: () => stage.handle?.fit()
    },
    {
      id: 'zoomIn',
      group: 'view',
      icon: 'plus',
      name: { en: 'Zoom in', zh: '放大' },
      keys: ['+', '='],
      run: () => stage.handle?.zoomBy(1.25)
    },
    {
      id: 'zoomOut',
      group: 'view',
      icon: 'minus',
      name: { en: 'Zoom out', zh: '缩小' },
      keys: ['-'],
      run: () => stage.handle?.zoomBy(1 / 1.25)
    },
    {
      id: 'arrange',
      group: 'network',
      icon: 'layout',
      name: { en: 'Arrange automatically', zh: '自动排列' },
      keys: ['A'],
      enabled: () => !!project.experiment.network.layout,
      run: () => stage.handle?.arrange()
    },
    {
      id: 'minimap',
      group: 'view',
      icon: 'map',
      name: { en: 'Overview', zh: '概览图' },
      keys: ['M'],
      enabled: () => ui.mapOfUse,
      on: () => ui.mapOfUse && settings.recall('minimap', true),
      run: () => settings.remember('minimap', !settings.recall('minimap', true))
    },
    colour('activationGradientRms', 1, 'gradient', '梯度'),
    colour('activationStd', 2, 'activation', '激活值'),
    colour('updateRatio', 3, 'update ratio', '更新比')
  ]
}
