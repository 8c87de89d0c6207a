import { activations } from '../../../catalog/activations'
import type { Spec } from '../../../base/params'
import { sites } from '../../remedies/parts/graph'
import type { RunView } from '../types'

/** So many updates must have been equal. Behind an output layer that starts at zero the first one is 0 everywhere. */
export const UPDATES = 3

const ONE_NUMBER = new Set(['zeros', 'ones', 'constant'])

/** Whether the output layer starts from one number, too, which is no fault of its own. */
const endsConstant = ({ experiment, main }: RunView): boolean =>
  [...sites(experiment?.network.nodes ?? [])].some(
    (s) =>
      s.path === main[main.length - 1]?.node && (s.node.params['initializer'] as Spec | undefined)?.id === 'constant'
  )
/** Whether the matrix from state to state of one of them starts from one number, too: a new kernel leaves it so. */
export const copiesInTime = ({ experiment, twins = [] }: RunView): boolean =>
  [...sites(experiment?.network.nodes ?? [])].some(
    (s) =>
      twins.some((l) => l.node === s.path) &&
      ONE_NUMBER.has((s.node.params['recurrentInitializer'] as Spec | undefined)?.id ?? '')
  )
/** What advises another start: the initializer that suits the activation of the first of them. */
export function newStart(view: RunView): Spec | undefined {
  const layer = view.length >= UPDATES ? view.twins?.[0] : undefined
  if (!layer) return undefined
  const f = activations.find(layer.activation ?? 'linear')
  const to = f?.initializer(layer.activationParams ?? {}) ?? { id: 'glorotUniform' }
  return { id: 'initializer', to, output: layer === view.main[view.main.length - 1] || endsConstant(view) }
}
