import type { Edge, Node } from '@vue-flow/core'
import { computed, markRaw, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { SIZE } from './layout'
import type { CanvasEdge, CanvasNode } from './model'
import type { Shown } from './shown'
import { useSkip } from './skip'
import { useNames } from './spoken'

/** What Vue Flow draws. */
export interface Drawing {
  nodes: ShallowRef<Node[]>
  edges: ShallowRef<Edge[]>
  /** The nodes drawn now, by path. */
  byId: ShallowRef<Map<string, CanvasNode>>
  /** The connection a dragged layer would go onto. */
  target: Ref<string | undefined>
  /** Puts everything back where the model has it. */
  draw(): void
}

export function useDrawing({ model }: Shown): Drawing {
  const ui = useUi()
  const project = useProject()
  const skip = useSkip()
  const byId = shallowRef(new Map<string, CanvasNode>())
  const name = useNames(byId)
  const { t, locale } = useI18n()
  const nodes = shallowRef<Node[]>([])
  const edges = shallowRef<Edge[]>([])
  const target = ref<string>()
  const classOf = (id: string): string => (id === target.value ? 'target' : '')

  /** The skip that is being drawn, as far as it has come. */
  const begun = computed<CanvasEdge[]>(() => {
    const [source, to] = [skip.from, skip.canEnd ? ui.selected : null]
    if (source === null || to === null || !model.value.nodes.some((n) => n.id === to)) return []
    return [
      {
        id: '@begun',
        source,
        target: to,
        sourceHandle: 'out',
        targetHandle: 'in',
        wire: { scope: '', source, target: to, index: 0 },
        rise: SIZE.layer.h / 2 + 24,
        depth: 0,
        mark: 'preview'
      }
    ]
  })
  function draw(): void {
    const m = model.value
    byId.value = new Map(m.nodes.map((n) => [n.id, n]))
    nodes.value = m.nodes.map((n) => ({
      id: n.id,
      type: n.type,
      position: { x: n.x, y: n.y },
      ...(n.parent !== undefined && { parentNode: n.parent }),
      width: n.w,
      height: n.h,
      zIndex: n.depth * 4 + (n.type === 'block' ? 0 : 2),
      draggable: !n.foreign && !project.viewed,
      connectable: !project.viewed,
      deletable: false,
      focusable: false,
      data: {}
    }))
    edges.value = [...m.edges, ...begun.value].map((e) => ({
      id: e.id,
      type: 'wire',
      source: e.source,
      target: e.target,
      sourceHandle: e.sourceHandle,
      targetHandle: e.targetHandle,
      zIndex: e.depth * 4 + 1,
      data: markRaw({ edge: e }),
      class: classOf(e.id),
      // Else Vue Flow names it by ids, and in English.
      ariaLabel: t(e.rise ? 'canvas.said.skip' : 'canvas.said.wire', { from: name(e.source), to: name(e.target) }),
      focusable: false,
      deletable: false,
      selectable: false
    }))
    if (ui.wire !== null && !m.edges.some((e) => e.id === ui.wire)) ui.wire = null
  }
  watch([model, begun, () => project.viewed, locale], draw, { immediate: true })
  watch(target, () => (edges.value = edges.value.map((e) => ({ ...e, class: classOf(e.id) }))))
  return { nodes, edges, byId, target, draw }
}
