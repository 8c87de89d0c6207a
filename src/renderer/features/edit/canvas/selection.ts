import { useVueFlow, type GraphNode } from '@vue-flow/core'
import { nextTick, watch } from 'vue'
import { useRuns } from '@/stores/runs'
import { useUi } from '@/stores/ui'
import { useClosed } from './closed'
import type { Drawing } from './drawing'
import { useMeasures } from './measures'

/** Makes the canvas's selection and everybody else's one. */
export function useSelection({ nodes, byId }: Drawing): void {
  const ui = useUi()
  const runs = useRuns()
  const closed = useClosed()
  const measures = useMeasures()
  const { findNode, addSelectedNodes, removeSelectedNodes, getSelectedNodes } = useVueFlow('network')

  /** While nodes come and go, the canvas drops the selected ones that went: nobody chose that. */
  let settling = 0
  watch(
    () => getSelectedNodes.value.map((n) => n.id).join('\n'),
    (joined) => {
      const ids = joined ? joined.split('\n') : []
      if (!settling && ids.join() !== ui.selection.join()) ui.select(...ids)
    }
  )
  async function show(): Promise<void> {
    settling++
    // The canvas takes new nodes over in a turn of its own.
    await nextTick()
    await nextTick()
    const want = new Set(ui.selection)
    const drop = getSelectedNodes.value.filter((n) => !want.has(n.id))
    if (drop.length) removeSelectedNodes(drop)
    const add = ui.selection.map((id) => findNode(id)).filter((n): n is GraphNode => !!n && !n.selected)
    if (add.length) addSelectedNodes([...getSelectedNodes.value.filter((n) => want.has(n.id)), ...add])
    await nextTick()
    settling--
  }
  watch([() => ui.selection, nodes], () => void show(), { immediate: true, flush: 'sync' })
  // What is selected is seen: a block opens for what is in it.
  watch(
    () => ui.selection.map((p) => closed.over(p)).find((p) => p !== undefined),
    (block) => block !== undefined && closed.set(block, false)
  )
  // A layer chosen on the canvas is the layer chosen in every view, and the other way round.
  watch(
    () => ui.selected,
    (path) => {
      const list = path ? measures.instances.get(path) : undefined
      if (!path || path.startsWith('@')) runs.selectLayer(null)
      else if (list && !list.some((l) => l.id === runs.selectedLayerId)) runs.selectLayer(list[0]!.id)
    }
  )
  watch(
    () => runs.selectedLayer,
    (layer) => layer && byId.value.has(layer.node) && ui.select(layer.node)
  )
}
