import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { RunLayer } from '@shared/run/types'
import { statistics } from '@shared/statistics'
import { colourOf, css, inkOn } from '@/charts/scales'
import { short } from '@/charts/format'
import { useRuns } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'

/** What the canvas says of the run on screen, at the shown step: one magnitude, one colour. */
export const useMeasures = defineStore('measures', () => {
  const runs = useRuns()
  const ui = useUi()
  const settings = useSettings()
  const scale = computed(() => statistics.find(ui.statistic)?.scale ?? 'log')
  const range = computed(() => runs.rangeOf(ui.statistic))
  /** Instances of a node in the run, by node path. */
  const instances = computed(() => {
    const out = new Map<string, RunLayer[]>()
    for (const l of runs.current?.schema?.layers ?? []) {
      const list = out.get(l.node)
      if (list) list.push(l)
      else out.set(l.node, [l])
    }
    return out
  })
  const value = (layer: RunLayer | undefined, statistic = ui.statistic): number | undefined => (layer ? runs.valueAt(layer.index, statistic) : undefined)
  const colour = (v: number | undefined): string | undefined => (v === undefined ? undefined : css(colourOf(v, scale.value, range.value, settings.dark)))
  const ink = (v: number): string => inkOn(colourOf(v, scale.value, range.value, settings.dark))
  /** Style of a chip with this value; NaN is hatched, an exact zero dotted, as in the heatmap. */
  function chip(v: number | undefined): { class?: string; style?: Record<string, string> } {
    if (v === undefined) return {}
    if (Number.isNaN(v)) return { class: 'k-nan', style: { color: '#000' } }
    if (v === 0 && scale.value !== 'linear' && scale.value !== 'share') return { class: 'k-zero', style: { color: '#000' } }
    return { style: { background: colour(v)!, color: ink(v) } }
  }
  /** Value on the connection behind a node: of what goes back through it. */
  function edgeValue(source: string, target: string): number | undefined {
    for (const path of [source, target]) {
      const list = instances.value.get(path)
      const v = list?.length === 1 ? value(list[0]) : undefined
      if (v !== undefined) return v
    }
    return undefined
  }
  return { scale, range, instances, value, colour, ink, chip, edgeValue, short }
})
