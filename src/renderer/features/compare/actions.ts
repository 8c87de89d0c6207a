import { remedies } from '@shared/remedies'
import type { Actions } from '@/features/shell/command'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import { useCompare } from './state'

/** Runs side by side. */
const actions: Actions = () => {
  const project = useProject()
  const compare = useCompare()
  const runs = useRuns()
  const ui = useUi()
  return () => [
    { id: 'page-build', group: 'panels', icon: 'layout', name: { en: 'Page: build', zh: '页面：构建' }, keys: ['Alt+8'], on: () => ui.page === 'build', run: () => (ui.page = 'build') },
    { id: 'page-compare', group: 'panels', icon: 'table', words: 'compare runs A/B 对比', name: { en: 'Page: compare runs', zh: '页面：对比运行' }, keys: ['Alt+9'], on: () => ui.page === 'compare', run: () => (ui.page = 'compare') },
    { id: 'ab', group: 'run', icon: 'swap', words: 'A/B compare 对比', name: { en: 'A/B: with these remedies, and without', zh: 'A/B：启用与不启用这些对策' }, enabled: () => project.canTrain && project.experiment.remedies.length > 0, run: () => compare.ab() },
    { id: 'compare-figures', group: 'view', icon: 'table', rare: true, words: 'compare export CSV 对比 导出', name: { en: 'Comparison: save the figures as CSV …', zh: '对比：将数值存为 CSV…' }, enabled: () => !!compare.saves, run: () => compare.saves?.figures() },
    { id: 'compare-report', group: 'view', icon: 'save', rare: true, words: 'compare export HTML 对比 导出', name: { en: 'Comparison: save a report …', zh: '对比：保存报告…' }, enabled: () => !!compare.saves, run: () => compare.saves?.report() },
    ...remedies.all.map((r) => ({
      id: `ab-${r.id}`, group: 'remedies' as const, icon: 'swap', rare: true, words: `A/B compare ${r.id} 对比`, name: { en: `A/B: with and without ${r.name.en}`, zh: `A/B：有无${r.name.zh}` },
      enabled: () => project.canTrain, run: () => compare.ab(project.experiment.remedies.find((c) => c.id === r.id) ?? project.defaultChoice(r.id))
    })),
    ...runs.runs.map((r) => ({
      id: `compare-${r.id}`, group: 'run' as const, icon: 'table', rare: true, name: { en: `Compare: “${r.name}”`, zh: `对比：“${r.name}”` }, on: () => !!compare.letterOf(r.id), run: () => compare.toggle(r.id)
    }))
  ]
}
export default actions
