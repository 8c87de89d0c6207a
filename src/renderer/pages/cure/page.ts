import { middleTrial } from '@shared/cure/middle'
import type { Actions } from '@/commands/command'
import type { Page } from '@/pages'
import { useCure } from '@/stores/cure'
import { useRuns } from '@/stores/runs'
import { useSearch } from '@/stores/search'
import { useSmallSearch } from '@/stores/smallSearch'
import { later } from '@/timing/later'

const commands: Actions = () => {
  const cure = useCure()
  const search = useSearch()
  const small = useSmallSearch()
  const runs = useRuns()
  const middle = () => middleTrial(cure.selected?.seeds ?? [])
  const isKept = (): boolean => runs.find(middle()?.run ?? '') !== undefined
  return [
    {
      id: 'find-cure',
      group: 'run',
      icon: 'search',
      words: 'prescribe remedies search 搜索 处方 对策 治疗 治愈',
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
      id: 'range-test',
      group: 'run',
      icon: 'loss',
      words: 'learning rate finder Smith 学习率 范围',
      name: { en: 'Test the range of the learning rate', zh: '测试学习率范围' },
      enabled: () => small.canAsk,
      run: () => void small.ask('range')
    },
    {
      id: 'ten-examples',
      group: 'run',
      icon: 'number',
      words: 'memorise one batch by heart 过拟合 背下',
      name: { en: 'Can it learn ten examples?', zh: '能学会十个样本吗？' },
      enabled: () => small.canAsk,
      run: () => void small.ask('ten')
    },
    {
      id: 'use-rate',
      group: 'run',
      icon: 'ok',
      rare: true,
      name: { en: 'Use the learning rate of the range test', zh: '使用范围测试建议的学习率' },
      enabled: () => small.suggested !== undefined && !small.isUsed,
      run: () => small.useRate()
    },
    {
      id: 'open-small-search',
      group: 'run',
      icon: 'eye',
      rare: true,
      name: { en: 'Show the run of the small search', zh: '显示小型搜索的运行' },
      enabled: () => small.answer !== undefined,
      run: () => small.open()
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
