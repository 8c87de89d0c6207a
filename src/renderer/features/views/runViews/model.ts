import { refThrottled } from '@vueuse/core'
import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { nameText } from '@shared/experiment/names'
import { baselineOf } from '@shared/clinic/verdict/baseline'
import { hiddenLayers } from '@shared/run/layers'
import { saysNumber } from '@shared/run/names'
import type { FrameReader } from '@shared/run/frameTable'
import type { Evaluation, RunLayer, RunSchema } from '@shared/run/types'
import type { Scale, Statistic } from '@shared/catalog/statistics/types'
import { useText } from '@/i18n'
import { isActive, useRuns, type Rows, type Run } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import type { CurveLine, CurveModel } from '@/charts/curve/model'
import { suitsLog } from '@/charts/curve/model'
import { exact, percent, short } from '@/charts/format'
import type { HeatmapModel } from '@/charts/heatmap/model'
import type { Band } from '@/charts/plot'
import { meanGain, theoryProfile } from '@shared/theory/profile'
import type { ProfileLine, ProfileModel } from '@/charts/profile/model'
import type { Range } from '@/charts/range'
import { steady } from '@/timing/steady'
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

const figure = (x: number): string => x.toExponential().replace('e+', 'e')
/** Where a statistic is healthy, with words. @param say the message `runViews.healthyBand` */
export const bandOf = (s: Statistic, say: (named: { low: string; high: string }) => string): Band | undefined =>
  s.healthy && {
    low: s.healthy[0],
    high: s.healthy[1],
    label: say({ low: figure(s.healthy[0]), high: figure(s.healthy[1]) })
  }

/** Every n-th step is recorded. */
export const intervalOf = (run: Run | undefined): number =>
  Math.max(1, run?.schema?.recording?.every ?? run?.experiment.record?.every ?? 1)

/** The training loss without its penalties, frame by frame, where there is a penalty: the validation loss has none. */
export function dataLoss(frames: FrameReader): Float64Array | undefined {
  if (!curvesOf(frames).includes('penalty')) return undefined
  const [loss, penalty] = [frames.scalarColumn('loss'), frames.scalarColumn('penalty')]
  return Float64Array.from({ length: frames.length }, (_, i) => frames.scalar(i, loss)! - frames.scalar(i, penalty)!)
}

/**
 * Curves of a scalar over the steps: of training, without its penalties where it is the loss and has some, and of
 * validation.
 * @param shown frame and evaluation whose values stand beside the names. @param say a message of `watch`
 */
export function curveLines(
  run: Run,
  id: string,
  shown: { frame: number; evaluation: Evaluation | undefined },
  say: (key: string, named: { value: string }) => string
): CurveLine[] {
  const { frames } = run
  const k = frames?.scalarColumn(id) ?? -1
  if (!frames || k < 0) return []
  const line = (
    tone: CurveLine['tone'],
    key: string,
    value: number | undefined,
    at: ArrayLike<number>,
    values: ArrayLike<number>
  ): CurveLine => {
    const named = { value: short(value, 3) }
    return {
      label: say(key, named),
      ...(tone !== 'train' && { brief: say(`${key}Brief`, named) }),
      steps: at,
      values,
      tone
    }
  }
  const { scalars, scalarWidth, length } = frames
  const steps = frames.steps.slice()
  const values = new Float64Array(length)
  for (let i = 0; i < length; i++) values[i] = scalars[i * scalarWidth + k]!
  const train = line('train', 'train', values[shown.frame], steps, values)
  const evaluations = run.evaluations.filter((e) => id in e.metrics)
  const last = Math.max(run.progress.steps, frames.lastStep ?? 0)
  const least = baselineOf(run.schema, run.experiment.training.loss.id, id)
  const baseline =
    least === undefined ? [] : [line('baseline', 'baseline', least, [frames.firstStep ?? 0, last], [least, least])]
  if (!evaluations.length) return [train, ...baseline]
  const data = id === 'loss' ? dataLoss(frames) : undefined
  return [
    train,
    ...(data ? [line('data', 'dataLoss', data[shown.frame], steps, data)] : []),
    line(
      'validation',
      'validation',
      shown.evaluation?.metrics[id],
      evaluations.map((e) => e.step),
      evaluations.map((e) => e.metrics[id]!)
    ),
    ...baseline
  ]
}

const penalised = new WeakMap<FrameReader, { seen: number; ever: boolean }>()
/** Names of the curves of a run: a penalty only once there has been one. */
export function curvesOf(frames: FrameReader): readonly string[] {
  const column = frames.scalarColumn('penalty')
  if (column < 0) return frames.scalarNames
  let known = penalised.get(frames)
  if (!known) penalised.set(frames, (known = { seen: 0, ever: false }))
  for (; !known.ever && known.seen < frames.length; known.seen++) known.ever = frames.scalar(known.seen, column) !== 0
  return known.ever ? frames.scalarNames : frames.scalarNames.filter((n) => n !== 'penalty')
}

/** What theory expects a gradient to be multiplied by per hidden layer, at initialisation: the geometric mean. */
export const theoryGain = (run: Run | undefined): number | undefined =>
  meanGain(hiddenLayers(run?.schema?.layers ?? []).map((l) => l.theoryProfile))

const numbers = new WeakMap<RunSchema, Map<number, number>>()
/** Number of a layer among those with a kernel, from 1; undefined for others. */
export function numberOf(run: Run | undefined, layer: RunLayer): number | undefined {
  if (!run?.schema) return undefined
  let map = numbers.get(run.schema)
  if (!map)
    numbers.set(run.schema, (map = new Map(run.schema.layers.filter((l) => l.main).map((l, i) => [l.index, i + 1]))))
  return map.get(layer.index)
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

  // A pinned step is shown at once; only the live one, which a screen reader would never catch, is held back.
  const slowStep = refThrottled(
    computed(() => runs.liveStep),
    1000
  )
  const exactRows = computed(() => {
    const frames = run.value?.frames
    const frame = frames?.frameAt((runs.following ? slowStep.value : runs.shownStep) ?? -1) ?? -1
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
