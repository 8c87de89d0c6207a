import { idOf, join, nodeAt, nodesIn, scopeOf, sinkOf, wiresOf, type Wire } from '@shared/experiment/edit'
import type { Plan, PlanLayer } from '@shared/experiment/plan'
import { INPUT, isBlock, type Network, type NetworkNode } from '@shared/experiment/types'
import type { Problem } from '@shared/base/problems'

/** Pseudo-paths of what stands at the ends of a network. */
export const DATA = '@data'
export const LOSS = '@loss'

export const SIZE = {
  layer: { w: 136, h: 140 },
  /** Layers without a kernel have less to say. */
  small: { w: 120, h: 140 },
  sum: { w: 28, h: 28 },
  data: { w: 120, h: 140 },
  loss: { w: 104, h: 140 },
  /** Of a block: around its body. */
  pad: 16,
  head: 36,
  foot: 96,
  blockMin: 264,
  gap: 32,
  gapInBlock: 24,
  rowGap: 64
} as const

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
  depth: number
  mark?: Mark
}
export interface CanvasModel {
  nodes: CanvasNode[]
  edges: CanvasEdge[]
}

interface Item {
  id: string
  rank: number
  w: number
  h: number
  mid: number
}
interface Box {
  w: number
  h: number
  /** Height of the line that the first row's ports stand on. */
  line: number
  places: Map<string, { x: number; y: number }>
  rises: Map<string, number>
}
const edgeKey = (w: Wire): string => `${join(w.scope, w.source)}>${w.target ?? ''}.${w.index}`

/** Longest way from the input, by id: columns of the layout. */
function ranksOf(nodes: NetworkNode[]): Map<string, number> {
  const rank = new Map<string, number>([[INPUT, -1]])
  // Nodes are kept in order, so one pass does; a broken order (a loop in a file) leaves ranks as they are after a few.
  for (let pass = 0; pass < 3; pass++)
    for (const n of nodes) rank.set(n.id, 1 + Math.max(-1, ...n.inputs.map((i) => rank.get(i) ?? -1)))
  return rank
}

/** Lanes for skips, so that overlapping ones run above one another: the shortest lowest. */
export function lanesOf(spans: { key: string; from: number; to: number }[]): Map<string, number> {
  const lanes: { from: number; to: number }[][] = []
  const out = new Map<string, number>()
  for (const s of [...spans].sort((a, b) => a.to - a.from - (b.to - b.from) || a.from - b.from)) {
    let lane = lanes.findIndex((l) => l.every((o) => o.to <= s.from || o.from >= s.to))
    if (lane < 0) lane = lanes.push([]) - 1
    lanes[lane]!.push(s)
    out.set(s.key, lane)
  }
  return out
}

/** Lays out one scope from left to right, ports in one line; long networks go on in further rows. */
function layout(items: Item[], wires: Wire[], gap: number, wrap: boolean): Box {
  const columns: Item[][] = []
  for (const i of items) (columns[i.rank] ??= []).push(i)
  const width = (c: Item[] | undefined): number => Math.max(0, ...(c ?? []).map((i) => i.w))
  const tall = (c: Item[] | undefined): number => (c ?? []).reduce((a, i) => a + i.h + 24, -24)
  /** Above and below the line: one node has its ports on it, several are centred on it. */
  const above = (c: Item[] | undefined): number => (c?.length === 1 ? c[0]!.mid : tall(c) / 2)
  const below = (c: Item[] | undefined): number => tall(c) - above(c)
  const total = columns.reduce((a, c) => a + width(c) + gap, -gap)
  const high = Math.max(0, ...columns.map(tall))
  // Rows for a picture about twice as wide as high.
  const limit = wrap && total > 2600 ? Math.max(1500, Math.sqrt(total * (high + SIZE.rowGap) * 2.4)) : Infinity
  const rows: number[][] = [[]]
  let x = 0
  columns.forEach((c, k) => {
    if (x + width(c) > limit && rows[rows.length - 1]!.length) {
      rows.push([])
      x = 0
    }
    rows[rows.length - 1]!.push(k)
    x += width(c) + gap
  })
  const rankOf = new Map<string, number>(items.map((i) => [i.id, i.rank]))
  const rowOf = new Map<number, number>(rows.flatMap((r, n) => r.map((k) => [k, n] as [number, number])))
  const columnOf = (id: string | undefined): number => (id === undefined ? columns.length : (rankOf.get(id) ?? -1))
  const skips = wires.filter((w) => columnOf(w.target) - columnOf(w.source) > 1)
  const lane = lanesOf(skips.map((w) => ({ key: edgeKey(w), from: columnOf(w.source), to: columnOf(w.target) })))

  const places = new Map<string, { x: number; y: number }>()
  const rises = new Map<string, number>()
  let y = 0
  let w = 0
  let line = 0
  rows.forEach((row, n) => {
    const here = skips.filter((s) => (rowOf.get(Math.max(0, columnOf(s.source))) ?? 0) === n)
    let up = Math.max(0, ...row.map((k) => above(columns[k])))
    for (const s of here) {
      const between = row.filter((k) => k > columnOf(s.source) && k < columnOf(s.target))
      const rise = Math.max(0, ...between.map((k) => above(columns[k]))) + 16 + 12 * lane.get(edgeKey(s))!
      rises.set(edgeKey(s), rise)
      up = Math.max(up, rise + 8)
    }
    const middle = y + up
    if (n === 0) line = middle
    let left = 0
    for (const k of row) {
      const c = columns[k] ?? []
      let top = middle - above(c)
      for (const i of c) {
        places.set(i.id, { x: left + (width(c) - i.w) / 2, y: Math.round(top) })
        top += i.h + 24
      }
      left += width(c) + gap
    }
    w = Math.max(w, left - gap)
    y = middle + Math.max(0, ...row.map((k) => below(columns[k]))) + SIZE.rowGap
  })
  return { w, h: Math.max(0, y - SIZE.rowGap), line, places, rises }
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
}

const middled = (s: { w: number; h: number }): { w: number; h: number; mid: number } => ({
  w: s.w,
  h: s.h,
  mid: s.h / 2
})
const own = (n: NetworkNode): string =>
  JSON.stringify(isBlock(n) ? { k: n.kind, t: n.times } : { k: n.kind, p: n.params })

/** Class of a node with this problem. */
export const toneOf = (problem: Problem | undefined): 'err' | 'warned' | undefined =>
  problem && (problem.severity === 'warning' ? 'warned' : 'err')

/** Everything the canvas draws, with places: a pure function of the experiment. */
export function canvasModel({ network, plan, base, before, problems, closed }: ModelInput): CanvasModel {
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
      return middled(n.kind === 'add' ? SIZE.sum : byNode.get(path)?.[0]?.main === false ? SIZE.small : SIZE.layer)
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
      items.unshift({ id: INPUT, rank: 0, ...middled(SIZE.data) })
      items.push({ id: LOSS, rank: Math.max(1, last + 1), ...middled(SIZE.loss) })
      return layout(
        items,
        inner.map((w) => ({ ...w, target: w.target ?? LOSS })),
        SIZE.gap,
        true
      )
    }
    const box = layout(
      items,
      inner.filter((w) => w.target !== undefined),
      SIZE.gapInBlock,
      false
    )
    return box
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
      const rise = box.rises.get(edgeKey({ ...w, scope: '', target: w.target ?? (scope ? undefined : LOSS) })) ?? 0
      const sum = w.target !== undefined && list.find((n) => n.id === w.target)?.kind === 'add'
      edges.push({
        id: `${scope}:${w.source}>${w.target ?? ''}.${w.index}`,
        source: w.source === INPUT ? scope || DATA : join(scope, w.source),
        target: w.target === undefined ? scope || LOSS : join(scope, w.target),
        sourceHandle: w.source === INPUT && scope ? 'inner-in' : 'out',
        targetHandle: w.target === undefined && scope ? 'inner-out' : sum && rise ? 'top' : 'in',
        wire: w,
        rise,
        depth,
        ...(mark && { mark })
      })
    }
  }
  const shifted = (p: { x: number; y: number }, dx: number, dy: number): { x: number; y: number } => ({
    x: p.x + dx,
    y: p.y + dy
  })

  const box = layoutScope(network.nodes, '', true)
  const end = (id: string, key: string, type: 'data' | 'loss', size: { w: number; h: number }): void => {
    const at = network.layout?.[id] ?? box.places.get(key)!
    const about = problems.filter(
      (p) => !p.node && (type === 'data' ? p.path.startsWith('data') : p.path.startsWith('training.loss'))
    )
    nodes.push({ id, type, ...at, ...middled(size), depth: 0, copies: 1, foreign: false, problems: about })
  }
  end(DATA, INPUT, 'data', SIZE.data)
  emit(network.nodes, '', 0, box, 0, 0)
  end(LOSS, LOSS, 'loss', SIZE.loss)
  return { nodes, edges }
}

/**
 * The connection of the person's own network that a shown one stands for; undefined in a part that a remedy made.
 * Where a remedy put layers onto a connection, it is the connection behind the last own layer.
 */
export function ownWire(shown: Network, base: Network, wire: Wire): Wire | undefined {
  const mine = nodesIn(base, wire.scope)
  if (!mine) return undefined
  const target = wire.target === undefined ? undefined : mine.find((n) => n.id === wire.target)
  if (target) {
    const source = target.inputs[Math.min(wire.index, target.inputs.length - 1)]
    if (source === undefined) return undefined
    return { scope: wire.scope, source, target: target.id, index: Math.min(wire.index, target.inputs.length - 1) }
  }
  if (wire.target === undefined) return { scope: wire.scope, source: sinkOf(mine)?.id ?? INPUT, index: 0 }
  const all = nodesIn(shown, wire.scope) ?? []
  let source: string | undefined = wire.source
  for (
    let n = 0;
    source !== undefined && source !== INPUT && !mine.some((x) => x.id === source) && n <= all.length;
    n++
  )
    source = all.find((x) => x.id === source)?.inputs[0]
  if (source === undefined) return undefined
  const reader = mine.find((n) => n.inputs[0] === source) ?? mine.find((n) => n.inputs.includes(source))
  return {
    scope: wire.scope,
    source,
    ...(reader && { target: reader.id }),
    index: reader ? reader.inputs.indexOf(source) : 0
  }
}

/**
 * The layers that the ends of a connection stand for: inside a block, its two ends are those they lead to and come
 * from.
 */
export const endsOf = (e: CanvasEdge): [source: string, target: string] => [
  e.sourceHandle === 'inner-in' ? e.target : e.source,
  e.targetHandle === 'inner-out' ? e.source : e.target
]

/**
 * The connection after (1) or before (-1) the one that is selected, in the order from the data to the loss, round and
 * round; with none selected, the nearest one at the selected node. Undefined when there is none at all.
 */
export function wireBeside(
  { nodes, edges }: CanvasModel,
  wire: string | null,
  node: string | null,
  by: -1 | 1
): string | undefined {
  const place = new Map(nodes.map((n, i) => [n.id, i]))
  /** A block's output comes after all that is in it. */
  const after = (id: string): number =>
    Math.max(...nodes.flatMap((n, i) => (n.id === id || n.id.startsWith(id + '/') ? [i] : [])))
  const from = (e: CanvasEdge): number => (e.sourceHandle === 'inner-in' ? place.get(e.source)! : after(e.source))
  const to = (e: CanvasEdge): number => (e.targetHandle === 'inner-out' ? after(e.target) : place.get(e.target)!)
  const list = edges.filter((e) => e.mark !== 'preview').sort((a, b) => from(a) - from(b) || to(a) - to(b))
  const at = list.findIndex((e) => e.id === wire)
  if (at >= 0) return list[(at + by + list.length) % list.length]!.id
  const near =
    node === null
      ? undefined
      : by > 0
        ? list.find((e) => e.source === node)
        : [...list].reverse().find((e) => e.target === node)
  return (near ?? list[by > 0 ? 0 : list.length - 1])?.id
}

/**
 * The neighbour of a node along the chain, for the arrow keys; the ends are the data and the loss. Into closed blocks
 * it does not go.
 */
export function neighbour(network: Network, path: string | null, by: -1 | 1, closed?: ReadonlySet<string>): string {
  if (path === null || path === DATA) return by > 0 && path !== null ? (network.nodes[0]?.id ?? LOSS) : DATA
  if (path === LOSS) return by > 0 ? LOSS : (sinkOf(network.nodes)?.id ?? DATA)
  const scope = scopeOf(path)
  const nodes = nodesIn(network, scope) ?? []
  const at = nodes.findIndex((n) => n.id === idOf(path))
  const node = nodes[at]
  if (!node) return DATA
  // Into a block, and out of it at its end.
  if (by > 0 && isBlock(node) && node.body[0] && !closed?.has(path)) return join(path, node.body[0].id)
  const next = nodes[at + by]
  if (next)
    return by < 0 && isBlock(next) && next.body.length && !closed?.has(join(scope, next.id))
      ? join(join(scope, next.id), next.body[next.body.length - 1]!.id)
      : join(scope, next.id)
  if (scope) return by < 0 ? scope : outOf(network, scope)
  return by < 0 ? DATA : LOSS
}
function outOf(network: Network, block: string): string {
  const scope = scopeOf(block)
  const nodes = nodesIn(network, scope) ?? []
  const next = nodes[nodes.findIndex((n) => n.id === idOf(block)) + 1]
  return next ? join(scope, next.id) : scope ? outOf(network, scope) : LOSS
}
