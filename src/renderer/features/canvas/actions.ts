import { sinkOf } from '@shared/experiment/edit'
import { nameText } from '@shared/experiment/names'
import type { Actions, Command } from '@/features/shell/command'
import { useProject } from '@/stores/project'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'
import { useCanvasCommands } from './commands'
import { neighbour } from './model'

/** The canvas: what is selected, what is done with it, what is seen of it. */
const actions: Actions = ({ canvas }) => {
  const project = useProject()
  const settings = useSettings()
  const ui = useUi()
  const own = useCanvasCommands()
  function walk(by: -1 | 1): void {
    const from = ui.selected ?? (ui.selection.length ? ui.selection[ui.selection.length - 1]! : null)
    ui.select(from === null && by < 0 ? (sinkOf(project.effective.network.nodes)?.id ?? '@loss') : neighbour(project.effective.network, from, by))
  }
  const colour = (id: string, n: number, en: string, zh: string): Command => ({
    id: `colour-${id}`, group: 'view', icon: 'drop', name: { en: `Colour the network by ${en}`, zh: `网络按${zh}着色` }, keys: [String(n)], on: () => ui.statistic === id, run: () => (ui.statistic = id)
  })
  const fixed: Command[] = [
    own.earlier, own.later, own.duplicate, own.wrap, own.unwrap,
    { ...own.remove, keys: ['Del', 'Backspace'], enabled: () => true, run: () => canvas()?.removeSelected() },
    { id: 'selectAll', group: 'edit', icon: 'fit', name: { en: 'Select every layer', zh: '选择所有层' }, keys: ['Ctrl+A'], run: () => ui.select(...project.experiment.network.nodes.map((n) => n.id)) },
    { id: 'selectNone', group: 'edit', icon: 'x', name: { en: 'Select nothing', zh: '取消选择' }, keys: ['Esc'], run: () => ((ui.previewRemedy = null), ui.select()) },
    { id: 'previousLayer', group: 'edit', icon: 'left', name: { en: 'Select the layer before', zh: '选择前一层' }, keys: ['←'], run: () => walk(-1) },
    { id: 'nextLayer', group: 'edit', icon: 'right', name: { en: 'Select the layer after', zh: '选择后一层' }, keys: ['→'], run: () => walk(1) },
    { id: 'fit', group: 'view', icon: 'fit', name: { en: 'Zoom to fit', zh: '缩放至全图' }, keys: ['F'], run: () => canvas()?.fit() },
    { id: 'zoomIn', group: 'view', icon: 'plus', name: { en: 'Zoom in', zh: '放大' }, keys: ['+', '='], run: () => canvas()?.zoomBy(1.25) },
    { id: 'zoomOut', group: 'view', icon: 'minus', name: { en: 'Zoom out', zh: '缩小' }, keys: ['-'], run: () => canvas()?.zoomBy(1 / 1.25) },
    { id: 'arrange', group: 'network', icon: 'layout', name: { en: 'Arrange automatically', zh: '自动布局' }, keys: ['A'], enabled: () => !!project.experiment.network.layout, run: () => canvas()?.arrange() },
    { id: 'minimap', group: 'view', icon: 'map', name: { en: 'Overview map', zh: '缩略图' }, keys: ['M'], on: () => settings.recall('minimap', true), run: () => settings.remember('minimap', !settings.recall('minimap', true)) },
    colour('activationGradientRms', 1, 'gradient', '梯度'),
    colour('activationStd', 2, 'activation', '激活值'),
    colour('updateRatio', 3, 'update ratio', '更新比'),
    { id: 'problems', group: 'network', icon: 'warn', name: { en: 'Show what keeps the network from training', zh: '显示妨碍训练的问题' }, keys: ['F8'], enabled: () => project.problems.length > 0, run: () => (ui.problemsOpen = true) },
    { id: 'selectData', group: 'edit', icon: 'data', name: { en: 'Select the data', zh: '选择数据' }, keys: ['Ctrl+Shift+A'], run: () => ui.select('@data') },
    { id: 'selectLoss', group: 'edit', icon: 'loss', rare: true, name: { en: 'Select the loss', zh: '选择损失' }, run: () => ui.select('@loss') }
  ]
  return () => [
    ...fixed,
    ...[...new Map(project.plan.layers.map((l) => [l.node, l])).values()].map((l): Command => {
      const name = nameText(l.name, l.kind.id)
      return { id: `select-${l.node}`, group: 'network', icon: l.kind.icon, rare: true, words: l.node, name: { en: `Select ${name.en}`, zh: `选择${name.zh}` }, run: () => ui.select(l.node) }
    })
  ]
}
export default actions
