import type { Params } from '../../base/params'
import { parseField } from '../../base/params'
import type { Problem } from '../../base/problems'
import { layers } from '../../catalog/layers'
import { lookup } from '../lookup'
import { isBlock, type Network } from '../types'
import { changeNode, makeNode } from './nodes'

/** A name that speaks of the kind (`Dense 3`) speaks of the new one; any other was given by a person and stays. */
function renamed(name: string | undefined, from: string, to: string): string | undefined {
  const number = name?.startsWith(from) ? name.slice(from.length) : undefined
  return number !== undefined && /^( \d+)?$/.test(number) ? to + number : name
}

/**
 * Makes a layer one of another kind, in its place: it keeps its id, its connections, and each parameter that the new
 * kind has too and takes. A block stays as it is.
 * @param kind id of a layer kind
 */
export function replaceKind(network: Network, path: string, kind: string): Network {
  return changeNode(network, path, (n) => {
    if (isBlock(n) || n.kind === kind) return n
    const [from, to] = [layers.get(n.kind), layers.get(kind)]
    const kept: Params = {}
    for (const [key, field] of Object.entries(to.fields)) {
      if (!(key in n.params)) continue
      const problems: Problem[] = []
      const value = parseField(field, n.params[key], key, problems, lookup)
      if (!problems.length) kept[key] = value
    }
    const name = renamed(n.name, from.name.en, to.name.en)
    return {
      ...makeNode(kind, kept),
      id: n.id,
      ...(name !== undefined && { name }),
      inputs: n.inputs.slice(0, Math.max(1, to.inputs.max))
    }
  })
}

/** Sets one parameter of several layers; blocks, and layers that don't have it, stay as they are. */
export const setParamOf = (network: Network, paths: readonly string[], key: string, value: unknown): Network =>
  paths.reduce(
    (now, path) =>
      changeNode(now, path, (n) =>
        isBlock(n) || !(key in layers.get(n.kind).fields) ? n : { ...n, params: { ...n.params, [key]: value } }
      ),
    network
  )
