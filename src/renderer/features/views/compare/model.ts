import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { effectiveExperiment } from '@shared/experiment/effective'
import { meantTask } from '@shared/experiment/meant'
import { nameText } from '@shared/experiment/names'
import type { Experiment } from '@shared/experiment/types'
import {
  comparedByFactor,
  DifferenceFrames,
  differenceReach,
  matchLayers,
  sameStart,
  settingRows,
  type RowPair
} from '@shared/run/compare'
import type { RunLayer } from '@shared/run/types'
import { statistics } from '@shared/catalog/statistics'
import { useText } from '@/i18n'
import type { CurveModel } from '@/charts/curve/model'
import { decade, short } from '@/charts/format'
import type { HeatmapModel } from '@/charts/heatmap/model'
import type { ProfileModel } from '@/charts/profile/model'
import type { Range } from '@/charts/range'
import { RUN_COLOURS } from '@/charts/theme'
import { intervalOf, numberOf } from '@/features/views/runViews/curves'
import { marksOf } from '@/features/views/runViews/marks'
import { useProject } from '@/stores/project'
import { useRuns, type Rows, type Run } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import { LETTERS, useCompare } from '@/stores/compare'
import { rowLabel, rowValue } from '@shared/clinic/settingWords'
import { useCurve } from './curve'
import { useFigures, type TableRow } from './figures'

/** A row of the matched layers: what each run has there, as a place in its own rows. */
export interface Line {
  name: string
  at: (number | undefined)[]
}
export interface CompareModel {
  runs: ComputedRef<Run[]>
  colours: ComputedRef<readonly string[]>
  statisticName: ComputedRef<string>
  rows: ComputedRef<(Rows | undefined)[]>
  lines: ComputedRef<Line[]>
  range: ComputedRef<Range>
  heatmaps: ComputedRef<HeatmapModel[]>
  /** Of the chosen pair; its rows are those of `lines` both have. */
  difference: ComputedRef<{ model: HeatmapModel; lines: number[]; a: number; b: number; factor: boolean } | undefined>
  curve: ComputedRef<CurveModel>
  scalars: ComputedRef<string[]>
  scalarName(id: string): string
  profile: ComputedRef<ProfileModel>
  valueAt(run: number, line: number, step: number): number | undefined
  figures: ComputedRef<TableRow[]>
  settings: ComputedRef<TableRow[]>
  start: ComputedRef<ReturnType<typeof sameStart>>
}

/** Everything the page shows, from the runs that were ticked. Call in a component's setup. */
export function useCompareModel(): CompareModel {
  const runs = useRuns()
  const project = useProject()
  const settings = useSettings()
  const compare = useCompare()
  const text = useText()
  const { t } = useI18n()

  const chosen = computed(() => compare.chosen)
  const colours = computed(() => RUN_COLOURS[settings.dark ? 'dark' : 'light'])
  const statistic = computed(() => statistics.get(compare.statistic))
  const statisticName = computed(() => text(statistic.value.name))
  const factor = computed(() => comparedByFactor(statistic.value.scale))

  const rows = computed(() => chosen.value.map((r) => runs.rowsOf(compare.statistic, true, r)))
  const nameOf = (run: Run, l: RunLayer): string => {
    const n = numberOf(run, l)
    return n === undefined ? text(nameText(l.name, l.kind)) : String(n)
  }
  /** Layers matched to those of the first run that has any; time steps by how far they are from the last. */
  const lines = computed<Line[]>(() => {
    const all = rows.value
    const base = all.findIndex((r) => r?.layers.length)
    if (base < 0) return []
    const first = all[base]!
    const names = first.layers.map((l, i) => (first.times ? String(first.times[i]) : nameOf(chosen.value[base]!, l)))
    const out: Line[] = first.layers.map((_, i) => ({
      name: names[i]!,
      at: all.map((_r, k) => (k === base ? i : undefined))
    }))
    all.forEach((r, k) => {
      if (k === base || !r) return
      const pairs: RowPair[] =
        first.times || r.times
          ? Array.from({ length: Math.min(first.layers.length, r.layers.length) }, (_, i) => ({
              a: first.layers.length - 1 - i,
              b: r.layers.length - 1 - i
            })).reverse()
          : matchLayers(first.layers, r.layers)
      for (const p of pairs) if (p.a !== undefined && p.b !== undefined) out[p.a]!.at[k] = p.b
    })
    return out
  })
  const range = computed<Range>(() => {
    const all = chosen.value.map((r) => runs.rangeOf(compare.statistic, r, false))
    return [Math.min(...all.map((r) => r[0])), Math.max(...all.map((r) => r[1]))]
  })
  const planned = computed(() => Math.max(1, ...chosen.value.map((r) => r.progress.steps)))
  const pinned = computed(() => compare.step ?? undefined)
  const rowAxis = computed(() => t(rows.value.some((r) => r?.times) ? 'compare.axis.time' : 'compare.axis.layer'))
  const axes = computed(() => ({ x: t('compare.axis.step'), y: rowAxis.value }))
  /** At the colour bar of factors: `×1e14`, equal, `÷1e14`. */
  const factorTick = (v: number): string => {
    if (v === 0) return t('compare.equal')
    const size = Math.abs(v)
    return `${v > 0 ? '×' : '÷'}${Number.isInteger(size) ? decade(size) : short(10 ** size)}`
  }
  const heatmaps = computed<HeatmapModel[]>(() =>
    chosen.value.map((run, k) => {
      const r = rows.value[k]
      return {
        source: r?.source,
        columns: r?.columns ?? new Int32Array(0),
        rowNames: r ? r.layers.map((l, i) => (r.times ? String(r.times[i]) : nameOf(run, l))) : [],
        scale: statistic.value.scale,
        range: range.value,
        dark: settings.dark,
        steps: planned.value,
        interval: intervalOf(run),
        marks: marksOf(run, text),
        pinned: pinned.value,
        notRun: t('runViews.notRun'),
        axes: axes.value
      }
    })
  )
  const differing = computed(() => {
    const [a, b] = compare.pair
    const [ra, rb] = [rows.value[a], rows.value[b]]
    if (a === b || !ra || !rb) return undefined
    const both = lines.value.flatMap((l, i) => (l.at[a] !== undefined && l.at[b] !== undefined ? [i] : []))
    if (!both.length) return undefined
    const frames = new DifferenceFrames(
      ra.source,
      rb.source,
      both.map((i) => ({ a: ra.columns[lines.value[i]!.at[a]!]!, b: rb.columns[lines.value[i]!.at[b]!]! })),
      factor.value
    )
    return { a, b, both, frames }
  })
  const reach = computed(() => {
    return differing.value ? differenceReach(differing.value.frames.reach, statistic.value.scale) : 1
  })
  const differenceModel = computed(() => {
    const d = differing.value
    if (!d) return undefined
    const model: HeatmapModel = {
      source: d.frames,
      columns: Int32Array.from(d.both.keys()),
      rowNames: d.both.map((i) => lines.value[i]!.name),
      scale: 'linear',
      range: [-reach.value, reach.value],
      dark: settings.dark,
      steps: planned.value,
      interval: Math.max(intervalOf(chosen.value[d.a]), intervalOf(chosen.value[d.b])),
      marks: [],
      pinned: pinned.value,
      notRun: t('runViews.notRun'),
      axes: axes.value,
      ...(factor.value && { tickText: factorTick })
    }
    return { model, lines: d.both, a: d.a, b: d.b, factor: factor.value }
  })

  const { scalars, scalarName, curve } = useCurve(chosen, colours, planned, pinned)
  function valueAt(k: number, line: number, step: number): number | undefined {
    const run = chosen.value[k]
    const r = rows.value[k]
    const row = lines.value[line]?.at[k]
    if (!run?.frames || !r || row === undefined) return undefined
    const frame = run.frames.frameAt(step)
    if (frame < 0 || step > run.frames.lastStep! + intervalOf(run)) return undefined
    return r.times
      ? run.frames.value(frame, r.columns[row]!)
      : runs.valueIn(run, frame, r.layers[row]!.index, compare.statistic)
  }
  const profile = computed<ProfileModel>(() => {
    return {
      lines: chosen.value.flatMap((run, k) => {
        const at = compare.step ?? run.frames?.lastStep
        if (at === undefined || !rows.value[k]) return []
        return [
          {
            label: LETTERS[k]!,
            values: lines.value.map((_, i) => valueAt(k, i, at)),
            tone: 'live' as const,
            color: colours.value[k]!
          }
        ]
      }),
      rows: lines.value.length,
      rowNames: lines.value.map((l) => l.name),
      scale: statistic.value.scale,
      range: range.value,
      dark: settings.dark,
      bottom: 0,
      top: Math.max(1, lines.value.length),
      axes: { x: '', y: rowAxis.value }
    }
  })

  const figures = useFigures(chosen, () => start.value.seed)
  const effective = computed<{ now: Experiment[]; effective: Experiment[] }>(() => {
    const now = chosen.value.map((r) => runs.experimentOf(r))
    return {
      now,
      effective: now.map((e, k) => {
        const info = chosen.value[k]!.schema?.info ?? project.describe(e.data.dataset, e.seed, meantTask(e)).info
        return info ? effectiveExperiment(e, info).experiment : e
      })
    }
  })
  const tableOfSettings = computed<TableRow[]>(() =>
    settingRows(effective.value.now, effective.value.effective).map((row, i) => {
      const label = rowLabel(row, effective.value.effective, text, t)
      return {
        id: `${row.key} ${i}`,
        label: label.name,
        where: label.where,
        values: row.values.map((v) => rowValue(row, v, effective.value.effective, text, t))
      }
    })
  )
  const start = computed(() => sameStart(effective.value.now))
  return {
    runs: chosen,
    colours,
    statisticName,
    rows,
    lines,
    range,
    heatmaps,
    difference: differenceModel,
    curve,
    scalars,
    scalarName,
    profile,
    valueAt,
    figures,
    settings: tableOfSettings,
    start
  }
}
