import type { Actions } from '@/commands/command'
import type { Page } from '@/pages'
import { middleTrial, useCure } from '@/stores/cure'
import { useRuns } from '@/stores/runs'
import { useSearch } from '@/stores/search'
import { later } from '@/timing/later'

const commands: Actions = () => {
  const cure = useCure()
  const search = useSearch()
  const runs = useRuns()
  const middle = () => middleTrial(cure.selected?.seeds ?? [])
  const isKept = (): boolean => runs.find(middle()?.run ?? '') !== undefined
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
    },
    {
      id: 'go-on-cure',
      group: 'run',
      icon: 'play',
      rare: true,
      name: { en: 'Go on with the search for the cure', zh: '继续寻找对策' },
      enabled: () => cure.canGoOn && !search.isRunning,
      run: () => void cure.goOn()
    },
    {
      id: 'apply-candidate',
      group: 'remedies',
      icon: 'ok',
      rare: true,
      name: { en: 'Apply the selected candidate', zh: '应用所选候选对策' },
      enabled: () => !!cure.selected?.seeds.length,
      run: () => void (cure.selected && cure.apply(cure.selected))
    },
    {
      id: 'compare-candidate',
      group: 'run',
      icon: 'table',
      rare: true,
      name: { en: 'Compare the selected candidate with the untreated run', zh: '将所选候选对策与未处理的运行对比' },
      enabled: isKept,
      run: () => void (cure.selected && cure.openInCompare(cure.selected))
    },
    {
      id: 'open-candidate',
      group: 'run',
      icon: 'eye',
      rare: true,
      name: { en: 'Show the run of the selected candidate', zh: '显示所选候选对策的运行' },
      enabled: isKept,
      run: () => {
        const trial = middle()
        if (trial) cure.open(trial)
      }
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
