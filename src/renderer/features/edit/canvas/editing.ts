import { useVueFlow, type Connection, type GraphNode } from '@vue-flow/core'
import { connect, disconnect, moveNode, removeNodes } from '@shared/experiment/edit'
import { INPUT } from '@shared/experiment/types'
import { both } from '@/i18n'
import { useProject } from '@/stores/project'
import { useUi } from '@/stores/ui'
import { acceptsLayer, layerDragged } from './drag'
import type { Drawing } from './drawing'
import { DATA, LOSS } from './model'
import { aligned, insertKind, nearestEdge, type Alignment } from './place'
import type { Shown } from './shown'
import { ownWire } from './wires'

interface Dragged {
  node: GraphNode
  nodes: GraphNode[]
}
/** What the mouse and the keyboard do to the network on the canvas. */
export interface Editing {
  /** Deletes the selected layers, or the selected connection. */
  removeSelected(): void
  /** Moves the selected nodes by so many pixels. @returns whether they could be moved */
  nudge(dx: number, dy: number): boolean
  align(how: Alignment): void
  onConnect(c: Connection): void
  onDragOver(e: DragEvent): void
  onDrop(e: DragEvent): void
  onNodeDrag(e: Dragged): void
  onNodeDragStop(e: Dragged): void
}

export function useEditing({ network, model, places }: Shown, { byId, target, draw }: Drawing): Editing {
  const project = useProject()
  const ui = useUi()
  const { findNode, screenToFlowCoordinate } = useVueFlow('network')
  const own = (): typeof project.experiment.network => project.experiment.network

  const editable = (paths: string[]): string[] => paths.filter((p) => !p.startsWith('@') && !byId.value.get(p)?.foreign)
  const refuseForeign = (): void => ui.toast('info', both('canvas.foreign'))
  function remove(paths: string[]): void {
    const mine = editable(paths)
    if (mine.length) project.take(removeNodes(own(), mine))
    else if (paths.some((p) => byId.value.get(p)?.foreign)) refuseForeign()
  }
  function removeSelected(): void {
    const wire = model.value.edges.find((x) => x.id === ui.wire)
    if (!wire) remove(ui.selection)
    else if (wire.mark === 'added' || wire.mark === 'preview') refuseForeign()
    else project.take(disconnect(own(), wire.wire))
  }
  function onConnect(c: Connection): void {
    if ([c.source, c.target].some((id) => byId.value.get(id)?.foreign)) refuseForeign()
    else project.take(connect(own(), c.source === DATA ? INPUT : c.source, c.target === LOSS ? undefined : c.target))
  }

  // ---- layers dragged from the palette, and nodes

  function wireOf(edgeId: string | undefined): ReturnType<typeof ownWire> {
    const edge = model.value.edges.find((e) => e.id === edgeId)
    return edge && ownWire(network.value, own(), edge.wire)
  }
  const edgeAt = (e: DragEvent): string | undefined =>
    nearestEdge(model.value, screenToFlowCoordinate({ x: e.clientX, y: e.clientY }))
  function onDragOver(e: DragEvent): void {
    if (!acceptsLayer(e)) return
    e.preventDefault()
    e.dataTransfer!.dropEffect = 'copy'
    target.value = edgeAt(e)
  }
  function onDrop(e: DragEvent): void {
    const kind = layerDragged(e)
    if (!kind) return
    e.preventDefault()
    const wire = wireOf(edgeAt(e))
    target.value = undefined
    if (!wire) return refuseForeign()
    project.take(insertKind(own(), project.plan, project.info, wire, kind))
  }
  /** Where it is being dragged now: its computed position lags one move behind. */
  function middle(n: GraphNode): { x: number; y: number } {
    const { x, y } = findNode(n.parentNode)?.computedPosition ?? { x: 0, y: 0 }
    return { x: x + n.position.x + n.dimensions.width / 2, y: y + n.position.y + n.dimensions.height / 2 }
  }
  function onNodeDrag({ node, nodes }: Dragged): void {
    target.value =
      nodes.length === 1 && !node.id.startsWith('@')
        ? nearestEdge(model.value, middle(node), { but: node.id, within: 44 })
        : undefined
  }
  function onNodeDragStop({ node, nodes }: Dragged): void {
    const wire = wireOf(target.value)
    target.value = undefined
    if (wire) {
      if (!project.take(moveNode(own(), node.id, wire))) draw()
      return
    }
    const free = nodes.filter((n) => !n.parentNode)
    if (free.length) place(free.map((n) => [n.id, n.position.x, n.position.y]))
    else draw()
  }

  // ---- positions

  function place(at: [id: string, x: number, y: number][], gesture?: string): void {
    const layout = { ...own().layout }
    for (const [id, x, y] of at) layout[id] = { x: Math.round(x), y: Math.round(y) }
    project.setNetwork({ ...own(), layout }, gesture)
  }
  function nudge(dx: number, dy: number): boolean {
    const free = model.value.nodes.filter((n) => ui.selection.includes(n.id) && !n.parent && !n.foreign)
    if (!free.length) {
      ui.toast('info', both(editable(ui.selection).length ? 'canvas.inBlock' : 'canvas.foreign'))
      return false
    }
    place(
      free.map((n) => [n.id, n.x + dx, n.y + dy]),
      `nudge.${free.map((n) => n.id).join()}`
    )
    return true
  }
  function align(how: Alignment): void {
    const chosen = ui.selection.flatMap((id) => {
      const n = places.value.get(id)
      return n && !n.node.parent ? [n] : []
    })
    if (chosen.length > 1) place(aligned(chosen, how).map((p) => [p.node.id, p.x, p.y]))
  }

  return { removeSelected, nudge, align, onConnect, onDragOver, onDrop, onNodeDrag, onNodeDragStop }
}
