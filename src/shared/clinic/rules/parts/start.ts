import { activations } from '../../../catalog/activations'
import { initializers } from '../../../catalog/initializers'
import type { Spec } from '../../../base/params'
import { sites } from '../../remedies/parts/graph'
import type { RunLayer } from '../../../run/types'
import type { RunView } from '../types'

/** A start is coarse from so many times the variance that suits its width. */
const COARSE = 20

/**
 * The initializer that suits hidden layers whose weights were drawn far too large for their width; undefined where none
 * was. Saturated nets get further with it than with a norm that has to work around such weights.
 * @param layers to look at
 */
export function coarseStart({ experiment }: RunView, layers: readonly RunLayer[]): Spec | undefined {
  const all = [...sites(experiment?.network.nodes ?? [])]
  const layer = layers.find((l) => {
    const spec = all.find((s) => s.path === l.node)?.node.params['initializer'] as Spec | undefined
    const entry = spec && initializers.find(spec.id)
    const width = l.outputShape[l.outputShape.length - 1] ?? 1
    return entry && entry.variance(width, width, spec, [width, width]) * width > COARSE
  })
  if (!layer) return undefined
  const to = activations.find(layer.activation ?? 'linear')?.initializer(layer.activationParams ?? {})
  return { id: 'initializer', to: to ?? { id: 'glorotUniform' } }
}
