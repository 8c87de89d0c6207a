/** A layer of a plan or of a run, as far as its place in the network is concerned. */
export interface Placed {
  id: string
  /** Ids of the layers it reads. */
  inputs: readonly string[]
  /** It has a kernel. */
  main: boolean
  kind: string | { id: string }
}
interface Ways {
  readers: Map<string, Placed[]>
  /** For each layer, the input through which its longest path from the data comes. */
  longest: Map<string, string>
  path: Placed[]
  onPath: Set<Placed>
}
const known = new WeakMap<readonly Placed[], Ways>()

function waysOf(layers: readonly Placed[]): Ways {
  const before = known.get(layers)
  if (before) return before
  const readers = new Map<string, Placed[]>()
  const depth = new Map<string, number>()
  const longest = new Map<string, string>()
  const depthOf = (id: string): number => depth.get(id) ?? 0
  for (const l of layers) {
    for (const i of new Set(l.inputs)) readers.set(i, [...(readers.get(i) ?? []), l])
    const through = l.inputs.reduce((a, b) => (depthOf(b) > depthOf(a) ? b : a), l.inputs[0]!)
    longest.set(l.id, through)
    depth.set(l.id, depthOf(through) + Number(l.main))
  }
  const byId = new Map(layers.map((l) => [l.id, l]))
  const path: Placed[] = []
  for (let at = [...layers].reverse().find((l) => !readers.has(l.id)); at; at = byId.get(longest.get(at.id)!))
    path.unshift(at)
  const ways = { readers, longest, path, onPath: new Set(path) }
  known.set(layers, ways)
  return ways
}

/**
 * The path from the data to the loss with the most layers with a kernel, in forward order. Of two equal ones it takes
 * the input that is read first, which at a sum is the branch and not the shortcut.
 * @param layers in an order in which each comes after its inputs
 */
export const mainPath = <L extends Placed>(layers: readonly L[]): readonly L[] => waysOf(layers).path as L[]

/** Whether a layer's values are added to those of a longer path, as those of a projection in a shortcut are. */
function besides(layer: Placed, { readers, longest }: Ways): boolean {
  let at = layer
  for (let next = readers.get(at.id) ?? []; next.length === 1; next = readers.get(at.id) ?? []) {
    const [to] = next as [Placed]
    if (to.inputs.length > 1)
      return (typeof to.kind === 'string' ? to.kind : to.kind.id) === 'add' && longest.get(to.id) !== at.id
    at = to
  }
  return false
}

/**
 * The neighbour of a layer towards the loss: of those that read it, directly or through others, the nearest that fits;
 * the nearest with a kernel, seen from one with a kernel. Of several as near, that on the main path; none of parallel
 * branches off it, and none for what lies in a shortcut.
 * @param fits which layers count, such as those whose gradient is recorded
 */
export function nextTowardsLoss<L extends Placed>(
  layers: readonly L[],
  layer: L,
  fits: (l: L) => boolean
): L | undefined {
  const ways = waysOf(layers)
  if (besides(layer, ways)) return undefined
  for (
    let level = ways.readers.get(layer.id) ?? [];
    level.length;
    level = [...new Set(level.flatMap((l) => ways.readers.get(l.id) ?? []))]
  ) {
    const found = level.filter((l) => (l.main || !layer.main) && fits(l as L) && !besides(l, ways)) as L[]
    if (found.length) return found.find((l) => ways.onPath.has(l)) ?? (found.length === 1 ? found[0] : undefined)
  }
  return undefined
}
