import { defineStore } from 'pinia'
import { computed } from 'vue'
import type { PlanLayer } from '@shared/experiment/plan'
import type { RunLayer } from '@shared/run/types'
import { statistics } from '@shared/catalog/statistics'
import { css } from '@shared/base/colour'
import { chipLook, colourOf } from '@/charts/scales'
import { brief, short } from '@/charts/format'
import type { Range } from '@/charts/range'
import { useProject } from '@/stores/project'
import { useRuns } from '@/stores/runs'
import { useSettings } from '@/stores/settings'
import { useUi } from '@/stores/ui'

/** What the canvas says of the run on screen, at the shown step: one magnitude, one colour. */
export const useMeasures = defineStore('measures', () => {
  const runs = useRuns()
  const ui = useUi()
  const settings = useSettings()
  const project = useProject()
  /** Whether a layer of the run is the one that is planned. */
  const isThere = (l: RunLayer, planned: PlanLayer | undefined): boolean =>
    !!planned &&
    planned.kind?.id === l.kind &&
    planned.paramCount === l.paramCount &&
    planned.outputShape.join() === l.outputShape.join() &&
    (project.shared?.has(l.node) ?? true)
  const scale = computed(() => statistics.find(ui.statistic)?.scale ?? 'log')
  /**
   * Instances of a node in the run, by node path. A node that is another one than the run had (of another kind or
   * shape, or wired or set otherwise) has none.
   */
  const instances = computed(() => {
    const out = new Map<string, RunLayer[]>()
    const planned = new Map(project.plan.layers.map((l) => [l.id, l]))
    for (const l of runs.current?.schema?.layers ?? []) {
      if (!isThere(l, planned.get(l.id))) continue
      const list = out.get(l.node)
      if (list) list.push(l)
      else out.set(l.node, [l])
    }
    return out
  })
  /** The chosen statistic of every layer at the shown step. */
  const taken = computed<{ values: Map<number, number | undefined>; range: Range }>(() => {
    const layers = runs.current?.schema?.layers ?? []
    return {
      values: new Map(layers.map((l) => [l.index, runs.valueAt(l.index, ui.statistic)])),
      range: runs.rangeOf(ui.statistic)
    }
  })
  const range = computed(() => taken.value.range)
  const value = (layer: RunLayer | undefined, statistic = ui.statistic): number | undefined =>
    layer && (statistic === ui.statistic ? taken.value.values.get(layer.index) : runs.valueAt(layer.index, statistic))
  const colour = (v: number | undefined): string | undefined =>
    v === undefined ? undefined : css(colourOf(v, scale.value, range.value, settings.dark))
  /** Style of a chip with this value; NaN is hatched, an exact zero dotted, as in the heatmap. */
  const chip = (v: number | undefined): ReturnType<typeof chipLook> =>
    chipLook(v, scale.value, range.value, settings.dark)
  /**
   * The copy of a node that a connection at its end meets: a block's last when it leaves, its first when it enters,
   * else the middle one.
   */
  function copyAt(path: string, end: 'source' | 'target'): RunLayer | undefined {
    const own = instances.value.get(path)
    if (own) return own[own.length >> 1]
    let found: RunLayer | undefined
    for (const [node, list] of instances.value) {
      if (!node.startsWith(path + '/')) continue
      if (end === 'target') return list[0]
      found = list[list.length - 1]
    }
    return found
  }
  /** Value on a connection: the gradient of what goes along it, else of what it goes to. */
  const edgeValue = (source: string, target: string): number | undefined =>
    value(copyAt(source, 'source')) ?? value(copyAt(target, 'target'))
  return { brief, scale, range, instances, value, colour, chip, edgeValue, short }
})
