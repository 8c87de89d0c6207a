import { remedies } from '@shared/clinic/remedies'
import { statistics } from '@shared/catalog/statistics'
import type { Actions, Command } from '@/commands/command'
import { curvesOf } from '@/features/views/runViews/curves'
import { FORMS } from '@/stores/saving'
import { both } from '@/i18n'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import type { Text } from '@shared/base/text'
import { COMPARED, LETTERS, useCompare, type Compared } from '@/stores/compare'

const NAMES: Record<Compared, Text> = {
  heatmaps: { en: 'heatmaps', zh: '热图' },
  difference: { en: 'difference', zh: '差异' },
  curves: { en: 'curves', zh: '曲线' },
  profile: { en: 'profile', zh: '剖面' }
}

/** Runs side by side. */
const actions: Actions = () => {
  const project = useProject()
  const compare = useCompare()
  const runs = useRuns()
  const several = (): boolean => compare.chosen.length > 1
  /** A command of the Compare page, found in the palette only. */
  const own = (
    id: string,
    icon: string,
    en: string,
    zh: string,
    run: Command['run'],
    more: Partial<Command> = {}
  ): Command => ({
    id: `compare-${id}`,
    group: 'view',
    page: 'compare',
    icon,
    rare: true,
    words: 'compare 对比',
    name: { en: `Comparison: ${en}`, zh: `对比：${zh}` },
    enabled: several,
    run,
    ...more
  })
  const exported =
    (what: Compared): (() => boolean) =>
    () =>
      compare.exporter?.has(what) ?? false
  const curves = (): string[] => [...new Set(compare.chosen.flatMap((r) => (r.frames ? curvesOf(r.frames) : [])))]
  /** Every pair but the one there is, where there is a choice. */
  const pairs = (): [number, number][] =>
    compare.chosen.length < 3
      ? []
      : compare.chosen.flatMap((_, a) =>
          compare.chosen.flatMap((_, b) => (a === b ? [] : [[a, b] as [number, number]]))
        )
  return () => [
    {
      id: 'ab',
      group: 'run',
      icon: 'swap',
      words: 'A/B compare 对比',
      name: { en: 'A/B: with these remedies, and without', zh: 'A/B：启用与不启用这些对策' },
      enabled: () => project.canTrain && project.experiment.remedies.length > 0,
      run: () => compare.ab()
    },
    ...remedies.all.map((r) => ({
      id: `ab-${r.id}`,
      group: 'remedies' as const,
      page: 'any' as const,
      icon: 'swap',
      rare: true,
      words: `A/B compare ${r.id} 对比`,
      name: { en: `A/B: with and without ${r.name.en}`, zh: `A/B：有无${r.name.zh}` },
      enabled: () => project.canTrain,
      run: () => compare.ab(project.experiment.remedies.find((c) => c.id === r.id) ?? project.choiceOf(r.id))
    })),
    own('swap', 'swap', 'swap the two', '交换两者', compare.swap),
    own('log', 'table', 'logarithmic axis of the curves', '曲线用对数坐标', compare.toggleLog),
    ...statistics.all.map((s) =>
      own(`statistic-${s.id}`, 'eye', `show ${s.name.en}`, `显示${s.name.zh}`, () => (compare.statistic = s.id), {
        on: () => compare.statistic === s.id,
        words: `compare statistic ${s.id} 对比 统计量`
      })
    ),
    ...curves().map((id) => {
      const name = both(`runViews.${id}`)
      return own(`curve-${id}`, 'eye', `curves of ${name.en}`, `曲线：${name.zh}`, () => (compare.scalar = id), {
        on: () => compare.scalar === id
      })
    }),
    ...pairs().map(([a, b]) =>
      own(
        `pair-${LETTERS[b]}${LETTERS[a]}`,
        'swap',
        `${LETTERS[b]} against ${LETTERS[a]}`,
        `${LETTERS[b]} 相对 ${LETTERS[a]}`,
        () => (compare.pair = [a, b]),
        { on: () => compare.pair.join() === `${a},${b}` }
      )
    ),
    ...COMPARED.flatMap((what) =>
      FORMS.map(([form, icon, en, zh]) =>
        own(
          `export-${what}-${form}`,
          icon,
          `${NAMES[what].en}: ${en}`,
          `${NAMES[what].zh}：${zh}`,
          () => compare.exporter?.put(what, form),
          { enabled: exported(what), words: `export copy compare 导出 复制 对比 ${what} ${form}` }
        )
      )
    ),
    own(
      'export-tables',
      'table',
      'figures and settings as CSV …',
      '数值与设置存为 CSV…',
      () => compare.exporter?.tables(),
      { enabled: exported('curves'), words: 'export compare 导出 对比' }
    ),
    ...runs.runs.map((r) => ({
      id: `compare-${r.id}`,
      group: 'run' as const,
      icon: 'table',
      rare: true,
      name: { en: `Compare: “${r.name}”`, zh: `对比：“${r.name}”` },
      on: () => !!compare.letterOf(r.id),
      run: () => compare.toggle(r.id)
    }))
  ]
}
export default actions
