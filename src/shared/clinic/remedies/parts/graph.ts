import { layers } from '../../../catalog/layers'
import type { Spec } from '../../../base/params'
import {
  INPUT,
  isBlock,
  type Experiment,
  type LayerNode,
  type Network,
  type NetworkNode
} from '../../../experiment/types'

/** A layer of a network and the list it stands in. */
export interface Site {
  node: LayerNode
  /** Node path, `block/node`. */
  path: string
  siblings: NetworkNode[]
  /** How many instances it has: the product of its blocks' copies. */
  copies: number
}
const refField = (kind: string, key: string, registry: string): boolean => {
  const f = layers.find(kind)?.fields[key]
  return f?.type === 'ref' && f.registry === registry
}
/** Whether a node has a kernel of its own: a "layer" in the counting sense. */
export const hasKernel = (n: NetworkNode): boolean => !isBlock(n) && refField(n.kind, 'initializer', 'initializers')
/** Whether a layer ends with an activation of the user's choice. */
export const hasActivation = (n: NetworkNode): boolean => !isBlock(n) && refField(n.kind, 'activation', 'activations')
/** Whether a layer carries a state through time. */
export const isRecurrent = (n: NetworkNode): boolean => !isBlock(n) && layers.find(n.kind)?.group === 'recurrent'
/** Whether a node is a batch norm or layer norm. */
export const isNorm = (n: NetworkNode): boolean => n.kind === 'batchNorm' || n.kind === 'layerNorm'
/** The activation that a layer ends with. @param n with `hasActivation` */
export const activationOf = (n: LayerNode): Spec => n.params.activation as Spec

/** Those of `siblings` that read `id`. */
export const readersOf = (siblings: NetworkNode[], id: string): NetworkNode[] =>
  siblings.filter((n) => n.inputs.includes(id))

/**
 * Every layer, in order, blocks entered. @param prefix path of the scope, ending with `/` @param copies of the scope
 */
export function* sites(nodes: NetworkNode[], prefix = '', copies = 1): Generator<Site> {
  for (const node of nodes) {
    if (isBlock(node)) yield* sites(node.body, `${prefix}${node.id}/`, copies * node.times)
    else yield { node, path: prefix + node.id, siblings: nodes, copies }
  }
}
/** Biases start at 0, where a layer has any. */
export function startAtZero({ params }: LayerNode): void {
  for (const key of ['biasStart', 'biasStd']) if (key in params) params[key] = 0
}
/** Every list of nodes: the network's own and each block's body. */
export function* lists(
  nodes: NetworkNode[],
  prefix = '',
  copies = 1
): Generator<{ nodes: NetworkNode[]; prefix: string; copies: number }> {
  yield { nodes, prefix, copies }
  for (const n of nodes) if (isBlock(n)) yield* lists(n.body, `${prefix}${n.id}/`, copies * n.times)
}

/**
 * Paths of the output layer: from the network's end back to the first layer with a kernel (its activation, say, belongs
 * to it).
 */
export function outputPaths(network: Network): Set<string> {
  const out = new Set<string>()
  const read = new Set(network.nodes.flatMap((n) => n.inputs))
  let siblings = network.nodes
  let prefix = ''
  let node = [...siblings].reverse().find((n) => !read.has(n.id))
  while (node) {
    if (isBlock(node)) {
      prefix = `${prefix}${node.id}/`
      siblings = node.body
      node = siblings[siblings.length - 1]
      continue
    }
    if (node.inputs.length !== 1) break
    out.add(prefix + node.id)
    if (hasKernel(node)) break
    const before: string = node.inputs[0]!
    node = siblings.find((n) => n.id === before && !out.has(prefix + n.id))
  }
  return out
}
/** Every layer but the output layer. */
export function hiddenSites(experiment: Experiment): Site[] {
  const output = outputPaths(experiment.network)
  return [...sites(experiment.network.nodes)].filter((s) => !output.has(s.path))
}
/** Hidden layers with a kernel, each as often as it is repeated. */
export const hiddenCount = (experiment: Experiment): number =>
  hiddenSites(experiment).reduce((a, s) => a + (hasKernel(s.node) ? s.copies : 0), 0)

/** `base`, or `base2`, `base3` … when it is taken. */
export function freshId(siblings: NetworkNode[], base: string): string {
  const taken = new Set([INPUT, ...siblings.map((n) => n.id)])
  for (let i = 1; ; i++) {
    const id = i === 1 ? base : `${base}${i}`
    if (!taken.has(id)) return id
  }
}
/** Makes all who read `from` read `to` instead. */
export function rewire(siblings: NetworkNode[], from: string, to: string, except: NetworkNode[] = []): void {
  for (const n of siblings) if (!except.includes(n)) n.inputs = n.inputs.map((i) => (i === from ? to : i))
}
/** Puts a chain of new nodes behind `node`: the first reads it, and whoever read it reads the last. */
export function insertAfter(siblings: NetworkNode[], node: NetworkNode, chain: LayerNode[]): void {
  const last = chain[chain.length - 1]
  if (!last) return
  rewire(siblings, node.id, last.id, chain)
  siblings.splice(siblings.indexOf(node) + 1, 0, ...chain)
}

/** Layers whose bias every reader, a batch norm, takes away again. */
export const idleBiases = (experiment: Experiment): Site[] =>
  [...sites(experiment.network.nodes)].filter(({ node, siblings }) => {
    const readers = readersOf(siblings, node.id)
    return node.params['bias'] === true && readers.length > 0 && readers.every((r) => r.kind === 'batchNorm')
  })
