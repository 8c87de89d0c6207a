import type { Actions } from '@/commands/command'
import { useProject } from '@/stores/project'
import { isActive, useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'

/** Training. */
const actions: Actions = () => {
  const project = useProject()
  const runs = useRuns()
  const ui = useUi()
  const rate = (): unknown => runs.current && runs.experimentOf(runs.current).training.optimizer['learningRate']
  const state = (): string | undefined => runs.current?.progress.state
  const going = (): boolean => !!runs.current && isActive(runs.current.progress.state)
  return () => [
    {
      id: 'train',
      group: 'run',
      icon: 'play',
      name: { en: 'Train', zh: '训练' },
      keys: ['Ctrl+Enter'],
      typing: true,
      enabled: () => project.canTrain,
      words: 'run start 运行 开始',
      run: project.train
    },
    {
      id: 'pause',
      group: 'run',
      icon: 'pause',
      name: () =>
        state() === 'paused' ? { en: 'Resume the run', zh: '继续运行' } : { en: 'Pause the run', zh: '暂停运行' },
      keys: ['Shift+P'],
      enabled: () => state() === 'running' || state() === 'paused',
      run: () => (state() === 'paused' ? runs.resume() : runs.pause())
    },
    {
      id: 'step',
      group: 'run',
      icon: 'step',
      name: { en: 'Train one step', zh: '单步训练' },
      keys: ['S'],
      enabled: () => state() === 'running' || state() === 'paused',
      run: () => runs.step()
    },
    {
      id: 'stop',
      group: 'run',
      icon: 'stop',
      name: { en: 'Stop the run', zh: '停止运行' },
      keys: ['Ctrl+.'],
      enabled: going,
      run: () => runs.stop()
    },
    {
      id: 'queue',
      group: 'run',
      icon: 'layout',
      words: 'runs list 列表',
      name: { en: 'All runs and the queue …', zh: '所有运行与队列…' },
      keys: ['Q'],
      run: () => ui.toggleMenu('queue')
    },
    {
      id: 'live',
      group: 'run',
      icon: 'sliders',
      words: 'learning rate α events 学习率 事件',
      name: { en: 'Change the run that goes on …', zh: '更改正在进行的运行…' },
      keys: ['Shift+L'],
      enabled: going,
      run: () => rate() !== undefined && ui.toggleMenu('live')
    },
    {
      id: 'enqueue',
      group: 'run',
      icon: 'plus',
      words: 'queue 队列',
      name: { en: 'Queue a run of this experiment', zh: '将此实验的一次运行加入队列' },
      keys: ['Shift+Q'],
      enabled: () => project.canTrain,
      run: project.enqueue
    },
    ...runs.runs.map((r) => ({
      id: `run-${r.id}`,
      group: 'run' as const,
      icon: 'eye',
      rare: true,
      name: { en: `Show run “${r.name}”`, zh: `显示运行“${r.name}”` },
      on: () => runs.currentId === r.id,
      enabled: () => runs.currentId !== r.id,
      run: () => project.showRun(r.id)
    }))
  ]
}
export default actions
