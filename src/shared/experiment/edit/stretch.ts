/** Edits of a stretch of the chain, as one piece. */
import { clone } from '../../base/clone'
import type { Text } from '../../base/text'
import { MAX_DEPTH } from '../parse'
import { INPUT, isBlock, type BlockNode, type Network, type NetworkNode } from '../types'
import { insertFragment } from './nodes'
import { no, GONE, TOO_DEEP, level, depthOf, freshId, freshName, sorted, withNodes, minInputs } from './parts'
import { type EditResult, isError, type Fragment, scopeOf, idOf, join, nodesIn, nodeAt, sinkOf } from './scope'

/** The chosen nodes as one piece: they must lie in one scope, with one way in and one way out. */
function fragmentOf(
  network: Network,
  paths: string[]
): { fragment: Fragment; entry: string; exit: string } | { error: Text } {
  const scope = scopeOf(paths[0] ?? '')
  const nodes = nodesIn(network, scope)
  if (!nodes || !paths.length || paths.some((p) => scopeOf(p) !== scope || !nodeAt(network, p)))
    return no(
      'Choose layers that lie side by side, all inside or all outside a block.',
      '请选择相邻的层，且都在块内或都在块外。'
    )
  const ids = new Set(paths.map(idOf))
  const chosen = sorted(nodes).filter((n) => ids.has(n.id))
  const entries = new Set(chosen.flatMap((n) => n.inputs).filter((i) => !ids.has(i)))
  const sink = sinkOf(nodes)
  const exits = chosen.filter((n) => n === sink || nodes.some((o) => !ids.has(o.id) && o.inputs.includes(n.id)))
  if (entries.size !== 1 || exits.length !== 1)
    return no(
      'These layers have more than one way in or out: choose a stretch of the chain, together with the skips in it.',
      '这些层有多个入口或出口：请选择链上的一段，并包含其中的跳连。'
    )
  const [entry] = entries
  const exit = exits[0]!
  const fragment = chosen
    .filter((n) => n !== exit)
    .concat(exit)
    .map((n) => ({ ...clone(n), inputs: n.inputs.map((i) => (i === entry ? INPUT : i)) }))
  return { fragment, entry: entry!, exit: exit.id }
}

/** The chosen nodes as one piece to be put elsewhere; of a single layer, whatever it reads. */
export function copyNodes(network: Network, paths: string[]): { fragment: Fragment; exit: string } | { error: Text } {
  const only = paths.length === 1 ? nodeAt(network, paths[0]!) : undefined
  return only && minInputs(only) < 2
    ? { fragment: [{ ...clone(only), inputs: [INPUT] }], exit: only.id }
    : fragmentOf(network, paths)
}

/** Copies a stretch of the chain and puts the copy behind it. */
export function duplicate(network: Network, paths: string[]): EditResult {
  const piece = copyNodes(network, paths)
  if ('error' in piece) return piece
  const scope = scopeOf(paths[0]!)
  const nodes = nodesIn(network, scope)!
  // All readers move behind the copy, so that a skip over the layer goes on spanning it.
  const made = insertFragment(network, { scope, source: piece.exit, index: 0 }, piece.fragment)
  if (isError(made)) return made
  const ids = made.select.map(idOf)
  const last = ids[ids.length - 1]!
  const next = nodesIn(made.network, scope)!.map((n) =>
    ids.includes(n.id) || !nodes.some((o) => o.id === n.id)
      ? n
      : { ...n, inputs: n.inputs.map((i) => (i === piece.exit ? last : i)) }
  )
  return { network: withNodes(made.network, scope, next), select: made.select }
}

/** Makes a block of a stretch of the chain, repeated `times` times. */
export function wrapInBlock(network: Network, paths: string[], times = 2): EditResult {
  const piece = fragmentOf(network, paths)
  if ('error' in piece) return piece
  const scope = scopeOf(paths[0]!)
  if (level(scope) + 1 + depthOf(piece.fragment) > MAX_DEPTH) return TOO_DEEP
  const nodes = nodesIn(network, scope)!
  const ids = new Set(piece.fragment.map((n) => n.id))
  const id = freshId(nodes, 'block')
  const block: BlockNode = {
    id,
    kind: 'repeat',
    name: freshName(nodes, 'Block'),
    times,
    inputs: [piece.entry],
    body: piece.fragment
  }
  const next: NetworkNode[] = nodes
    .filter((n) => !ids.has(n.id))
    .map((n) => ({ ...n, inputs: n.inputs.map((i) => (i === piece.exit ? id : i)) }))
  next.push(block)
  return { network: withNodes(network, scope, next, paths), select: [join(scope, id)] }
}

/** Replaces a block by `copies` copies of its body (all of them by default, so that the network stays the same). */
export function unwrap(network: Network, path: string, copies?: number): EditResult {
  const block = nodeAt(network, path)
  if (!block || !isBlock(block)) return GONE
  const scope = scopeOf(path)
  let nodes = nodesIn(network, scope)!.filter((n) => n !== block)
  const body = sorted(block.body)
  let from = block.inputs[0] ?? INPUT
  const made: NetworkNode[] = []
  for (let c = 0; c < (copies ?? block.times); c++) {
    const ids = new Map<string, string>([[INPUT, from]])
    for (const n of body) {
      const all = [...nodes, ...made]
      const id = freshId(all, n.id)
      ids.set(n.id, id)
      made.push({
        ...clone(n),
        id,
        ...(n.name !== undefined && { name: freshName(all, n.name, (copies ?? block.times) > 1) }),
        inputs: n.inputs.map((i) => ids.get(i) ?? from)
      })
    }
    from = made[made.length - 1]?.id ?? from
  }
  nodes = [...nodes, ...made].map((n) => ({ ...n, inputs: n.inputs.map((i) => (i === block.id ? from : i)) }))
  return { network: withNodes(network, scope, nodes, [path]), select: made.map((n) => join(scope, n.id)) }
}
