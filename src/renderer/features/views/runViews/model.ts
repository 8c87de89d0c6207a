import { refThrottled } from '@vueuse/core'
import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { nameText } from '@shared/experiment/names'
import { saysNumber } from '@shared/run/names'
import type { RunLayer } from '@shared/run/types'
import type { Scale } from '@shared/catalog/statistics/types'
import { useText } from '@/i18n'
import { isActive, useRuns, type Rows, type Run } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import type { CurveModel } from '@/charts/curve/model'
import { suitsLog } from '@/charts/curve/model'
import { exact, percent, short } from '@/charts/format'
import type { HeatmapModel } from '@/charts/heatmap/model'
import { theoryProfile } from '@shared/theory/profile'
import type { ProfileLine, ProfileModel } from '@/charts/profile/model'
import type { Range } from '@/charts/range'
import { steady } from '@/timing/steady'
import { bandOf, curveLines, curvesOf, intervalOf, numberOf, theoryGain } from './curves'
import { marksOf } from './marks'
import { useWatch } from './state'

/** Why there is nothing to see: two keys of messages. */
export interface Empty {
  title: string
  text: string
}
export interface WatchModel {
  run: ComputedRef<Run | undefined>
  rows: ComputedRef<Rows | undefined>
  scale: ComputedRef<Scale>
  range: ComputedRef<Range>
  /** Statistic's name and symbol in the language of the moment. */
  name: ComputedRef<string>
  symbol: ComputedRef<string>
  empty: ComputedRef<Empty | undefined>
  heatmap: ComputedRef<HeatmapModel>
  profile: ComputedRef<ProfileModel>
  /** Gain per hidden layer of the theory that the profile draws, when it draws one. */
  theory: ComputedRef<number | undefined>
  curve: ComputedRef<CurveModel>
  /** Names of the curves there are. */
  scalars: ComputedRef<readonly string[]>
  scalarName(name: string): string
  /** `Layer 3, Dense`, or the name alone for a layer without a kernel. */
  layerName(layer: RunLayer): string
  layerShort(layer: RunLayer): string
  /** The layer, or its time step where rows are those. */
  rowName(row: number): string
  /** Value of a row in a frame. */
  rowValue(frame: number, row: number): number | undefined
  /**
   * Exact values of the rows at the shown step, at most once a second while live; step, statistic and values always
   * belong together.
   */
  exactRows: Ref<{
    step: number | undefined
    statistic: string
    rows: { layer: RunLayer; time?: number; value: string }[]
  }>
  valueText(value: number | undefined): string
}

/** What the plots draw, from the run on screen and what was chosen. Call in a component's setup. */
export function useWatchModel(): WatchModel {
  const runs = useRuns()
  const watch = useWatch()
  const settings = useSettings()
  const text = useText()
  const { t, te } = useI18n()

  const run = computed(() => runs.current)
  const statistic = computed(() => watch.statistic)
  const scale = computed(() => statistic.value.scale)
  const name = computed(() => text(statistic.value.name))
  const symbol = computed(() => statistic.value.symbol)
  const rows = computed(() => {
    const r = run.value
    return r ? runs.rowsOf(statistic.value.id, !watch.allLayers, r, watch.timeLayer) : undefined
  })
  const range = computed(() => runs.rangeOf(statistic.value.id, run.value, watch.ownScale))
  const interval = computed(() => intervalOf(run.value))
  const planned = computed(() => run.value?.progress.steps ?? run.value?.experiment.training.steps ?? 100)
  const ended = computed(() => !!run.value && !isActive(run.value.progress.state))

  const nameOf = (layer: RunLayer): string => (layer.recorded ? layer.name : text(nameText(layer.name, layer.kind)))
  const layerName = (layer: RunLayer): string => {
    const n = numberOf(run.value, layer)
    return layer.recorded || n === undefined || saysNumber(layer.name, n)
      ? nameOf(layer)
      : t('runViews.layerName', { n, name: nameOf(layer) })
  }
  const layerShort = (layer: RunLayer): string => {
    const n = numberOf(run.value, layer)
    return layer.recorded || n === undefined ? nameOf(layer) : t('runViews.layerNumber', { n })
  }
  const rowNames = computed(() =>
    (rows.value?.layers ?? []).map((l, i) => {
      const n = numberOf(run.value, l)
      if (rows.value!.times) return String(rows.value!.times[i])
      if (!watch.allLayers) return String(n)
      return l.recorded || n === undefined || saysNumber(l.name, n) ? nameOf(l) : `${nameOf(l)} ${n}`
    })
  )
  const rowName = (row: number): string => {
    const { layers, times } = rows.value!
    return times ? t('runViews.timeOf', { time: times[row]!, layer: layerName(layers[row]!) }) : layerName(layers[row]!)
  }
  function rowValue(frame: number, row: number): number | undefined {
    const r = run.value
    const { layers, times, columns } = rows.value!
    if (!r?.frames) return undefined
    return times ? r.frames.value(frame, columns[row]!) : runs.valueIn(r, frame, layers[row]!.index, statistic.value.id)
  }
  const selectedRow = computed(() =>
    rows.value?.times
      ? rows.value.times.indexOf(watch.time ?? -1)
      : rows.value?.layers.findIndex((l) => l.id === runs.selectedLayerId)
  )
  const valueText = (v: number | undefined): string =>
    scale.value === 'share' && v !== undefined ? `${exact(v)} (${percent(v)})` : exact(v)

  const empty = computed<Empty | undefined>(() => {
    const r = run.value
    const say = (key: string, more: Record<string, unknown> = {}): Empty => ({
      title: t(`runViews.empty.${key}`),
      text: t(`runViews.empty.${key}Help`, more)
    })
    if (!r) return say('noRun')
    if (!r.frames?.length) {
      if (r.progress.state === 'failed')
        return { title: t('runViews.empty.failed'), text: text(r.progress.failure?.message) }
      return isActive(r.progress.state) ? say('waiting') : say('nothing')
    }
    if (rows.value && rows.value.layers.length) return undefined
    const share = statistic.value.when !== undefined
    return {
      title: t('runViews.empty.notRecorded'),
      text: share ? t('runViews.empty.noShare') : t('runViews.empty.notRecordedHelp', { statistic: name.value })
    }
  })

  const rowAxis = computed(() => t(rows.value?.times ? 'runViews.axis.time' : 'runViews.axis.layer'))
  const healthy = computed(() => bandOf(statistic.value, (named) => t('runViews.healthyBand', named)))
  /** What happened, and where something begins that a person should see. */
  const marks = steady(() => marksOf(run.value, text))
  const heatmap = computed<HeatmapModel>(() => ({
    source: rows.value?.source,
    columns: rows.value?.columns ?? new Int32Array(0),
    rowNames: rowNames.value,
    scale: scale.value,
    range: range.value,
    dark: settings.dark,
    steps: planned.value,
    first: run.value?.continuedFrom?.step,
    interval: interval.value,
    marks: marks.value,
    pinned: runs.pinnedStep ?? undefined,
    row: selectedRow.value,
    healthy: healthy.value,
    notRun: run.value ? t(ended.value ? 'runViews.neverRun' : 'runViews.notRun') : undefined,
    axes: { x: t('runViews.axis.step'), y: rowAxis.value }
  }))

  function valuesAt(step: number | undefined): (number | undefined)[] {
    const frames = run.value?.frames
    if (!frames || step === undefined) return []
    const frame = frames.frameAt(step)
    return (rows.value?.layers ?? []).map((_, i) => rowValue(frame, i))
  }
  const predicted = computed(() =>
    statistic.value.id === 'activationGradientRms' ? (rows.value?.layers ?? []).map((l) => l.theoryProfile) : []
  )
  const profile = computed<ProfileModel>(() => {
    const r = run.value
    const live = run.value?.frames?.lastStep
    const pinned = runs.pinnedStep ?? undefined
    const lines: ProfileLine[] = []
    const factor = theoryGain(r)
    const theory = theoryProfile(predicted.value, valuesAt(pinned ?? live))
    if (factor !== undefined && theory.some((v) => v !== undefined))
      lines.push({ label: t('runViews.theory', { value: short(factor) }), values: theory, tone: 'theory' })
    if (pinned !== undefined)
      lines.push({ label: t('runViews.stepLabel', { step: pinned }), values: valuesAt(pinned), tone: 'pinned' })
    if (live !== undefined && live !== pinned)
      lines.push({
        label: ended.value ? t('runViews.stepLabel', { step: live }) : t('runViews.liveLabel', { step: live }),
        values: valuesAt(live),
        tone: 'live'
      })
    const n = rows.value?.layers.length ?? 0
    return {
      lines,
      rows: n,
      rowNames:
        rows.value?.times?.map(String) ?? (rows.value?.layers ?? []).map((l) => String(numberOf(run.value, l) ?? '')),
      scale: scale.value,
      // Through time a gradient loses far more than the shared scale has: its own axis shows all of it.
      range: rows.value?.times ? runs.rangeOf(statistic.value.id, r, true) : range.value,
      dark: settings.dark,
      row: selectedRow.value,
      healthy: healthy.value,
      axes: { y: rowAxis.value },
      bottom: watch.view?.bottom ?? 0,
      top: Math.max(1, Math.min(watch.view?.top ?? n, n))
    }
  })

  const theory = computed(() =>
    profile.value.lines.some((l) => l.tone === 'theory') ? theoryGain(run.value) : undefined
  )

  const scalars = steady((): readonly string[] => (run.value?.frames ? curvesOf(run.value.frames) : []))
  const scalarName = (id: string): string => (te(`runViews.${id}`) ? t(`runViews.${id}`) : id)
  const curve = computed<CurveModel>(() => {
    const r = run.value
    const frames = r?.frames
    const frame = frames ? (runs.pinnedStep === null ? frames.length - 1 : frames.frameAt(runs.pinnedStep)) : -1
    const lines = r
      ? curveLines(r, watch.scalar, { frame, evaluation: runs.evaluationAt() }, (key, named) =>
          t(`runViews.${key}`, named)
        )
      : []
    return {
      lines,
      log: watch.log ?? suitsLog(lines),
      smoothing: settings.smoothing,
      dark: settings.dark,
      planned: planned.value,
      first: r?.continuedFrom?.step,
      last: frames?.lastStep,
      interval: interval.value,
      marks: marks.value,
      pinned: runs.pinnedStep ?? undefined,
      axes: { x: t('runViews.axis.step') },
      ...(watch.view ? { from: watch.view.from, to: watch.view.to } : {})
    }
  })

  // Only the live step, which a screen reader would never catch, is held back: not a pinned one, nor that of the end.
  const slowStep = refThrottled(
    computed(() => runs.liveStep),
    1000
  )
  const exactRows = computed(() => {
    const frames = run.value?.frames
    const isLive = runs.following && !!run.value && isActive(run.value.progress.state)
    const frame = frames?.frameAt((isLive ? slowStep.value : runs.shownStep) ?? -1) ?? -1
    const step = frames?.step(frame)
    const values = valuesAt(step)
    const of = (rows.value?.layers ?? []).map((layer, i) => ({
      layer,
      ...(rows.value!.times && { time: rows.value!.times[i]! }),
      value: exact(values[i])
    }))
    return { step, statistic: statistic.value.id, rows: of }
  })

  return {
    run,
    rows,
    scale,
    range,
    name,
    symbol,
    empty,
    heatmap,
    profile,
    theory,
    curve,
    scalars,
    scalarName,
    layerName,
    layerShort,
    rowName,
    rowValue,
    exactRows,
    valueText
  }
}
