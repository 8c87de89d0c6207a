import { computed, type ComputedRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { activations } from '@shared/catalog/activations'
import { defaultsOf } from '@shared/base/params'
import { estimateSlope, histogramOf, histogramsAt, type HistogramEntry, type HistogramSet } from '@shared/run/histogram'
import type { RunLayer } from '@shared/run/types'
import { percent, tidy } from '@/charts/format'
import { peakSlope, type LensModel } from '@/charts/lens'
import type { RidgelineModel } from '@/charts/ridgeline'
import { useText } from '@/i18n'
import { isActive, useRuns } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import { numberOf } from '@/features/views/runViews/curves'
import { useWatch } from '@/features/views/runViews/state'
import { lensOf } from './lens'

type Distribution = HistogramEntry & { bins: Float32Array }
/** The activation of the selected layer, and what meets it. */
export interface LensView {
  on: RunLayer
  /** The activation's name in the language of the moment. */
  name: string
  model: LensModel
  z: Distribution
  /** The layer in front of the norm, and its distribution. */
  before?: { layer: RunLayer; z: Distribution } | undefined
  slope: HistogramEntry['slope']
  beforeSlope?: number | undefined
  /** The activation compared with: its name, and about the mean of its f′ over the same z. */
  against?: { name: string; slope: number | undefined } | undefined
  /** In the regime |f′| is below this. */
  threshold: number
  /** Has the activation a regime without gradient; on both sides? */
  limited: boolean
  both: boolean
  canDie: boolean
  dead?: number | undefined
}
export interface LensParts {
  /** The distributions nearest to the step on screen. */
  set: ComputedRef<HistogramSet | undefined>
  /** In words, which step that is. */
  when: ComputedRef<string>
  rows: ComputedRef<{ layer: RunLayer; h: Distribution }[]>
  ridges: ComputedRef<RidgelineModel>
  lens: ComputedRef<LensView | undefined>
}
/** What the page of distributions shows; its pictures are exported from the same. Call in a component's setup. */
export function useLens(): LensParts {
  const runs = useRuns()
  const settings = useSettings()
  const state = useWatch()
  const text = useText()
  const { t } = useI18n()

  const set = computed(() => (runs.current ? histogramsAt(runs.current.histograms, runs.shownStep ?? 0) : undefined))
  const when = computed(() => {
    const s = set.value
    if (!s) return ''
    if (runs.following && runs.current && isActive(runs.current.progress.state)) return t('lens.live', { step: s.step })
    return s.step === runs.shownStep ? t('lens.step', { step: s.step }) : t('lens.kept', { step: s.step })
  })

  const rows = computed(() => {
    const s = set.value
    const layers = runs.current?.schema?.layers ?? []
    if (!s) return []
    return layers.flatMap((layer) => {
      const h = histogramOf(s, layer.index, state.lensSource)
      // The activation on its own is where z is, behind a norm; else rows are the layers that are counted.
      return h && (layer.main || layer.activation !== undefined) ? [{ layer, h }] : []
    })
  })
  const ridges = computed<RidgelineModel>(() => ({
    ridges: rows.value.map(({ layer, h }) => ({
      name: String(numberOf(runs.current, layer) ?? ''),
      distribution: h,
      nan: h.nan,
      infinite: h.infinite
    })),
    row: rows.value.findIndex(({ layer }) => layer.id === runs.selectedLayerId),
    dark: settings.dark
  }))
  const lens = computed<LensView | undefined>(() => {
    const s = set.value
    const found = lensOf(runs.current?.schema?.layers ?? [], runs.selectedLayerId)
    if (!s || !found) return undefined
    const entry = activations.get(found.on.activation!)
    const params = found.on.activationParams ?? defaultsOf(entry.fields)
    const z = histogramOf(s, found.on.index, 'preActivation')
    if (!z) return undefined
    const before = found.before && histogramOf(s, found.before.index, 'activation')
    const regime = entry.regime(params)
    const peak = peakSlope((x) => entry.df(x, params))
    const threshold = 0.05 * peak
    const other = state.lensAgainst === entry.id ? undefined : activations.find(state.lensAgainst)
    const otherParams = other && defaultsOf(other.fields)
    const slope = z.slope
    const picture: LensModel = {
      f: (x) => entry.f(x, params),
      df: (x) => entry.df(x, params),
      below: regime.saturatedBelow,
      above: regime.saturatedAbove,
      after: z,
      before,
      ...(other && {
        against: {
          df: (x: number) => other.df(x, otherParams!),
          label: t('lens.dfOf', { activation: text(other.name) })
        }
      }),
      ...(slope && {
        regions: {
          label: regime.canDie ? t('lens.regionOff') : t('lens.region', { value: tidy(threshold) }),
          below: percent(slope.below),
          above: percent(slope.above)
        }
      }),
      labels: {
        f: t('lens.f'),
        df: t('lens.df', { value: peak === 0.25 ? '¼' : tidy(peak) }),
        after: t(before ? 'lens.after' : 'lens.z'),
        before: t('lens.before')
      },
      dark: settings.dark
    }
    const beforeSlope = before && estimateSlope(before, before.bins, entry, params)
    const limited = regime.saturatedBelow !== undefined || regime.saturatedAbove !== undefined
    const dead = regime.canDie ? runs.valueAt(found.on.index, 'deadShare', s.step) : undefined
    return {
      on: found.on,
      name: text(entry.name),
      model: picture,
      z,
      ...(before && { before: { layer: found.before!, z: before } }),
      slope,
      beforeSlope,
      ...(other && { against: { name: text(other.name), slope: estimateSlope(z, z.bins, other, otherParams!) } }),
      threshold,
      limited,
      both: regime.saturatedBelow !== undefined && regime.saturatedAbove !== undefined,
      canDie: regime.canDie === true,
      dead
    }
  })
  return { set, when, rows, ridges, lens }
}
