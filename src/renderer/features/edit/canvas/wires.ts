import { idOf, join, nodesIn, scopeOf, sinkOf, type Wire } from '@shared/experiment/edit'
import { INPUT, isBlock, type Network } from '@shared/experiment/types'
import { DATA, LOSS, type CanvasEdge, type CanvasModel } from './model'

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
