import { remedies } from '@shared/remedies'
import type { Actions } from '@/features/shell/command'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import type { Text } from '@shared/text'
import { COMPARED, useCompare, type Compared } from './state'

const NAMES: Record<Compared, Text> = { heatmaps: { en: 'heatmaps', zh: '热图' }, difference: { en: 'difference', zh: '差异' }, curves: { en: 'curves', zh: '曲线' }, profile: { en: 'profile', zh: '剖面' } }

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
    ...remedies.all.map((r) => ({
      id: `ab-${r.id}`, group: 'remedies' as const, icon: 'swap', rare: true, words: `A/B compare ${r.id} 对比`, name: { en: `A/B: with and without ${r.name.en}`, zh: `A/B：有无${r.name.zh}` },
      enabled: () => project.canTrain, run: () => compare.ab(project.experiment.remedies.find((c) => c.id === r.id) ?? project.defaultChoice(r.id))
    })),
    ...COMPARED.flatMap((what) => [
      { id: `compare-export-${what}-png`, group: 'view' as const, icon: 'save', rare: true, words: `export compare 导出 对比 ${what}`, name: { en: `Comparison, ${NAMES[what].en}: save as PNG …`, zh: `对比，${NAMES[what].zh}：存为 PNG…` }, enabled: () => compare.exporter?.has(what) ?? false, run: () => compare.exporter?.png(what) },
      { id: `compare-export-${what}-csv`, group: 'view' as const, icon: 'table', rare: true, words: `export compare 导出 对比 ${what}`, name: { en: `Comparison, ${NAMES[what].en}: save as CSV …`, zh: `对比，${NAMES[what].zh}：存为 CSV…` }, enabled: () => compare.exporter?.has(what) ?? false, run: () => compare.exporter?.csv(what) }
    ]),
    { id: 'compare-export-tables', group: 'view', icon: 'table', rare: true, words: 'export compare 导出 对比', name: { en: 'Comparison: figures and settings as CSV …', zh: '对比：数值与设置存为 CSV…' }, enabled: () => compare.exporter?.has('curves') ?? false, run: () => compare.exporter?.tables() },
    { id: 'compare-export-report', group: 'view', icon: 'save', rare: true, words: 'export compare html 导出 对比 报告', name: { en: 'Comparison: report …', zh: '对比：报告…' }, enabled: () => compare.exporter?.has('curves') ?? false, run: () => compare.exporter?.report() },
    ...runs.runs.map((r) => ({
      id: `compare-${r.id}`, group: 'run' as const, icon: 'table', rare: true, name: { en: `Compare: “${r.name}”`, zh: `对比：“${r.name}”` }, on: () => !!compare.letterOf(r.id), run: () => compare.toggle(r.id)
    }))
  ]
}
export default actions
