import type { Actions } from '@/commands/command'
import type { Page } from '@/pages'
import { useCure } from '@/stores/cure'
import { useSearch } from '@/stores/search'
import { later } from '@/timing/later'

const commands: Actions = () => {
  const cure = useCure()
  const search = useSearch()
  return [
    {
      id: 'find-cure',
      group: 'run',
      icon: 'search',
      words: 'prescribe remedies search 搜索 处方 对策',
      name: { en: 'Find the cure', zh: '寻找对策' },
      enabled: () => !search.isRunning && cure.canFind,
      run: () => void cure.find()
    },
    {
      id: 'stop-cure',
      group: 'run',
      icon: 'stop',
      rare: true,
      name: { en: 'Stop the search for the cure', zh: '停止寻找对策' },
      enabled: () => search.isRunning,
      run: () => void cure.stop()
    }
  ]
}

/** The search for what cures the network. */
export default {
  id: 'cure',
  title: { en: 'Cure', zh: '治疗' },
  command: { en: 'Page: find the cure', zh: '页面：寻找对策' },
  words: 'cure prescribe remedy search 治疗 处方 对策',
  icon: 'search',
  order: 2.5,
  keys: ['Alt+7'],
  component: later(() => import('./CurePage.vue')),
  commands,
  parts: ['[data-testid=cure-case]', '[data-testid=cure-table]', '[data-testid=cure-detail]']
} satisfies Page
