import { activations } from '../../../catalog/activations'
import type { Spec } from '../../../base/params'
import { sites } from '../../remedies/parts/graph'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'
import { last, parts, S } from './view'

/** Share of a layer's units that are off for every example, from which on its start has switched it off. */
const ALL = 0.95

/** Where the biases of a layer start; 0 where that is not known. */
export function biasStartOf({ experiment }: RunView, { node }: RunLayer): number {
  for (const s of sites(experiment?.network.nodes ?? []))
    if (s.path === node) return (s.node.params['biasStart'] as number | undefined) ?? 0
  return 0
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
