import type { Actions } from '@/commands/command'
import { useHome } from '@/stores/home'
import { useRuns } from '@/stores/runs'

/** What takes the run on screen into another program. */
const actions: Actions = () => {
  const home = useHome()
  const runs = useRuns()
  return [
    {
      id: 'take-home',
      group: 'run',
      page: 'any',
      icon: 'code',
      words: 'export pytorch keras numpy project code 导出 项目 代码',
      name: { en: 'Take it home …', zh: '带回家…' },
      enabled: () => home.canTake(runs.current),
      run: () => runs.current && home.show(runs.current.id)
    },
    {
      id: 'choose-python',
      group: 'panels',
      page: 'any',
      icon: 'code',
      rare: true,
      words: 'settings python pytorch keras 设置',
      name: { en: 'Choose the Python that checks projects …', zh: '选择用于核对项目的 Python…' },
      run: () => void home.choosePython()
    }
  ]
}
export default actions
