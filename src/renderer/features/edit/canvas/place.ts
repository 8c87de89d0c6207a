import {
  idOf,
  insertOnWire,
  join,
  makeNode,
  nodesIn,
  scopeOf,
  sinkOf,
  wiresOf,
  type EditResult,
  type Wire
} from '@shared/experiment/edit'
import type { Plan } from '@shared/experiment/plan'
import { INPUT, isBlock, type LayerNode, type Network } from '@shared/experiment/types'
import type { DataInfo } from '@shared/catalog/datasets'
import type { Params } from '@shared/base/params'
import type { Point } from './layout'
import { DATA, LOSS, type CanvasModel, type CanvasNode } from './model'
import { turned } from './route'

/** Where a new layer goes when no place was pointed at: behind the selected node, else before the output. */
export function defaultWire(network: Network, selected: string | null): Wire {
  const wires = wiresOf(network, selected && nodesIn(network, scopeOf(selected)) ? scopeOf(selected) : '')
  const end = wires[wires.length - 1]!
  if (selected === LOSS) return end
  if (selected === DATA) return wires.find((w) => w.source === INPUT) ?? end
  const behind = selected && wires.find((w) => w.source === idOf(selected))
  if (behind) return behind
  const top = wiresOf(network, '')
  const sink = sinkOf(network.nodes)?.id
  return top.find((w) => w.target === sink && w.index === 0) ?? top[top.length - 1]!
}

/** Shape of what runs along a connection, when known. */
function shapeAt(plan: Plan, info: DataInfo | undefined, scope: string, source: string): number[] | undefined {
  if (source !== INPUT) {
    // A block's output is that of its last layer's last copy.
    const path = join(scope, source)
    const layers = plan.layers.filter((l) => l.node === path || l.node.startsWith(path + '/'))
    return layers[layers.length - 1]?.outputShape
  }
  if (!scope) return info?.inputShape
  const inside = plan.layers.find((l) => l.node.startsWith(scope + '/'))
  return inside?.inputShapes[0]
}

/**
 * Puts a new layer of a kind onto a connection so that the network stays sound where it can: as wide as what it is put
 * between, with the activation and initializer of the layer before it; behind the output, as wide as the target.
 */
export function insertKind(
  network: Network,
  plan: Plan,
  info: DataInfo | undefined,
  wire: Wire,
  kind: string
): EditResult {
  const nodes = nodesIn(network, wire.scope) ?? []
  const isDense = (id: string | undefined): LayerNode | undefined =>
    nodes.find((n): n is LayerNode => n.id === id && n.kind === 'dense' && !isBlock(n))
  const [before, after] = [isDense(wire.source), isDense(wire.target)]
  const last = after && after === sinkOf(nodes) && !wire.scope
  const shape = shapeAt(plan, info, wire.scope, wire.source)
  const given: Params = {}
  const model = before ?? (last ? undefined : after)
  if (model) Object.assign(given, { activation: model.params['activation'], initializer: model.params['initializer'] })
  if (wire.target === undefined && !wire.scope) {
    if (kind === 'dense')
      Object.assign(
        given,
        { activation: { id: 'linear' } },
        info && { units: info.targetShape[info.targetShape.length - 1] }
      )
  } else if (after && !last) given['units'] = after.params['units']
  else if (before) given['units'] = before.params['units']
  else if (shape?.length === 1) given['units'] = Math.min(shape[0]!, 256)
  if (kind === 'activation') delete given['activation']
  const node = makeNode(kind, given)
  let skipFrom: string | undefined
  if (kind === 'add' && shape) {
    // The nearest layer upstream with the same shape: a sum of unlike shapes would not stand.
    for (let id = nodes.find((n) => n.id === wire.source)?.inputs[0], n = 0; id !== undefined && n < 1000; n++) {
      if (shapeAt(plan, info, wire.scope, id)?.join() === shape.join()) {
        skipFrom = id
        break
      }
      if (id === INPUT) break
      id = nodes.find((x) => x.id === id)?.inputs[0]
    }
  }
  return insertOnWire(network, wire, node, skipFrom)
}

export interface Rect extends Point {
  w: number
  h: number
}
export interface Place extends Rect {
  node: CanvasNode
}
/** Where every node stands, in the canvas's own coordinates. */
export function absolute(model: CanvasModel): Map<string, Place> {
  const out = new Map<string, Place>()
  for (const n of model.nodes) {
    const parent = n.parent === undefined ? undefined : out.get(n.parent)
    out.set(n.id, { x: n.x + (parent?.x ?? 0), y: n.y + (parent?.y ?? 0), w: n.w, h: n.h, node: n })
  }
  return out
}

/** The rectangle around all of them. */
export function boundsOf(places: Iterable<Rect>): Rect {
  const all = [...places]
  const [x, y] = [Math.min(...all.map((p) => p.x)), Math.min(...all.map((p) => p.y))]
  return { x, y, w: Math.max(...all.map((p) => p.x + p.w)) - x, h: Math.max(...all.map((p) => p.y + p.h)) - y }
}

export type Alignment = 'row' | 'column' | 'spread'
/**
 * Puts nodes on one line, by where their ports are, so that connections run straight; under one another; or at equal
 * distances. The first one stays where it is, of a spread also the last.
 */
export function aligned(chosen: readonly Place[], how: Alignment): Place[] {
  const first = chosen[0]
  if (!first) return []
  if (how === 'row') return chosen.map((n) => ({ ...n, y: first.y + first.node.mid - n.node.mid }))
  if (how === 'column') return chosen.map((n) => ({ ...n, x: first.x + first.w / 2 - n.w / 2 }))
  const row = [...chosen].sort((a, b) => a.x - b.x)
  const last = row[row.length - 1]!
  const gap = (last.x + last.w - row[0]!.x - row.reduce((s, n) => s + n.w, 0)) / (row.length - 1)
  let x = row[0]!.x
  return row.map((n) => {
    const placed = { ...n, x }
    x += n.w + gap
    return placed
  })
}

function toSegment(p: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const u = Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(p.x - a.x - u * dx, p.y - a.y - u * dy)
}

/**
 * The connection nearest to a point: inside a block only its own.
 * @param but a node that is being dragged: neither its own connections nor those inside it count.
 * @param within how far away it may be; Infinity takes the nearest wherever it is.
 */
export function nearestEdge(
  model: CanvasModel,
  p: Point,
  { but, within = Infinity }: { but?: string; within?: number } = {}
): string | undefined {
  const at = absolute(model)
  let scope = ''
  for (const [id, b] of at)
    if (
      b.node.type === 'block' &&
      id !== but &&
      p.x >= b.x &&
      p.x <= b.x + b.w &&
      p.y >= b.y &&
      p.y <= b.y + b.h &&
      model.edges.some((e) => e.wire.scope === id)
    )
      scope = id
  let best: string | undefined
  let least = within
  for (const e of model.edges) {
    if (e.wire.scope !== scope || e.mark === 'preview') continue
    if (
      but !== undefined &&
      (e.source === but || e.target === but || e.wire.scope === but || e.wire.scope.startsWith(but + '/'))
    )
      continue
    const [s, t] = [at.get(e.source), at.get(e.target)]
    if (!s || !t) continue
    const a = { x: e.sourceHandle === 'inner-in' ? s.x : s.x + s.w, y: s.y + s.node.mid }
    const b = e.targetHandle === 'inner-out' ? { x: t.x + t.w, y: t.y + t.node.mid } : { x: t.x, y: t.y + t.node.mid }
    // A skip is met where it runs, above the layers it passes.
    const lift = e.rise ? -e.rise : 0
    const way = turned(e, a, b) ?? [
      { x: a.x, y: a.y + lift },
      { x: b.x, y: b.y + lift }
    ]
    const d = Math.min(...way.slice(1).map((corner, i) => toSegment(p, way[i]!, corner)))
    if (d < least) {
      least = d
      best = e.id
    }
  }
  return best
}
