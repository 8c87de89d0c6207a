/**
 * Edits of a network by hand. All pure: they return a new network that `readExperiment` accepts, or a sentence why not.
 * A node's path is its ids from the outside in: `hidden/dense`. A scope is the path of a block, or '' for the network
 * itself.
 */
import type { Text } from '../../base/text'
import { INPUT, isBlock, type Network, type NetworkNode } from '../types'

/** A network after an edit. */
export interface Edited {
  network: Network
  /** Paths of what was made or moved: the new selection. */
  select: string[]
}

/** The edited network, or a sentence that says why the edit was refused. */
export type EditResult = Edited | { error: Text }

/** Whether an edit was refused, with the sentence that says why. */
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

/** Path of the block that holds a node; '' for the network itself. */
export const scopeOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))

/** Id of a node within its scope: the last part of its path. */
export const idOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Path of a node from its scope and its id. */
export const join = (scope: string, id: string): string => (scope ? `${scope}/${id}` : id)

/** The nodes of a scope; undefined when there is no such block. */
export function nodesIn(network: Network, scope: string): NetworkNode[] | undefined {
  if (!scope) return network.nodes
  const block = nodeAt(network, scope)
  return block && isBlock(block) ? block.body : undefined
}

/** The node at a path; undefined when there is none. */
export function nodeAt(network: Network, path: string): NetworkNode | undefined {
  return nodesIn(network, scopeOf(path))?.find((n) => n.id === idOf(path))
}

/** The one node of a scope that nobody reads. */
export function sinkOf(nodes: NetworkNode[]): NetworkNode | undefined {
  const read = new Set(nodes.flatMap((n) => n.inputs))
  return [...nodes].reverse().find((n) => !read.has(n.id))
}

/** Every connection of a scope, the one to its end included. */
export function wiresOf(network: Network, scope: string): Wire[] {
  const nodes = nodesIn(network, scope) ?? []
  const wires: Wire[] = nodes.flatMap((n) => n.inputs.map((source, index) => ({ scope, source, target: n.id, index })))
  const end = sinkOf(nodes)
  return [...wires, { scope, source: end?.id ?? INPUT, index: 0 }]
}
