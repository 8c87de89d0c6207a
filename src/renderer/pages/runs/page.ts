import type { Actions } from '@/commands/command'
import { useRunTable } from '@/features/views/runTable/table'
import type { Page } from '@/pages'
import { later } from '@/timing/later'

const commands: Actions = () => {
  const table = useRunTable()
  return [
    {
      id: 'runs-compare',
      group: 'view',
      page: 'runs',
      icon: 'table',
      rare: true,
      name: { en: 'Compare the picked runs', zh: '对比所选运行' },
      enabled: () => table.canCompare,
      run: () => table.comparePicked()
    },
    {
      id: 'runs-remove',
      group: 'view',
      page: 'runs',
      icon: 'trash',
      rare: true,
      name: { en: 'Remove the picked runs …', zh: '移除所选运行…' },
      enabled: () => table.picked.length > 0,
      run: () => table.removePicked()
    },
    {
      id: 'clear-queue',
      group: 'run',
      icon: 'x',
      rare: true,
      words: 'queue 队列',
      name: { en: 'Clear the queue', zh: '清空队列' },
      enabled: () => table.queued.length > 0,
      run: () => table.clearQueue()
    }
  ]
}

/** All runs as a table. */
export default {
  id: 'runs',
  title: { en: 'Runs', zh: '运行' },
  command: { en: 'Page: all runs', zh: '页面：所有运行' },
  words: 'runs table list 运行 列表 表格',
  icon: 'layout',
  order: 2,
  keys: ['Alt+0'],
  component: later(() => import('@/features/views/runTable/RunTable.vue')),
  commands,
  parts: ['[data-testid=runs-bar]', '[data-testid=runs-list]']
} satisfies Page
