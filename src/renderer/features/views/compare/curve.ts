import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { suitsLog, type CurveLine, type CurveModel } from '@/charts/curve/model'
import { short } from '@/charts/format'
import type { Mark } from '@/charts/plot'
import { curvesOf } from '@/features/views/runViews/curves'
import { LETTERS, useCompare } from '@/stores/compare'
import type { Run } from '@/stores/runs'
import { useSettings } from '@/stores/settings'

/** The curves of the runs compared, in one plot. Call in a component's setup. */
export function useCurve(
  chosen: ComputedRef<Run[]>,
  colours: ComputedRef<readonly string[]>,
  planned: ComputedRef<number>,
  pinned: ComputedRef<number | undefined>
): { scalars: ComputedRef<string[]>; scalarName(id: string): string; curve: ComputedRef<CurveModel> } {
  const settings = useSettings()
  const compare = useCompare()
  const { t, te } = useI18n()

  const scalars = computed(() => {
    return [...new Set(chosen.value.flatMap((r) => (r.frames ? curvesOf(r.frames) : [])))]
  })
  const scalarName = (id: string): string => (te(`runViews.${id}`) ? t(`runViews.${id}`) : id)
  const curve = computed<CurveModel>(() => {
    const out: CurveLine[] = []
    const marks: Mark[] = []
    chosen.value.forEach((run, k) => {
      const { frames } = run
      const column = frames?.scalarColumn(compare.scalar) ?? -1
      if (!frames || column < 0) return
      const values = Float64Array.from({ length: frames.length }, (_, i) => frames.scalar(i, column)!)
      out.push({
        label: `${LETTERS[k]} ${short(values[values.length - 1], 3)}`,
        steps: frames.steps.slice(),
        values,
        tone: 'train',
        color: colours.value[k]!
      })
      const held = run.evaluations.filter((e) => compare.scalar in e.metrics)
      if (held.length)
        out.push({
          label: '',
          steps: held.map((e) => e.step),
          values: held.map((e) => e.metrics[compare.scalar]!),
          tone: 'validation',
          color: colours.value[k]!
        })
      const broke = values.findIndex((v) => !Number.isFinite(v))
      if (broke >= 0)
        marks.push({
          step: frames.step(broke)!,
          label: `${LETTERS[k]} ${Number.isNaN(values[broke]) ? 'NaN' : '±Inf'}`,
          tone: 'bad'
        })
    })
    return {
      lines: out,
      log: compare.log ?? suitsLog(out),
      smoothing: settings.smoothing,
      dark: settings.dark,
      planned: planned.value,
      last: Math.max(0, ...chosen.value.map((r) => r.frames?.lastStep ?? 0)),
      interval: 1,
      marks,
      pinned: pinned.value,
      axes: { x: t('compare.axis.step'), y: '' }
    }
  })
  return { scalars, scalarName, curve }
}
