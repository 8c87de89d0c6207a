import { planNetwork } from '../../../experiment/plan'
import type { DataInfo } from '../../../catalog/datasets/types'
import { INPUT, isBlock, type Experiment, type LayerNode, type NetworkNode } from '../../../experiment/types'
import { hasKernel, isRecurrent, lists, outputPaths, readersOf } from './graph'

/** A hidden layer with what belongs to it: Dense → BatchNorm → Activation is one unit. */
export interface Unit {
  head: LayerNode
  tail: LayerNode
  nodes: LayerNode[]
  /** Id of what it reads. */
  from: string
  /** Output as wide as the input, in every copy. */
  square: boolean
  /** Shapes in and out, where they are the same in every copy. */
  shapes?: { from: number[]; to: number[] }
  /** The addition around it, when it already is a residual branch. */
  skip?: LayerNode
}
export interface UnitList {
  nodes: NetworkNode[]
  prefix: string
  copies: number
  units: Unit[]
}
const numbers = (s: string): number[] => s.split(',').map(Number)
const FOLLOWERS = new Set(['batchNorm', 'layerNorm', 'activation', 'dropout'])

/** The hidden units of the network and of each block's body, in order. */
export function unitLists(experiment: Experiment, info: DataInfo): UnitList[] {
  const output = outputPaths(experiment.network)
  const shapes = new Map<string, { from: Set<string>; to: Set<string>; same: boolean }>()
  for (const l of planNetwork(experiment.network, info.inputShape).layers) {
    const s = shapes.get(l.node) ?? { from: new Set(), to: new Set(), same: true }
    s.from.add(l.inputShapes[0]!.join())
    s.to.add(l.outputShape.join())
    shapes.set(l.node, s)
  }
  return [...lists(experiment.network.nodes)].map(({ nodes, prefix, copies }) => {
    const units = nodes.flatMap((head): Unit[] => {
      if (
        isBlock(head) ||
        !hasKernel(head) ||
        isRecurrent(head) ||
        output.has(prefix + head.id) ||
        head.inputs.length !== 1
      )
        return []
      const chain = [head]
      for (;;) {
        const readers = readersOf(nodes, chain[chain.length - 1]!.id)
        const next = readers[0]
        if (readers.length !== 1 || !next || isBlock(next) || !FOLLOWERS.has(next.kind) || output.has(prefix + next.id))
          break
        chain.push(next)
      }
      const tail = chain[chain.length - 1]!
      const from = shapes.get(prefix + head.id)?.from
      const to = shapes.get(prefix + tail.id)?.to
      const square = from?.size === 1 && to?.size === 1 && [...from][0] === [...to][0]
      const readers = readersOf(nodes, tail.id)
      const skip = readers.length === 1 && readers[0]!.kind === 'add' && !isBlock(readers[0]!) ? readers[0] : undefined
      return [
        {
          head,
          tail,
          nodes: chain,
          from: head.inputs[0]!,
          square,
          ...(from?.size === 1 &&
            to?.size === 1 && { shapes: { from: numbers([...from][0]!), to: numbers([...to][0]!) } }),
          ...(skip && { skip })
        }
      ]
    })
    return { nodes, prefix, copies, units }
  })
}
/** The unit is all there is in this body, from its entrance to its end. */
export const fills = (list: UnitList, u: Unit): boolean =>
  list.prefix !== '' &&
  u.nodes.length === list.nodes.length &&
  u.from === INPUT &&
  list.nodes[list.nodes.length - 1] === u.tail
