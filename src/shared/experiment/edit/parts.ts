/** What all edits of a network are made of. */
import type { Text } from '../../base/text'
import { layers } from '../../catalog/layers'
import { MAX_DEPTH } from '../parse'
import { INPUT, isBlock, type Network, type NetworkNode } from '../types'
import { join } from './scope'

/** An edit that is refused, and why. */
export const no = (en: string, zh: string): { error: Text } => ({ error: { en, zh } })

/** Refusal of an edit of something that is not there. */
export const GONE = no('That layer is no longer there.', '该层已不存在。')

/** Refusal of an edit that would nest blocks too deep. */
export const TOO_DEEP = no(`Blocks can be nested ${MAX_DEPTH} deep at most.`, `块最多嵌套 ${MAX_DEPTH} 层。`)

/** How many blocks lie around the nodes of a scope. */
export const level = (scope: string): number => (scope ? scope.split('/').length : 0)

/** How many blocks lie within each other in these nodes. */
export const depthOf = (nodes: NetworkNode[]): number =>
  Math.max(0, ...nodes.map((n) => (isBlock(n) ? 1 + depthOf(n.body) : 0)))

/** Fewest inputs that a node can have. */
export const minInputs = (n: NetworkNode): number => (isBlock(n) ? 1 : layers.get(n.kind).inputs.min)

/** Most inputs that a node can have. */
export const maxInputs = (n: NetworkNode): number => (isBlock(n) ? 1 : layers.get(n.kind).inputs.max)

/** An id that none of these has: the stem with the first free number. */
export function freshId(nodes: NetworkNode[], stem: string): string {
  const taken = new Set([INPUT, ...nodes.map((n) => n.id)])
  const base = stem.replace(/\d+$/, '') || 'layer'
  for (let n = 1; ; n++) {
    const id = `${base}${n}`
    if (!taken.has(id)) return id
  }
}

/** The name, or the name and the first number that none of these has. @param numbered a number even to the first */
export function freshName(nodes: NetworkNode[], name: string, numbered = false): string {
  const taken = new Set(nodes.map((n) => n.name))
  if (!taken.has(name) && !numbered) return name
  const base = name.replace(/ \d+$/, '')
  for (let n = numbered ? 1 : 2; ; n++) if (!taken.has(`${base} ${n}`)) return `${base} ${n}`
}

/**
 * Nodes in an order in which each comes after its inputs and the one that nobody reads comes last; otherwise as they
 * were.
 */
export function sorted(nodes: NetworkNode[]): NetworkNode[] {
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

/** All that a node's output reaches within its scope, itself included. */
export function downstream(nodes: NetworkNode[], id: string): Set<string> {
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

/** Puts new nodes into a scope (a new network; the old one is not touched). */
export function withNodes(network: Network, scope: string, nodes: NetworkNode[], forget: string[] = []): Network {
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
export function forgetLayout(network: Network, paths: string[]): Network {
  if (!network.layout) return network
  const kept = Object.entries(network.layout).filter(([k]) => !paths.some((p) => k === p || k.startsWith(p + '/')))
  const { layout: _dropped, ...rest } = network
  return kept.length ? { ...rest, layout: Object.fromEntries(kept) } : rest
}

/** Makes readers of the ids in `gone` read `instead`; sums that then have one summand left go too. */
export function rewire(
  nodes: NetworkNode[],
  gone: Map<string, string>
): { nodes: NetworkNode[]; gone: Map<string, string> } {
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
