import { canonical } from '../base/canonical'
import { join } from './edit'
import { isBlock, type Experiment, type LayerNode, type Network, type NetworkNode } from './types'

/** A node as it computes: without its name, its place on the canvas, and its line in the person's code. */
function computing({ name: _name, ...n }: NetworkNode): unknown {
  if (isBlock(n as NetworkNode)) return { ...n, body: (n as { body: NetworkNode[] }).body.map(computing) }
  const { code: _code, ...rest } = n as Omit<LayerNode, 'name'>
  return rest
}

/**
 * Whether two experiments show one picture of a network: the same layers, wired and set alike, between the same data
 * and the same loss.
 * @param a an experiment with its remedies applied
 * @param b likewise
 */
export function sameNetwork(a: Experiment, b: Experiment): boolean {
  const picture = (e: Experiment): string =>
    canonical([e.network.nodes.map(computing), e.data.dataset, e.training.loss])
  return picture(a) === picture(b)
}

/**
 * Paths of the nodes that two networks have in common: of the same kind, with the same parameters and inputs. What is
 * in a block counts only if the block is repeated as often in both.
 */
export function commonNodes(a: Network, b: Network): ReadonlySet<string> {
  const paths = new Set<string>()
  const outside = (n: NetworkNode): string =>
    canonical(isBlock(n) ? [n.kind, n.inputs, n.times] : [n.kind, n.inputs, n.params])
  const walk = (ours: readonly NetworkNode[], theirs: readonly NetworkNode[], scope: string): void => {
    for (const n of ours) {
      const twin = theirs.find((m) => m.id === n.id)
      if (!twin || outside(twin) !== outside(n)) continue
      const path = join(scope, n.id)
      paths.add(path)
      if (isBlock(n) && isBlock(twin)) walk(n.body, twin.body, path)
    }
  }
  walk(a.nodes, b.nodes, '')
  return paths
}
