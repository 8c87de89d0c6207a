/** Edits of single nodes: make, remove, insert, move, change. */
import { clone } from '../../base/clone'
import { defaultsOf, type Params } from '../../base/params'
import { layers } from '../../catalog/layers'
import { lookup } from '../lookup'
import { MAX_DEPTH } from '../parse'
import { INPUT, isBlock, type BlockNode, type LayerNode, type Network, type NetworkNode } from '../types'
import {
  no,
  GONE,
  TOO_DEEP,
  level,
  depthOf,
  freshId,
  freshName,
  withNodes,
  forgetLayout,
  minInputs,
  rewire
} from './parts'
import {
  type Edited,
  type EditResult,
  isError,
  type Wire,
  type Fragment,
  scopeOf,
  idOf,
  join,
  nodesIn,
  nodeAt,
  sinkOf
} from './scope'

/** A new layer with default parameters (some given), or for `repeat` a block of `times` such dense layers. */
export function makeNode(kind: string, given: Params = {}, times = 4): NetworkNode {
  if (kind === 'repeat')
    return {
      id: 'block',
      kind: 'repeat',
      name: 'Block',
      times,
      inputs: [INPUT],
      body: [{ ...makeNode('dense', given), id: 'dense', name: 'Dense' }]
    }
  const entry = layers.get(kind)
  const known = Object.fromEntries(Object.entries(given).filter(([k]) => k in entry.fields))
  return {
    id: entry.stem,
    kind,
    name: entry.name.en,
    params: { ...defaultsOf(entry.fields, lookup), ...clone(known) },
    inputs: [INPUT]
  }
}

/** Removes nodes; their readers read what they read. A block that is left empty goes too. */
export function removeNodes(network: Network, paths: string[]): EditResult {
  const outer = paths.filter((p) => nodeAt(network, p) && !paths.some((o) => p.startsWith(o + '/')))
  if (!outer.length) return GONE
  let now = network
  for (const scope of new Set(outer.map(scopeOf))) {
    const nodes = nodesIn(now, scope)
    if (!nodes) continue
    const ids = outer.filter((p) => scopeOf(p) === scope).map(idOf)
    const gone = new Map(nodes.filter((n) => ids.includes(n.id)).map((n) => [n.id, n.inputs[0] ?? INPUT]))
    const left = rewire(nodes, gone)
    const forget = [...left.gone.keys()].map((id) => join(scope, id))
    if (!left.nodes.length && scope) {
      const r = removeNodes(now, [scope])
      if (!isError(r)) now = r.network
    } else now = withNodes(now, scope, left.nodes, forget)
  }
  // What followed the first of them is selected next, so that Delete can be pressed again.
  const first = outer[0]!
  const before = nodesIn(network, scopeOf(first))!
  const i = before.findIndex((n) => n.id === idOf(first))
  const next = [...before.slice(i + 1), ...before.slice(0, i).reverse()]
    .map((n) => join(scopeOf(first), n.id))
    .find((p) => nodeAt(now, p))
  return { network: now, select: next ? [next] : [] }
}

/** Puts a fragment onto a connection. Ids and names are made fresh where they are taken. */
export function insertFragment(network: Network, wire: Wire, fragment: Fragment): EditResult {
  const nodes = nodesIn(network, wire.scope)
  if (!nodes || (wire.source !== INPUT && !nodes.some((n) => n.id === wire.source))) return GONE
  if (wire.target !== undefined && nodes.find((n) => n.id === wire.target)?.inputs[wire.index] !== wire.source)
    return GONE
  if (level(wire.scope) + depthOf(fragment) > MAX_DEPTH) return TOO_DEEP
  const ids = new Map<string, string>([[INPUT, wire.source]])
  const made: NetworkNode[] = []
  for (const n of fragment) {
    const all = [...nodes, ...made]
    const taken = all.some((o) => o.id === n.id)
    const id = taken || n.id === INPUT ? freshId(all, n.id) : n.id
    ids.set(n.id, id)
    made.push({
      ...clone(n),
      id,
      ...(n.name !== undefined && { name: freshName(all, n.name) }),
      inputs: n.inputs.map((i) => ids.get(i) ?? wire.source)
    })
  }
  const last = made[made.length - 1]
  if (!last) return { network, select: [] }
  const next = nodes.map((n) =>
    n.id === wire.target ? { ...n, inputs: n.inputs.map((s, i) => (i === wire.index ? last.id : s)) } : n
  )
  const at = wire.target === undefined ? next.length : next.findIndex((n) => n.id === wire.target)
  next.splice(at, 0, ...made)
  return { network: withNodes(network, wire.scope, next), select: made.map((n) => join(wire.scope, n.id)) }
}

/** Takes a node out and puts it onto another connection. */
export function moveNode(network: Network, path: string, wire: Wire): EditResult {
  const node = nodeAt(network, path)
  if (!node) return GONE
  if (wire.scope === path || wire.scope.startsWith(path + '/'))
    return no('A block cannot go into itself.', '块不能放进自身。')
  const scope = scopeOf(path)
  if (wire.scope === scope && (wire.source === node.id || wire.target === node.id)) return { network, select: [path] }
  if (minInputs(node) > 1)
    return no(
      'A sum stays where its connections meet: delete it and draw the skip anew.',
      '相加层位于连接交汇处：请删除后重新连接。'
    )
  const nodes = nodesIn(network, scope)!
  if (nodes.length === 1 && scope)
    return no('The block would be empty: delete it, or unwrap it.', '块将变空：请删除或拆开它。')
  const out = removeNodes(network, [path])
  if (isError(out)) return out
  // What the connection names may have been rewired by taking the node out.
  const target = nodesIn(out.network, wire.scope)?.find((n) => n.id === wire.target)
  const source = target ? target.inputs[wire.index] : sinkOf(nodesIn(out.network, wire.scope) ?? [])?.id
  if (source === undefined || (wire.target !== undefined && !target)) return GONE
  const r = insertFragment(out.network, { ...wire, source }, [{ ...node, inputs: [INPUT] }])
  return isError(r) ? r : { ...r, network: forgetLayout(r.network, [path]) }
}

/** Moves a node one place along the chain: -1 towards the data, +1 towards the loss. */
export function moveBy(network: Network, path: string, by: -1 | 1): EditResult {
  const scope = scopeOf(path)
  const nodes = nodesIn(network, scope)
  const node = nodes?.find((n) => n.id === idOf(path))
  if (!nodes || !node) return GONE
  const stay: Edited = { network, select: [path] }
  if (by < 0) {
    const before = nodes.find((n) => n.id === node.inputs[0])
    return before
      ? moveNode(network, path, { scope, source: before.inputs[0] ?? INPUT, target: before.id, index: 0 })
      : stay
  }
  const after = nodes.find((n) => n.inputs[0] === node.id)
  if (!after) return stay
  const beyond = nodes.find((n) => n.inputs[0] === after.id) ?? nodes.find((n) => n.inputs.includes(after.id))
  return moveNode(network, path, {
    scope,
    source: after.id,
    ...(beyond && { target: beyond.id }),
    index: beyond ? beyond.inputs.indexOf(after.id) : 0
  })
}

/** Changes one node in place. */
export function changeNode(network: Network, path: string, change: (node: NetworkNode) => NetworkNode): Network {
  const nodes = nodesIn(network, scopeOf(path))
  if (!nodes) return network
  return withNodes(
    network,
    scopeOf(path),
    nodes.map((n) => (n.id === idOf(path) ? change(n) : n))
  )
}

/** Sets one parameter of a layer; a block has none and stays as it is. */
export const setParam = (network: Network, path: string, key: string, value: unknown): Network =>
  changeNode(network, path, (n) => (isBlock(n) ? n : { ...n, params: { ...n.params, [key]: value } }))

/** Sets how often a block is repeated; a layer stays as it is. */
export const setTimes = (network: Network, path: string, times: number): Network =>
  changeNode(network, path, (n) => (isBlock(n) ? { ...n, times } : n))

/** Gives a node another name. */
export const rename = (network: Network, path: string, name: string): Network =>
  changeNode(network, path, (n) => ({ ...n, name }) as LayerNode | BlockNode)
