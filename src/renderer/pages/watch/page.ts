import type { Actions } from '@/commands/command'
import type { Page } from '@/pages'
import { later } from '@/timing/later'
import { useRuns } from '@/stores/runs'
import { useWatched } from './watched'

const commands: Actions = () => {
  const watched = useWatched()
  const runs = useRuns()
  return [
    {
      id: 'watch-folder',
      group: 'file',
      icon: 'folder',
      rare: true,
      words: 'pytorch keras recording gcrec 训练记录',
      name: { en: 'Watch a folder for recordings …', zh: '观察文件夹中的训练记录…' },
      run: () => watched.watchFolder()
    },
    {
      id: 'watch-copy-lines',
      group: 'view',
      page: 'watch',
      icon: 'copy',
      name: { en: 'Copy the lines to change', zh: '复制要修改的代码' },
      enabled: () => watched.lines !== undefined,
      run: () => watched.copyLines()
    },
    {
      id: 'watch-another',
      group: 'view',
      page: 'watch',
      icon: 'plus',
      name: { en: 'How to watch a training', zh: '如何观察训练' },
      enabled: () => runs.current?.watched !== undefined,
      run: () => watched.leave()
    }
  ]
}

/** A training in another program, as its recording grows. */
export default {
  id: 'watch',
  title: { en: 'Watch', zh: '观察' },
  command: { en: 'Page: watch a training', zh: '页面：观察训练' },
  words: 'watch recording pytorch keras live 观察 训练记录',
  icon: 'eye',
  order: 1.5,
  keys: ['Alt+W'],
  component: later(() => import('./WatchPage.vue')),
  commands,
  parts: [
    '[data-testid=watch-tree]',
    '[data-testid=watch-graph]',
    '[data-testid=recording-dock]',
    '[data-testid=watch-detail]'
  ]
} satisfies Page
