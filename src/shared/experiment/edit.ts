import { clone } from '../base/clone'
import { layers } from '../catalog/layers'
import { lookup } from './lookup'
import { defaultsOf, type Params } from '../base/params'
import type { Text } from '../base/text'
import { MAX_DEPTH } from './parse'
import { INPUT, isBlock, type BlockNode, type LayerNode, type Network, type NetworkNode } from './types'

/**
 * Edits of a network by hand. All pure: they return a new network that `readExperiment` accepts, or a sentence why not.
 * A node's path is its ids from the outside in: `hidden/dense`. A scope is the path of a block, or '' for the network
 * itself.
 */
export interface Edited {
  network: Network
  /** Paths of what was made or moved: the new selection. */
  select: string[]
}
export type EditResult = Edited | { error: Text }
export const isError = (r: EditResult): r is { error: Text } => 'error' in r

/** A connection within one scope. `target` undefined: the end of the scope (the loss, or the block's output). */
export interface Wire {
  scope: string
  /** Id of a node, or `input`. */
  source: string
  target?: string
  /** Which of the target's inputs; 0 at the end of a scope. */
  index: number
}
/** Some nodes in a row: what enters them is `input`, the last is what leaves them. */
export type Fragment = NetworkNode[]

const no = (en: string, zh: string): { error: Text } => ({ error: { en, zh } })
const GONE = no('That layer is no longer there.', '该层已不存在。')

const TOO_DEEP = no(`Blocks can be nested ${MAX_DEPTH} deep at most.`, `块最多嵌套 ${MAX_DEPTH} 层。`)
const level = (scope: string): number => (scope ? scope.split('/').length : 0)
const depthOf = (nodes: NetworkNode[]): number =>
  Math.max(0, ...nodes.map((n) => (isBlock(n) ? 1 + depthOf(n.body) : 0)))

export const scopeOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
export const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
export const join = (scope: string, id: string): string => (scope ? `${scope}/${id}` : id)

/** The nodes of a scope; undefined when there is no such block. */
export function nodesIn(network: Network, scope: string): NetworkNode[] | undefined {
  if (!scope) return network.nodes
  const block = nodeAt(network, scope)
  return block && isBlock(block) ? block.body : undefined
}
export function nodeAt(network: Network, path: string): NetworkNode | undefined {
  return nodesIn(network, scopeOf(path))?.find((n) => n.id === idOf(path))
}

/** `stem`, or `stem2`, `stem3` …: an id that none of these has. */
function freshId(nodes: NetworkNode[], stem: string): string {
  const taken = new Set([INPUT, ...nodes.map((n) => n.id)])
  const base = stem.replace(/\d+$/, '') || 'layer'
  for (let n = 1; ; n++) {
    const id = `${base}${n}`
    if (!taken.has(id)) return id
  }
}
function freshName(nodes: NetworkNode[], name: string, numbered = false): string {
  const taken = new Set(nodes.map((n) => n.name))
  if (!taken.has(name) && !numbered) return name
  const base = name.replace(/ \d+$/, '')
  for (let n = numbered ? 1 : 2; ; n++) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`
}

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

/**
 * Nodes in an order in which each comes after its inputs and the one that nobody reads comes last; otherwise as they
 * were.
 */
function sorted(nodes: NetworkNode[]): NetworkNode[] {
  const read = new Set(nodes.flatMap((n) => n.inputs))
  const out: NetworkNode[] = []
  const done = new Set<string>([INPUT])
  const left = [...nodes.filter((n) => read.has(n.id)), ...nodes.filter((n) => !read.has(n.id))]
  while (left.length) {
    const i = left.findIndex((n) => n.inputs.every((x) => done.has(x)))
    const [node] = left.splice(Math.max(0, i), 1)
    done.add(node!.id)
    out.push(node!)
  }
  return out
}
/** The one node of a scope that nobody reads. */
export function sinkOf(nodes: NetworkNode[]): NetworkNode | undefined {
  const read = new Set(nodes.flatMap((n) => n.inputs))
  return [...nodes].reverse().find((n) => !read.has(n.id))
}

/** Puts new nodes into a scope (a new network; the old one is not touched). */
function withNodes(network: Network, scope: string, nodes: NetworkNode[], forget: string[] = []): Network {
  const put = (at: NetworkNode[], prefix: string): NetworkNode[] =>
    prefix === scope
      ? sorted(nodes)
      : at.map((n) =>
          isBlock(n) && (scope + '/').startsWith(join(prefix, n.id) + '/')
            ? { ...n, body: put(n.body, join(prefix, n.id)) }
            : n
        )
  const next: Network = { ...network, nodes: put(network.nodes, '') }
  return forget.length ? forgetLayout(next, forget) : next
}
/** Drops the positions of these nodes and of all in them. */
function forgetLayout(network: Network, paths: string[]): Network {
  if (!network.layout) return network
  const kept = Object.entries(network.layout).filter(([k]) => !paths.some((p) => k === p || k.startsWith(p + '/')))
  const { layout: _dropped, ...rest } = network
  return kept.length ? { ...rest, layout: Object.fromEntries(kept) } : rest
}

/** All that a node's output reaches within its scope, itself included. */
function downstream(nodes: NetworkNode[], id: string): Set<string> {
  const found = new Set([id])
  for (let grew = true; grew;) {
    grew = false
    for (const n of nodes)
      if (!found.has(n.id) && n.inputs.some((i) => found.has(i))) {
        found.add(n.id)
        grew = true
      }
  }
  return found
}
const minInputs = (n: NetworkNode): number => (isBlock(n) ? 1 : layers.get(n.kind).inputs.min)
const maxInputs = (n: NetworkNode): number => (isBlock(n) ? 1 : layers.get(n.kind).inputs.max)

/** Makes readers of the ids in `gone` read `instead`; sums that then have one summand left go too. */
function rewire(nodes: NetworkNode[], gone: Map<string, string>): { nodes: NetworkNode[]; gone: Map<string, string> } {
  const follow = (id: string): string => {
    for (let n = 0; gone.has(id) && n <= gone.size; n++) id = gone.get(id)!
    return id
  }
  let left = nodes.filter((n) => !gone.has(n.id))
  for (;;) {
    left = left.map((n) => {
      if (!n.inputs.some((i) => gone.has(i))) return n
      const inputs = n.inputs.map(follow)
      // A sum of a thing and itself is no skip any more.
      return { ...n, inputs: minInputs(n) > 1 ? [...new Set(inputs)] : inputs }
    })
    const short = left.find((n) => n.inputs.length && n.inputs.length < minInputs(n))
    if (!short) return { nodes: left, gone }
    gone.set(short.id, short.inputs[0]!)
    left = left.filter((n) => n !== short)
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

/**
 * Puts one new layer onto a connection. One that needs two inputs (a sum) also reads `skipFrom`, by default what the
 * source reads: a skip around the source.
 */
export function insertOnWire(network: Network, wire: Wire, node: NetworkNode, skipFrom?: string): EditResult {
  const nodes = nodesIn(network, wire.scope)
  if (!nodes) return GONE
  const r = insertFragment(network, wire, [{ ...node, inputs: [INPUT] }])
  if (isError(r) || minInputs(node) < 2) return r
  const id = idOf(r.select[0]!)
  const from = skipFrom ?? nodes.find((n) => n.id === wire.source)?.inputs[0]
  if (from === undefined || from === wire.source)
    return no('A sum needs two layers to read: put it behind a layer.', '相加需要读取两层：请放在某一层之后。')
  const now = nodesIn(r.network, wire.scope)!.map((n) => (n.id === id ? { ...n, inputs: [wire.source, from] } : n))
  return { network: withNodes(r.network, wire.scope, now), select: r.select }
}

/**
 * Draws a connection from one node to another (`target` undefined: the end of the scope). Where the target reads one
 * layer only, a sum is put before it, so that the new connection is a skip. Ends in different blocks meet in the block
 * that holds both.
 */
export function connect(network: Network, sourcePath: string, targetPath: string | undefined): EditResult {
  const chain = (p: string): string[] => p.split('/')
  const s = chain(sourcePath)
  const t = targetPath === undefined ? undefined : chain(targetPath)
  let shared = 0
  while (t && shared < s.length - 1 && shared < t.length - 1 && s[shared] === t[shared]) shared++
  const scope = t ? s.slice(0, shared).join('/') : ''
  const nodes = nodesIn(network, scope)
  const source = s[t ? shared : 0]!
  if (!nodes || (source !== INPUT && !nodes.some((n) => n.id === source))) return GONE
  const target = t ? nodes.find((n) => n.id === t[shared]) : undefined
  if (t && !target) return GONE
  if (target && source === target.id) return no('A layer cannot read itself.', '层不能读取自身。')
  if (target && source !== INPUT && downstream(nodes, target.id).has(source))
    return no(
      'That would make a loop: a skip goes forward, from an earlier layer to a later one.',
      '这会形成环路：跳连只能从前面的层指向后面的层。'
    )
  if (target?.inputs.includes(source)) return no('These two are connected already.', '这两层已经相连。')
  if (target && target.inputs.length < maxInputs(target)) {
    const next = nodes.map((n) => (n === target ? { ...n, inputs: [...n.inputs, source] } : n))
    return { network: withNodes(network, scope, next), select: [join(scope, target.id)] }
  }
  const end = sinkOf(nodes)
  const before = target ? target.inputs[0] : end?.id
  if (before === undefined) return GONE
  if (before === source) return no('These two are connected already.', '这两层已经相连。')
  return insertOnWire(
    network,
    { scope, source: before, ...(target && { target: target.id }), index: 0 },
    makeNode('add'),
    source
  )
}

/** Cuts a connection that its target can do without: one input of a sum. A sum with one summand left goes. */
export function disconnect(network: Network, wire: Wire): EditResult {
  const nodes = nodesIn(network, wire.scope)
  const target = nodes?.find((n) => n.id === wire.target)
  if (!nodes || !target || target.inputs[wire.index] !== wire.source) return GONE
  if (target.inputs.length < 2)
    return no(
      'The layer would read nothing. Delete the layer, or draw another connection to it.',
      '该层将没有输入。请删除该层，或另外连接。'
    )
  const inputs = target.inputs.filter((_, i) => i !== wire.index)
  // The other input may have been the only way on for a layer: then it leads nowhere, and says so.
  if (inputs.length >= minInputs(target))
    return {
      network: withNodes(
        network,
        wire.scope,
        nodes.map((n) => (n === target ? { ...n, inputs } : n))
      ),
      select: [join(wire.scope, target.id)]
    }
  const left = rewire(nodes, new Map([[target.id, inputs[0]!]]))
  return { network: withNodes(network, wire.scope, left.nodes, [join(wire.scope, target.id)]), select: [] }
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
export const setParam = (network: Network, path: string, key: string, value: unknown): Network =>
  changeNode(network, path, (n) => (isBlock(n) ? n : { ...n, params: { ...n.params, [key]: value } }))
export const setTimes = (network: Network, path: string, times: number): Network =>
  changeNode(network, path, (n) => (isBlock(n) ? { ...n, times } : n))
export const rename = (network: Network, path: string, name: string): Network =>
  changeNode(network, path, (n) => ({ ...n, name }) as LayerNode | BlockNode)

/** Every connection of a scope, the one to its end included. */
export function wiresOf(network: Network, scope: string): Wire[] {
  const nodes = nodesIn(network, scope) ?? []
  const wires: Wire[] = nodes.flatMap((n) => n.inputs.map((source, index) => ({ scope, source, target: n.id, index })))
  const end = sinkOf(nodes)
  return [...wires, { scope, source: end?.id ?? INPUT, index: 0 }]
}
