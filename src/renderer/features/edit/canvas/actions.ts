import { nodeAt, scopeOf, sinkOf } from '@shared/experiment/edit'
import { nameText } from '@shared/experiment/names'
import { isBlock } from '@shared/experiment/types'
import type { Actions, Command } from '@/commands/command'
import { both } from '@/i18n'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { clipboardCommands } from './clipboardCommands'
import { useClosed } from './closed'
import { useCanvasCommands } from './commands'
import { useCanvasHandle } from './handle'
import { replaceCommands } from './replaceCommands'
import { neighbour } from './wires'
import { useSkip } from './skip'
import { viewCommands } from './viewCommands'

/** The canvas: what is selected, what is done with it, what is seen of it. */
const actions: Actions = () => {
  const stage = useCanvasHandle()
  const project = useProject()
  const ui = useUi()
  const skip = useSkip()
  const closed = useClosed()
  const own = useCanvasCommands()
  function walk(by: -1 | 1): void {
    const from = ui.selected ?? (ui.selection.length ? ui.selection[ui.selection.length - 1]! : null)
    ui.select(
      from === null && by < 0
        ? (sinkOf(project.effective.network.nodes)?.id ?? '@loss')
        : neighbour(project.effective.network, from, by, closed.paths)
    )
    stage.handle?.focus()
  }
  /** Takes the neighbour into the selection, too. */
  function extend(by: -1 | 1): void {
    const from = ui.selection[ui.selection.length - 1] ?? null
    const next = neighbour(project.effective.network, from, by, closed.paths)
    // Going back takes the last one out again.
    if (ui.selection[ui.selection.length - 2] === next) ui.select(...ui.selection.slice(0, -1))
    else ui.select(...ui.selection.filter((p) => p !== next), next)
    stage.handle?.focus()
  }
  const two = (): boolean => ui.selection.length === 2
  /** Two selected layers are connected at once; one begins a skip that the arrows take to where it ends. */
  function connectOrBegin(): void {
    if (two()) skip.between(ui.selection[0]!, ui.selection[1]!)
    else if (skip.from !== null) skip.end()
    else skip.begin()
    stage.handle?.focus()
  }
  function selectNone(): void {
    const from = skip.from
    skip.cancel()
    ui.previewRemedy = null
    // Giving up a skip leads back to where it began.
    ui.select(...(from === null ? [] : [from]))
  }
  /** The selected block, or the one that the selected layer stands in. */
  const block = (): string | undefined => {
    const node = ui.selected === null ? undefined : nodeAt(project.effective.network, ui.selected)
    return (node && (isBlock(node) ? ui.selected! : scopeOf(ui.selected!))) || undefined
  }
  function fold(): void {
    const path = block()
    if (path !== undefined) closed.set(path, !closed.paths.has(path))
  }
  const nudge = (id: string, key: string, dx: number, dy: number, en: string, zh: string): Command => ({
    id: `nudge-${id}`,
    group: 'network',
    icon: 'layout',
    name: { en: `Nudge ${en}`, zh: `向${zh}微移` },
    keys: [`Ctrl+${key}`],
    enabled: () => ui.selection.length > 0,
    run: () => stage.handle?.nudge(dx, dy)
  })
  const align = (how: 'row' | 'column' | 'spread', keys: string, en: string, zh: string): Command => ({
    id: `align-${how}`,
    group: 'network',
    icon: how,
    name: { en, zh },
    keys: [keys],
    enabled: () => ui.selection.length > (how === 'spread' ? 2 : 1),
    run: () => stage.handle?.align(how)
  })
  const fixed: Command[] = [
    own.earlier,
    own.later,
    own.duplicate,
    own.wrap,
    own.unwrap,
    {
      ...own.remove,
      keys: ['Del', 'Backspace'],
      enabled: () => ui.selection.length > 0 || ui.wire !== null,
      run: () => stage.handle?.removeSelected()
    },
    {
      id: 'selectAll',
      group: 'edit',
      icon: 'fit',
      name: { en: 'Select every layer', zh: '选择所有层' },
      keys: ['Ctrl+A'],
      run: () => ui.select(...project.experiment.network.nodes.map((n) => n.id))
    },
    {
      id: 'selectNone',
      group: 'edit',
      icon: 'x',
      name: { en: 'Select nothing', zh: '取消选择' },
      keys: ['Esc'],
      run: selectNone
    },
    {
      id: 'previousLayer',
      group: 'edit',
      icon: 'left',
      name: { en: 'Select the layer before', zh: '选择前一层' },
      keys: ['←'],
      run: () => walk(-1)
    },
    {
      id: 'nextLayer',
      group: 'edit',
      icon: 'right',
      name: { en: 'Select the layer after', zh: '选择后一层' },
      keys: ['→'],
      run: () => walk(1)
    },
    {
      id: 'extendBack',
      group: 'edit',
      icon: 'left',
      name: { en: 'Select the layer before, too', zh: '同时选择前一层' },
      keys: ['Shift+←'],
      run: () => extend(-1)
    },
    {
      id: 'extendOn',
      group: 'edit',
      icon: 'right',
      name: { en: 'Select the layer after, too', zh: '同时选择后一层' },
      keys: ['Shift+→'],
      run: () => extend(1)
    },
    ...clipboardCommands(),
    {
      id: 'copyJson',
      group: 'experiments',
      icon: 'copy',
      name: { en: 'Copy this experiment as JSON', zh: '将此实验复制为 JSON' },
      run: () => window.clinic.copy({ text: JSON.stringify(project.experiment, null, 1) })
    },
    {
      id: 'connect',
      group: 'network',
      icon: 'swap',
      keys: ['C'],
      words: 'skip residual connection 跳连',
      name: () =>
        ui.selection.length > 1
          ? { en: 'Connect the two selected: a skip', zh: '连接所选两层：跳连' }
          : skip.from !== null
            ? { en: 'End the skip here', zh: '跳连到此结束' }
            : { en: 'Start a skip here', zh: '从此处开始跳连' },
      enabled: () => two() || skip.canBegin || skip.canEnd,
      run: connectOrBegin
    },
    {
      id: 'endSkip',
      group: 'network',
      icon: 'ok',
      name: { en: 'Draw the skip that was started', zh: '画出已开始的跳连' },
      keys: ['Enter'],
      words: 'skip residual connection 跳连',
      enabled: () => skip.canEnd,
      run: skip.end
    },
    {
      id: 'nextWire',
      group: 'edit',
      icon: 'right',
      name: { en: 'Select the next connection', zh: '选择下一条连线' },
      keys: ['W'],
      run: () => stage.handle?.stepWire(1)
    },
    {
      id: 'previousWire',
      group: 'edit',
      icon: 'left',
      name: { en: 'Select the connection before', zh: '选择上一条连线' },
      keys: ['Shift+W'],
      run: () => stage.handle?.stepWire(-1)
    },
    {
      id: 'fold',
      group: 'network',
      icon: 'down',
      name: () => both(closed.paths.has(block() ?? '') ? 'canvas.open' : 'canvas.close'),
      keys: ['B'],
      enabled: () => block() !== undefined,
      run: fold
    },
    nudge('left', '←', -8, 0, 'left', '左'),
    nudge('right', '→', 8, 0, 'right', '右'),
    nudge('up', '↑', 0, -8, 'up', '上'),
    nudge('down', '↓', 0, 8, 'down', '下'),
    align('row', 'Shift+A', 'Align on one line', '排成一行'),
    align('column', 'Shift+C', 'Align under one another', '排成一列'),
    align('spread', 'Shift+D', 'Space out evenly', '等距分布'),
    ...viewCommands(),
    {
      id: 'applyLive',
      group: 'run',
      icon: 'bolt',
      words: 'live edits 更改',
      name: { en: 'Apply the edits to the run that goes on', zh: '将改动应用到正在进行的运行' },
      enabled: () => !!project.applicable,
      run: project.applyLive
    },
    {
      id: 'problems',
      group: 'network',
      icon: 'warn',
      words: 'what keeps the network from training, warnings 妨碍训练',
      name: { en: 'Show problems and remarks', zh: '显示问题与备注' },
      keys: ['F8'],
      enabled: () => project.problems.length > 0 || project.remarks.length > 0,
      run: () => (ui.problemsOpen = true)
    },
    {
      id: 'openItsExperiment',
      group: 'experiments',
      icon: 'folder',
      rare: true,
      name: { en: 'Open the experiment of this run', zh: '打开此运行的实验' },
      enabled: () => !!project.viewed,
      run: () => project.openItsExperiment()
    },
    {
      id: 'leaveRun',
      group: 'experiments',
      icon: 'undo',
      rare: true,
      name: { en: 'Go back from the run to the edited network', zh: '从运行返回正在编辑的网络' },
      enabled: () => !!project.viewed,
      run: () => project.leaveRun()
    },
    {
      id: 'selectData',
      group: 'edit',
      icon: 'data',
      name: { en: 'Select the data', zh: '选择数据' },
      keys: ['Ctrl+Shift+A'],
      run: () => ui.select('@data')
    },
    {
      id: 'selectLoss',
      group: 'edit',
      icon: 'loss',
      rare: true,
      name: { en: 'Select the loss', zh: '选择损失' },
      run: () => ui.select('@loss')
    }
  ]
  const replacing = replaceCommands()
  return () => [
    ...fixed,
    ...replacing,
    ...[...project.fixes].flatMap(([problem, fix], i): Command[] =>
      fix
        ? [
            {
              id: `fix-${i}`,
              group: 'network',
              icon: 'ok',
              rare: true,
              words: `fix 修复 ${problem.message.en}`,
              name: { en: `Fix: ${fix.label.en}`, zh: `修复：${fix.label.zh}` },
              run: () => project.applyFix(problem)
            }
          ]
        : []
    ),
    ...[...new Map(project.plan.layers.map((l) => [l.node, l])).values()].map((l): Command => {
      const name = nameText(l.name, l.kind.id)
      return {
        id: `select-${l.node}`,
        group: 'network',
        icon: l.kind.icon,
        rare: true,
        words: l.node,
        name: { en: `Select ${name.en}`, zh: `选择${name.zh}` },
        run: () => ui.select(l.node)
      }
    })
  ]
}
export default actions
