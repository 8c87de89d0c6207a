import { didYouMean } from '../../base/nearest'
import { problem, type Problem } from '../../base/problems'
import { INPUT, type NetworkNode } from '../types'
import { pathOf } from './path'

/** A shortest loop through a node, in the direction of the data; undefined when it is in none. */
function loopThrough(node: NetworkNode, byId: ReadonlyMap<string, NetworkNode>): string[] | undefined {
  // Backwards along inputs; `next` is what each was reached from.
  const next = new Map<string, string>()
  for (let open = [node.id]; open.length;) {
    const further: string[] = []
    for (const id of open)
      for (const i of byId.get(id)?.inputs ?? []) {
        if (i === node.id) {
          const ring = [node.id]
          for (let at = id; at !== node.id; at = next.get(at)!) ring.push(at)
          return ring
        }
        if (next.has(i)) continue
        next.set(i, id)
        further.push(i)
      }
    open = further
  }
  return undefined
}

/**
 * Orders nodes so that each comes after its inputs. Nodes in a cycle, or with unknown inputs, become problems; what is
 * behind them is left out.
 */
export function order(nodes: NetworkNode[], prefix: string, problems: Problem[]): NetworkNode[] {
  const byId = new Map(nodes.map((n) => [n.id, n]))
  const done = new Set<string>([INPUT])
  const out: NetworkNode[] = []
  for (const n of nodes)
    for (const i of n.inputs)
      if (i !== INPUT && !byId.has(i)) {
        const meant = didYouMean(i, [INPUT, ...byId.keys()])
        problems.push(
          problem(
            `${pathOf(prefix + n.id)}.inputs`,
            `reads "${i}", which does not exist${meant.en || ': connect it to a layer'}`,
            `读取不存在的“${i}”${meant.zh || '：请连接到某一层'}`,
            { node: prefix + n.id }
          )
        )
      }
  const rest = nodes.filter((n) => n.inputs.every((i) => i === INPUT || byId.has(i)))
  for (let left = rest; left.length;) {
    // In the person's order, as far as that puts inputs first.
    const later = left.filter((n) => {
      if (!n.inputs.every((i) => done.has(i))) return true
      done.add(n.id)
      out.push(n)
      return false
    })
    if (later.length === left.length) {
      for (const n of left) {
        const ring = loopThrough(n, byId)
        if (!ring) continue
        const shownRing = [...ring, ring[0]!].join(' → ')
        problems.push(
          problem(
            `${pathOf(prefix + n.id)}.inputs`,
            `is part of the loop ${shownRing}: remove one of its connections`,
            `处于环路 ${shownRing} 中：请断开其中一条连接`,
            { node: prefix + n.id }
          )
        )
      }
      break
    }
    left = later
  }
  return out
}
