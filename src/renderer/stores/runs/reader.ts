import { markRaw } from 'vue'
import { statistics } from '@shared/catalog/statistics'
import type { FrameSource } from '@shared/run/frameTable'
import { nextTowardsLoss } from '@shared/run/path'
import type { Evaluation, Plane, RunLayer } from '@shared/run/types'
import { fit, RangeTracker, type Range } from '@/charts/range'
import { DerivedFrames } from '@/charts/source'
import type { Cursor } from './cursor'
import type { Frames } from './frames'
import type { Run } from './run'

/** The rows of a picture of one statistic, in forward order, and where their values are. */
export interface Rows {
  layers: RunLayer[]
  /** Time of each row, from 1, where rows are the time steps of one recurrent layer. */
  times?: number[]
  /** Place of each row's value in a frame of `source`. */
  columns: Int32Array
  source: FrameSource
}
/**
 * Reads of runs: of the current one at the shown step unless another run or step is given. All are reactive, as reads
 * of `Run` are.
 */
export interface Reader {
  /**
   * Rows of a statistic: the layers it is recorded or can be derived for.
   * @param mainOnly only layers with a kernel
   * @param timeLayer id of the recurrent layer whose time steps are the rows; the first one by default
   * @returns the same object as long as it is called for the same
   */
  rowsOf(statistic: string, mainOnly?: boolean, run?: Run, timeLayer?: string): Rows | undefined
  /** The layers of `rowsOf`. */
  rowsFor(statistic: string, options?: { mainOnly?: boolean; run?: Run }): readonly RunLayer[]
  /** The layers that have this statistic for each of their time steps. */
  timeLayersOf(statistic: string, run?: Run): RunLayer[]
  /** The next layer towards the loss with an activation gradient. @param layer index of the layer */
  nextOf(run: Run, layer: number): RunLayer | undefined
  /**
   * Value of a layer in a frame, derived where the statistic isn't recorded as such. @param frame an index, not a step
   */
  valueIn(run: Run, frame: number, layer: number, statistic: string): number | undefined
  /** Exact recorded value of a layer at a step, or at the last recorded one before it. */
  valueAt(layer: number, statistic: string, step?: number, run?: Run): number | undefined
  scalarAt(name: string, step?: number, run?: Run): number | undefined
  lossAt(step?: number, run?: Run): number | undefined
  /** Newest evaluation at or before a step. */
  evaluationAt(step?: number, run?: Run): Evaluation | undefined
  /** Newest picture of a critic over the plane, at or before a step. */
  planeAt(step?: number, run?: Run): (Evaluation & { plane: Plane }) | undefined
  /**
   * Colour range of a statistic in a run: its default, widened to what was measured. Canvas, heatmap and profile share
   * it.
   * @param own fitted to what was measured instead
   */
  rangeOf(statistic: string, run?: Run, own?: boolean): Range
}

const NO_ROWS: readonly RunLayer[] = []
/** What derived statistics are made of. */
const BASE = 'activationGradientRms'

export function makeReader({ current, shownStep }: Pick<Cursor, 'current' | 'shownStep'>): Reader {
  const rowsCache = new WeakMap<Frames, Map<string, Rows>>()
  const trackers = new WeakMap<Frames, Map<string, RangeTracker>>()

  const timeLayersOf = (statistic: string, run = current.value): RunLayer[] =>
    run?.schema?.layers.filter((l) => run.frames?.timeColumns(l.index, statistic).length) ?? []
  function nextOf(run: Run, layer: number): RunLayer | undefined {
    const { schema, frames } = run
    const own = schema?.layers.find((l) => l.index === layer)
    return own && nextTowardsLoss(schema!.layers, own, (l) => (frames?.column(l.index, BASE) ?? -1) >= 0)
  }

  /** Rows that are the time steps of one layer. */
  function timeRows(frames: Frames, layer: RunLayer, statistic: string): Rows {
    const columns = frames.timeColumns(layer.index, statistic)
    return {
      layers: columns.map(() => layer),
      times: columns.map((_, i) => i + 1),
      columns: Int32Array.from(columns),
      source: frames
    }
  }
  function layerRows(run: Run, frames: Frames, statistic: string, mainOnly: boolean): Rows {
    const derive = frames.statistics.includes(statistic) ? undefined : statistics.find(statistic)?.derive
    const layers = (run.schema?.layers ?? []).filter(
      (l) => (l.main || !mainOnly) && frames.column(l.index, derive ? BASE : statistic) >= 0
    )
    if (!derive)
      return { layers, columns: Int32Array.from(layers, (l) => frames.column(l.index, statistic)), source: frames }
    // The topmost layer has no neighbour towards the loss, nor has a shortcut.
    const pairs = layers.flatMap((layer) => {
      const next = nextOf(run, layer.index)
      return next ? [{ layer, own: layer.index, next: next.index }] : []
    })
    return {
      layers: pairs.map((p) => p.layer),
      columns: Int32Array.from(pairs.keys()),
      source: markRaw(new DerivedFrames(frames, pairs, derive))
    }
  }
  function rowsOf(statistic: string, mainOnly = true, run = current.value, timeLayer?: string): Rows | undefined {
    const frames = run?.frames
    if (!run || !frames) return undefined
    let all = rowsCache.get(frames)
    if (!all) rowsCache.set(frames, (all = new Map()))
    const timed = timeLayersOf(statistic, run)
    const over = timed.find((l) => l.id === timeLayer) ?? timed[0]
    const key = `${statistic} ${over ? over.id : mainOnly}`
    let rows = all.get(key)
    if (!rows)
      all.set(key, (rows = over ? timeRows(frames, over, statistic) : layerRows(run, frames, statistic, mainOnly)))
    return rows
  }

  function valueIn(run: Run, frame: number, layer: number, statistic: string): number | undefined {
    const { frames } = run
    if (!frames) return undefined
    const column = frames.column(layer, statistic)
    if (column >= 0) return frames.value(frame, column)
    const derive = statistics.find(statistic)?.derive
    const next = derive && nextOf(run, layer)
    const of = (index: number) => (s: string) => frames.value(frame, frames.column(index, s))
    return next && derive(of(layer), of(next.index))
  }
  function scalarAt(name: string, step = shownStep.value, run = current.value): number | undefined {
    const frames = run?.frames
    return frames && step !== undefined ? frames.scalar(frames.frameAt(step), frames.scalarColumn(name)) : undefined
  }
  /** Newest evaluation at or before a step of which this is true. */
  function newest(
    step: number | undefined,
    run: Run | undefined,
    is: (e: Evaluation) => boolean
  ): Evaluation | undefined {
    const evaluations = run?.evaluations ?? []
    if (step === undefined) return undefined
    for (let i = evaluations.length - 1; i >= 0; i--) {
      const e = evaluations[i]!
      if (e.step <= step && is(e)) return e
    }
    return undefined
  }
  function rangeOf(statistic: string, run = current.value, own = false): Range {
    const scale = statistics.find(statistic)?.scale ?? 'log'
    const frames = run?.frames
    if (!frames) return new RangeTracker(scale).range
    let all = trackers.get(frames)
    if (!all) trackers.set(frames, (all = new Map()))
    let tracker = all.get(statistic)
    if (!tracker) all.set(statistic, (tracker = new RangeTracker(scale)))
    const rows = rowsOf(statistic, false, run)
    // One scale for all recurrent layers.
    const columns = rows?.times
      ? timeLayersOf(statistic, run).flatMap((l) => frames.timeColumns(l.index, statistic))
      : rows?.columns
    if (rows && columns) tracker.scan(rows.source, columns)
    return own ? fit(scale, tracker.extent) : tracker.range
  }

  return {
    rowsOf,
    rowsFor: (statistic, { mainOnly = true, run = current.value } = {}) =>
      rowsOf(statistic, mainOnly, run)?.layers ?? NO_ROWS,
    timeLayersOf,
    nextOf,
    valueIn,
    valueAt: (layer, statistic, step = shownStep.value, run = current.value) =>
      run?.frames && step !== undefined ? valueIn(run, run.frames.frameAt(step), layer, statistic) : undefined,
    scalarAt,
    lossAt: (step, run) => scalarAt('loss', step, run),
    evaluationAt: (step = shownStep.value, run = current.value) => newest(step, run, () => true),
    planeAt: (step = shownStep.value, run = current.value) =>
      newest(step, run, (e) => e.plane !== undefined) as (Evaluation & { plane: Plane }) | undefined,
    rangeOf
  }
}
