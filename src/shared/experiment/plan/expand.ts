import type { Params } from '../../base/params'
import { problem, type Problem } from '../../base/problems'
import { INPUT, isBlock, type Network, type NetworkNode } from '../types'
import { order } from './order'
import { pathOf } from './path'

/** A layer of the expanded network. */
export interface Flat {
  id: string
  node: string
  copy?: number
  name: string
  kind: string
  params: Params
  inputs: string[]
}
/** Beyond this a plan is refused: expanding must stay cheap whatever a file says. */
const MAX_LAYERS = 5000

/** Replaces blocks by their copies. Each node's output is the id its readers should use. */
export function expand(network: Network, problems: Problem[]): { flat: Flat[]; output?: string } {
  const flat: Flat[] = []
  // Copies of empty blocks make no layers, but cost time.
  let copies = 0
  const full = (): boolean => flat.length > MAX_LAYERS || copies > 4 * MAX_LAYERS
  // One message per body, not one per copy.
  const told = new Set<string>()
  const walk = (
    nodes: NetworkNode[],
    prefix: string,
    nodePrefix: string,
    entering: string,
    copy: number | undefined
  ): string | undefined => {
    const heard = told.has(nodePrefix) ? [] : problems
    told.add(nodePrefix)
    const outputs = new Map<string, string>([[INPUT, entering]])
    for (const n of order(nodes, nodePrefix, heard)) {
      if (full()) return undefined
      const inputs = n.inputs.map((i) => outputs.get(i) ?? i)
      if (isBlock(n)) {
        let from = inputs[0] ?? entering
        if (inputs.length !== 1)
          heard.push(
            problem(`${pathOf(nodePrefix + n.id)}.inputs`, 'a block reads exactly one layer', '块只能读取一层', {
              node: nodePrefix + n.id
            })
          )
        for (let t = 0; t < n.times && !full(); t++, copies++)
          from = walk(n.body, `${prefix}${n.id}.${t + 1}.`, `${nodePrefix}${n.id}/`, from, t) ?? from
        outputs.set(n.id, from)
      } else {
        const id = prefix + n.id
        flat.push({
          id,
          node: nodePrefix + n.id,
          ...(copy !== undefined && { copy }),
          name: n.name ?? n.id,
          kind: n.kind,
          params: n.params,
          inputs
        })
        outputs.set(n.id, id)
      }
    }
    const last = copy === undefined ? sink(nodes, heard) : nodes[nodes.length - 1]
    if (copy !== undefined) {
      const read = new Set(nodes.flatMap((n) => n.inputs))
      for (const n of nodes)
        if (n !== last && !read.has(n.id))
          heard.push(
            problem(
              pathOf(nodePrefix + n.id),
              'leads nowhere: connect it, or delete it (the last layer of a block is its output)',
              '没有去处：请连接或删除它（块的最后一层是其输出）',
              { node: nodePrefix + n.id }
            )
          )
    }
    return last && outputs.get(last.id)
  }
  const output = walk(network.nodes, '', '', INPUT, undefined)
  if (full())
    problems.push(
      problem(
        'network.nodes',
        `has more than ${MAX_LAYERS} layers: use fewer copies`,
        `超过 ${MAX_LAYERS} 层：请减少重复次数`
      )
    )
  return { flat, ...(output !== undefined && { output }) }
}

/** The one node nobody reads: the network's output. */
function sink(nodes: NetworkNode[], problems: Problem[]): NetworkNode | undefined {
  const read = new Set(nodes.flatMap((n) => n.inputs))
  const ends = nodes.filter((n) => !read.has(n.id))
  if (ends.length > 1)
    for (const n of ends.slice(0, -1))
      problems.push(
        problem(
          `network.nodes.${n.id}`,
          'leads nowhere: connect it, or delete it (only one layer may be the output)',
          '没有去处：请连接或删除它（只能有一个输出层）',
          { node: n.id }
        )
      )
  return ends[ends.length - 1]
}
