/** Edits of connections. */
import { INPUT, type Network, type NetworkNode } from '../types'
import { makeNode, insertFragment } from './nodes'
import { no, GONE, withNodes, downstream, minInputs, maxInputs, rewire } from './parts'
import { type EditResult, isError, type Wire, idOf, join, nodesIn, sinkOf } from './scope'

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
