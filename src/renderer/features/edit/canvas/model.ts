import { join, nodeAt, wiresOf, type Wire } from '@shared/experiment/edit'
import type { Plan, PlanLayer } from '@shared/experiment/plan'
import { INPUT, isBlock, type Network, type NetworkNode } from '@shared/experiment/types'
import type { Problem } from '@shared/base/problems'
import {
  edgeKey,
  layout,
  LEGIBLE,
  LOW,
  ranksOf,
  ROOM,
  SIZE,
  zoomFor,
  type Box,
  type Item,
  type Room,
  type Turn
} from './layout'

/** Pseudo-paths of what stands at the ends of a network. */
export const DATA = '@data'
export const LOSS = '@loss'
/** Why a node or connection is not simply the person's own: a remedy put or changed it, or would. */
export type Mark = 'added' | 'changed' | 'preview' | 'previewChanged'
export interface CanvasNode {
  /** Node path, or `@data`, `@loss`. */
  id: string
  type: 'data' | 'layer' | 'sum' | 'block' | 'loss'
  /** Relative to the block it stands in. */
  x: number
  y: number
  w: number
  h: number
  /** How far below its top the ports are. */
  mid: number
  parent?: string
  depth: number
  node?: NetworkNode
  /** The first of its instances. */
  layer?: PlanLayer
  /** Number of copies in the whole network. */
  copies: number
  /** Position of its first and last layer among the layers with a kernel, from 1 (blocks). */
  span?: [number, number]
  mark?: Mark
  /** Not in the experiment itself, so that it can't be edited. */
  foreign: boolean
  problems: Problem[]
}
export interface CanvasEdge {
  id: string
  source: string
  target: string
  sourceHandle: string
  targetHandle: string
  /** Path of the layer whose output goes along it, and of the one that reads it. */
  wire: Wire
  /** How far above its start a skip rises; 0 for a plain connection. */
  rise: number
  /** How it gets to another row, where both its ends stand in the layout's own places. */
  turn?: Turn
  depth: number
  mark?: Mark
}
export interface CanvasModel {
  nodes: CanvasNode[]
  edges: CanvasEdge[]
  /** Whether the layers are low, so that many of them can be read at once. */
  low: boolean
}

export interface ModelInput {
  /** The network that is shown: remedies applied. */
  network: Network
  plan: Plan
  /** The person's own network. */
  base: Network
  /** The network without the previewed remedy, when one is previewed. */
  before?: Network
  problems: Problem[]
  /** Blocks that are shown closed. */
  closed?: ReadonlySet<string>
  /** What it is to fit. */
  room?: Room
}

const middled = (s: Room): { w: number; h: number; mid: number } => ({ w: s.w, h: s.h, mid: s.h / 2 })
const own = (n: NetworkNode): string =>
  JSON.stringify(isBlock(n) ? { k: n.kind, t: n.times } : { k: n.kind, p: n.params })

/** Class of a node with this problem. */
export const toneOf = (problem: Problem | undefined): 'err' | 'warned' | undefined =>
  problem && (problem.severity === 'warning' ? 'warned' : 'err')

/** Everything the canvas draws, with places: a pure function of the experiment. */
export function canvasModel(input: ModelInput): CanvasModel {
  const { room = ROOM } = input
  const high = modelOf(input, room, false)
  if (zoomFor(high, room) >= LEGIBLE) return high
  const low = modelOf(input, room, true)
  return zoomFor(low, room) > zoomFor(high, room) ? low : high
}

function modelOf(
  { network, plan, base, before, problems, closed }: ModelInput,
  room: Room,
  low: boolean
): CanvasModel & Room {
  const sized = (s: Room): Omit<Item, 'id' | 'rank'> => middled(low ? { w: s.w, h: LOW.h } : s)
  const nodes: CanvasNode[] = []
  const edges: CanvasEdge[] = []
  const byNode = new Map<string, PlanLayer[]>()
  for (const l of plan.layers) byNode.set(l.node, [...(byNode.get(l.node) ?? []), l])
  const kernels = plan.layers.filter((l) => l.main)

  const markOf = (path: string, node: NetworkNode): Mark | undefined => {
    if (before) {
      const old = nodeAt(before, path)
      if (!old) return 'preview'
      if (own(old) !== own(node)) return 'previewChanged'
    }
    const mine = nodeAt(base, path)
    return mine ? (own(mine) === own(node) ? undefined : 'changed') : 'added'
  }
  const wireSets = new Map<string, Set<string>>()
  const knows = (n: Network, w: Wire): boolean => {
    const key = `${n === base}/${w.scope}`
    let set = wireSets.get(key)
    if (!set) wireSets.set(key, (set = new Set(wiresOf(n, w.scope).map((x) => `${x.source}>${x.target ?? ''}`))))
    return set.has(`${w.source}>${w.target ?? ''}`)
  }
  const markWire = (w: Wire): Mark | undefined =>
    before && !knows(before, w) ? 'preview' : knows(base, w) ? undefined : 'added'

  /** Sizes of a scope's nodes, blocks first laid out themselves. */
  const boxes = new Map<string, Box>()
  const sizeOf = (n: NetworkNode, path: string): Omit<Item, 'id' | 'rank'> => {
    if (!isBlock(n))
      return n.kind === 'add'
        ? middled(SIZE.sum)
        : sized(byNode.get(path)?.[0]?.main === false ? SIZE.small : SIZE.layer)
    if (closed?.has(path)) return middled({ w: SIZE.blockMin, h: SIZE.head + SIZE.foot })
    const box = layoutScope(n.body, path, false)
    boxes.set(path, box)
    return {
      w: Math.max(SIZE.blockMin, box.w + 2 * SIZE.pad + 16),
      h: SIZE.head + box.h + 12 + SIZE.foot,
      mid: SIZE.head + box.line
    }
  }
  const layoutScope = (list: NetworkNode[], scope: string, top: boolean): Box => {
    const ranks = ranksOf(list)
    const items: Item[] = list.map((n) => ({
      id: n.id,
      rank: ranks.get(n.id)! + (top ? 1 : 0),
      ...sizeOf(n, join(scope, n.id))
    }))
    const inner = wiresOf({ nodes: list }, '')
    if (top) {
      const last = Math.max(-1, ...items.map((i) => i.rank))
      items.unshift({ id: INPUT, rank: 0, ...sized(SIZE.data) })
      items.push({ id: LOSS, rank: Math.max(1, last + 1), ...sized(SIZE.loss) })
      return layout(
        items,
        inner.map((w) => ({ ...w, target: w.target ?? LOSS })),
        SIZE.gap,
        low ? LOW.rowGap : SIZE.rowGap,
        room
      )
    }
    return layout(
      items,
      inner.filter((w) => w.target !== undefined),
      SIZE.gapInBlock,
      SIZE.rowGap
    )
  }

  const emit = (list: NetworkNode[], scope: string, depth: number, box: Box, dx: number, dy: number): void => {
    for (const n of list) {
      const path = join(scope, n.id)
      // Layers in a block are laid out by the block.
      const at = (depth === 0 && network.layout?.[path]) || shifted(box.places.get(n.id)!, dx, dy)
      const size = sizeOf(n, path)
      const mark = markOf(path, n)
      const layers = byNode.get(path) ?? []
      const entry: CanvasNode = {
        id: path,
        type: isBlock(n) ? 'block' : n.kind === 'add' ? 'sum' : 'layer',
        ...at,
        ...size,
        depth,
        node: n,
        copies: layers.length,
        foreign: !nodeAt(base, path),
        problems: problems.filter(
          (p) => p.node === path || (isBlock(n) && closed?.has(path) && p.node?.startsWith(path + '/'))
        ),
        ...(scope && { parent: scope }),
        ...(layers[0] && { layer: layers[0] }),
        ...(mark && { mark })
      }
      if (isBlock(n)) {
        const inside = kernels.filter((l) => l.node.startsWith(path + '/'))
        if (inside.length)
          entry.span = [kernels.indexOf(inside[0]!) + 1, kernels.indexOf(inside[inside.length - 1]!) + 1]
        entry.copies = n.times
      }
      nodes.push(entry)
      if (isBlock(n) && !closed?.has(path)) {
        const inner = boxes.get(path)!
        emit(n.body, path, depth + 1, inner, Math.round((size.w - inner.w) / 2), SIZE.head)
      }
    }
    for (const w of wiresOf(network, scope)) {
      if (!list.length && scope) continue
      const mark = markWire(w)
      const key = edgeKey({ ...w, scope: '', target: w.target ?? (scope ? undefined : LOSS) })
      const rise = box.rises.get(key) ?? 0
      const source = w.source === INPUT ? scope || DATA : join(scope, w.source)
      const target = w.target === undefined ? scope || LOSS : join(scope, w.target)
      const turn = network.layout?.[source] || network.layout?.[target] ? undefined : box.turns.get(key)
      const sum = w.target !== undefined && list.find((n) => n.id === w.target)?.kind === 'add'
      edges.push({
        id: `${scope}:${w.source}>${w.target ?? ''}.${w.index}`,
        source,
        target,
        sourceHandle: w.source === INPUT && scope ? 'inner-in' : 'out',
        targetHandle: w.target === undefined && scope ? 'inner-out' : sum && rise ? 'top' : 'in',
        wire: w,
        rise,
        depth,
        ...(turn && { turn }),
        ...(mark && { mark })
      })
    }
  }
  const shifted = (p: { x: number; y: number }, dx: number, dy: number): { x: number; y: number } => ({
    x: p.x + dx,
    y: p.y + dy
  })

  const box = layoutScope(network.nodes, '', true)
  const end = (id: string, key: string, type: 'data' | 'loss', size: Room): void => {
    const at = network.layout?.[id] ?? box.places.get(key)!
    const about = problems.filter(
      (p) => !p.node && (type === 'data' ? p.path.startsWith('data') : p.path.startsWith('training.loss'))
    )
    nodes.push({ id, type, ...at, ...sized(size), depth: 0, copies: 1, foreign: false, problems: about })
  }
  end(DATA, INPUT, 'data', SIZE.data)
  emit(network.nodes, '', 0, box, 0, 0)
  end(LOSS, LOSS, 'loss', SIZE.loss)
  return { nodes, edges, low, w: box.w, h: box.h }
}
