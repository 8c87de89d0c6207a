import { defineStore } from 'pinia'
import { computed, reactive, ref, shallowRef } from 'vue'
import type { HistogramSource } from '@shared/run/histogram'
import { statistics } from '@shared/catalog/statistics'
import type { Statistic } from '@shared/catalog/statistics/types'
import { useRuns } from '@/stores/runs'

export type Group = 'gradients' | 'activations' | 'weights'
export type Tab = Group | 'chain' | 'lens' | 'findings'
/** A tab that shows one statistic as heatmap, profile and curve. */
export const isGroup = (tab: Tab): tab is Group => tab === 'gradients' || tab === 'activations' || tab === 'weights'

/** The tab a statistic belongs to: by what it is computed from. */
function groupOf(s: Statistic): Group {
  if (s.needs.some((n) => n.endsWith('Gradient'))) return 'gradients'
  return s.needs.some((n) => n === 'kernel' || n === 'kernelUpdate' || n === 'bias') ? 'weights' : 'activations'
}
export const statisticsOf = (group: Group): Statistic[] => statistics.all.filter((s) => groupOf(s) === group)

const USUAL: Record<Group, string> = {
  gradients: 'activationGradientRms',
  activations: 'activationStd',
  weights: 'updateRatio'
}
const THROUGH_TIME = 'timeGradientRms'

/** What the run views show, shared by them: one cursor, one part in view. */
export const useWatch = defineStore('watch', () => {
  const runs = useRuns()
  const tab = ref<Tab>('gradients')
  const chosen = reactive<Partial<Record<Group, string>>>({})
  /** What a tab shows before somebody chooses: of a recurrent network, the gradient at each of its time steps. */
  const usual = (group: Group): string =>
    group === 'gradients' && runs.timeLayersOf(THROUGH_TIME).length ? THROUGH_TIME : USUAL[group]
  /** The statistic of the tab (of Gradients on pages without one). */
  const statistic = computed<Statistic>(() => {
    const group = isGroup(tab.value) ? tab.value : 'gradients'
    const s = statistics.find(chosen[group] ?? usual(group))
    // Time steps are those of a recurrent layer, which this run may not have.
    if (s?.perTime && (!runs.current || runs.current.schema) && !runs.timeLayersOf(s.id).length)
      return statisticsOf(group).find((o) => !o.perTime)!
    return s ?? statisticsOf(group)[0] ?? statistics.all[0]!
  })
  function choose(id: string): void {
    const s = statistics.get(id)
    chosen[groupOf(s)] = id
    tab.value = groupOf(s)
  }
  /** Rows for all layers, not only for those with a kernel. */
  const allLayers = ref(false)
  /** Recurrent layer whose time steps are the rows, by id; by default the first. */
  const timeLayer = ref<string>()
  /** Colours fitted to the run instead of the shared scale. */
  const ownScale = ref(false)
  /** Curve in the third plot: a scalar of the run. */
  const scalar = ref('loss')
  /** Logarithmic axis there; null: whatever suits. */
  const log = ref<boolean | null>(null)
  /** Whether the axis is logarithmic as drawn: what the plot made of `log`. */
  const logShown = ref(false)
  const toggleLog = (): void => void (log.value = !logShown.value)
  /** Whose distributions are shown. */
  const lensSource = ref<HistogramSource>('preActivation')
  /** Id of the activation that the lens compares with, or `none`. */
  const lensAgainst = ref('none')
  /** Time step whose row is selected, where rows are those of a recurrent layer; from 1. */
  const time = ref<number>()
  /** Only findings of this kind are listed; null: all. */
  const findingKind = ref<string | null>(null)
  /** Less than everything is in view of the heatmap. */
  const zoomed = ref(false)
  /** Brings everything back into view; there while the heatmap is. */
  const resetZoom = shallowRef<() => void>()
  /** Under the pointer, in any plot. */
  const hover = shallowRef<{ step?: number | undefined; row?: number | undefined } | null>(null)
  /** Part in view of the heatmap; the plots beside it follow. */
  const view = shallowRef<{ from: number; to: number; bottom: number; top: number } | null>(null)
  return {
    tab,
    statistic,
    choose,
    allLayers,
    timeLayer,
    ownScale,
    scalar,
    log,
    logShown,
    toggleLog,
    lensSource,
    lensAgainst,
    time,
    findingKind,
    zoomed,
    resetZoom,
    hover,
    view
  }
})
