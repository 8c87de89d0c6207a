import { computed, type ComputedRef, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { exact } from '@/charts/format'
import type { HeatmapChart } from '@/charts/heatmap/chart'
import { useRuns } from '@/stores/runs'
import type { WatchModel } from './model'
import { useWatch } from './state'

/** What stands under the pointer. */
export interface Tip {
  title: string
  step: number
  value: string
  gain: { label: string; value: string } | undefined
  /** Of which steps the cell shows the most telling value, where it stands for several. */
  painted: string | undefined
}

/**
 * Steps and layers by keyboard.
 * @param selectRow selects a layer, or a time step of one. @param chart what is zoomed. @returns the listener
 */
export function heatmapKeys(
  model: WatchModel,
  selectRow: (row: number) => void,
  chart: Readonly<Ref<HeatmapChart | undefined>>
): (e: KeyboardEvent) => void {
  const runs = useRuns()
  return (e) => {
    const frames = model.run.value?.frames
    const layers = model.rows.value?.layers ?? []
    if (!frames?.length) return
    const frame = frames.frameAt(runs.shownStep ?? 0)
    const row = model.heatmap.value.row ?? -1
    const far = e.shiftKey ? 10 : 1
    const toFrame = (f: number): void => runs.pin(frames.step(Math.max(0, Math.min(frames.length - 1, f)))!)
    const toRow = (r: number): void => selectRow(Math.max(0, Math.min(layers.length - 1, r)))
    const act: Record<string, () => void> = {
      ArrowLeft: () => toFrame(frame - far),
      ArrowRight: () => toFrame(frame + far),
      Home: () => toFrame(0),
      End: () => toFrame(frames.length - 1),
      ArrowUp: () => toRow(row + far),
      ArrowDown: () => toRow(row < 0 ? 0 : row - far),
      Escape: () => runs.followLive(),
      '+': () => chart.value?.zoomBy(0.5),
      '-': () => chart.value?.zoomBy(2),
      '0': () => chart.value?.resetZoom()
    }
    const action = act[e.key]
    if (!action) return
    e.preventDefault()
    e.stopPropagation()
    action()
  }
}

/** What a screen reader says of the heatmap: its name, and its value at the step and row chosen. */
export function heatmapWords(model: WatchModel): { spoken: ComputedRef<string>; label: ComputedRef<string> } {
  const runs = useRuns()
  const state = useWatch()
  const { t } = useI18n()
  const spoken = computed(() => {
    const run = model.run.value
    const step = runs.shownStep
    const layer = runs.selectedLayer
    const row = model.heatmap.value.row ?? -1
    if (!run || step === undefined) return model.empty.value?.title ?? ''
    if (model.rows.value?.times && row >= 0)
      return t('runViews.heatmapValue', {
        step,
        layer: model.rowName(row),
        value: exact(model.rowValue(run.frames!.frameAt(step), row))
      })
    return layer && !model.rows.value?.times
      ? t('runViews.heatmapValue', {
          step,
          layer: model.layerName(layer),
          value: exact(runs.valueAt(layer.index, state.statistic.id))
        })
      : t('runViews.stepLabel', { step })
  })
  const label = computed(() =>
    t(model.rows.value?.times ? 'runViews.timeHeatmapLabel' : 'runViews.heatmapLabel', {
      statistic: model.name.value,
      layers: model.rows.value?.layers.length ?? 0,
      frames: model.run.value?.frames?.length ?? 0
    })
  )
  return { spoken, label }
}
