import { isBlock, type Experiment, type NetworkNode } from './types'

/** One difference between two experiments, by path. */
export interface Change {
  path: string
  type: 'add' | 'remove' | 'change'
  before?: unknown
  after?: unknown
}

/** Nodes as a map by id, so that an inserted layer is one addition and not a shift of all that follow. */
function view(value: unknown): unknown {
  if (Array.isArray(value)) {
    const ids = value.every(
      (v) => typeof v === 'object' && v !== null && typeof (v as { id?: unknown }).id === 'string'
    )
    return ids && value.length ? Object.fromEntries(value.map((v) => [(v as { id: string }).id, v])) : value
  }
  return value
}
const isMap = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

function walk(a: unknown, b: unknown, path: string, out: Change[]): void {
  const before = view(a)
  const after = view(b)
  // Another registry entry is one change (sigmoid → relu), not a change of id and of every parameter.
  const swapped = isMap(a) && isMap(b) && typeof a.id === 'string' && typeof b.id === 'string' && a.id !== b.id
  if (isMap(before) && isMap(after) && !swapped) {
    for (const k of new Set([...Object.keys(before), ...Object.keys(after)])) {
      const at = path ? `${path}.${k}` : k
      if (!(k in before)) out.push({ path: at, type: 'add', after: after[k] })
      else if (!(k in after)) out.push({ path: at, type: 'remove', before: before[k] })
      else walk(before[k], after[k], at, out)
    }
  } else if (JSON.stringify(before) !== JSON.stringify(after)) out.push({ path, type: 'change', before: a, after: b })
}

/** The exact differences between two experiments; where nodes stand on the canvas doesn't count. */
export function diffExperiments(a: Experiment, b: Experiment): Change[] {
  const strip = (e: Experiment): unknown => ({ ...e, network: { nodes: e.network.nodes } })
  const out: Change[] = []
  walk(strip(a), strip(b), '', out)
  return out
}

/** Every node with its path (`block/node`), depth first, blocks before their bodies. */
export function* eachNode(
  nodes: NetworkNode[],
  prefix = ''
): Generator<{ node: NetworkNode; path: string; siblings: NetworkNode[] }> {
  for (const node of nodes) {
    yield { node, path: prefix + node.id, siblings: nodes }
    if (isBlock(node)) yield* eachNode(node.body, `${prefix}${node.id}/`)
  }
}
