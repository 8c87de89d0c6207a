import { activations } from '../../../catalog/activations'
import type { Spec } from '../../../base/params'
import { sites } from '../../remedies/parts/graph'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { last, parts, S } from './view'

/**
 * Slope of a leaky ReLU through which a layer that starts switched off comes back within some hundred steps: with the
 * usual 0.01 it took thousands.
 */
export const LEAK = 0.1
/** Share of a layer's units that are off for every example, from which on its start has switched it off. */
const ALL = 0.95
/** Units of which one is very likely on after a new draw: each is with a chance of one half. */
const DRAWN = 8

/** Where the biases of a layer start; 0 where that is not known. */
export function biasStartOf({ experiment }: RunView, { node }: RunLayer): number {
  for (const s of sites(experiment?.network.nodes ?? []))
    if (s.path === node) return (s.node.params['biasStart'] as number | undefined) ?? 0
  return 0
}
/**
 * What revives a hidden layer that was off for every example before the first update; none where no layer was. Weights
 * that lie on one side of 0 are drawn anew: through a leak they would take hundreds of steps to come back.
 */
export function revived(view: RunView): (string | Spec)[] {
  const born = parts(view).hidden.find((l) => (view.value(0, l.index, S.dead) ?? 0) > ALL)
  const leak = { id: 'activation', to: { id: 'leakyRelu', alpha: LEAK } }
  if (!born) return []
  return isLopsided(view, born) ? ['initializer', leak, 'batchNorm'] : [leak, 'initializer', 'batchNorm']
}
/** Whether the weights of a layer start on one side of 0, and it has units enough for another draw to help. */
function isLopsided({ experiment }: RunView, { node, outputShape }: RunLayer): boolean {
  if (outputShape[outputShape.length - 1]! < DRAWN) return false
  for (const s of sites(experiment?.network.nodes ?? [])) {
    if (s.path !== node) continue
    const { id, ...of } = (s.node.params['initializer'] as Spec | undefined) ?? { id: '' }
    const [middle, reach] = [of['mean'] ?? of['centre'] ?? of['value'], of['std'] ?? of['limit'] ?? 0]
    return id === 'ones' || (typeof middle === 'number' && Math.abs(middle) > (reach as number))
  }
  return false
}
/** The remedy for hidden layers that their biases switch off from the start; undefined where there are none. */
export function awake(view: RunView): Spec | undefined {
  const i = last(view)
  const off = parts(view).hidden.find(
    (l) => (i < 0 ? 0 : (view.value(i, l.index, S.dead) ?? 0)) > ALL && biasStartOf(view, l) < 0
  )
  if (!off) return undefined
  const f = activations.find(off.activation ?? 'linear')
  const to = f?.initializer(off.activationParams ?? {}) ?? { id: 'heNormal' }
  return { id: 'initializer', to, bias: true }
}
