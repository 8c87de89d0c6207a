import { activations } from '../../activations'
import type { Params, RefField, Spec } from '../../../base/params'
import type { TF, Tensor } from '../../../base/tf'
import type { Shape, WeightSpec } from '../types'

/** The field of every layer that ends with an activation. */
export const ACTIVATION: RefField = {
  type: 'ref',
  registry: 'activations',
  default: { id: 'relu' },
  label: { en: 'Activation', zh: '激活函数' }
}

const split = (p: Params): [string, Params] => {
  const { id, ...params } = p.activation as Spec
  return [id, params]
}
/**
 * Weights of the chosen activation, to be listed among the layer's own. @param shape of the pre-activation, without the
 * batch axis
 */
export function activationWeights(p: Params, shape: Shape): WeightSpec[] {
  const [id, params] = split(p)
  return activations.get(id).weights?.(params, shape) ?? []
}
/** h = f(z) by the layer's field `activation`. @param w the layer's weights */
export function activate(tf: TF, p: Params, z: Tensor, w: Record<string, Tensor>): Tensor {
  const [id, params] = split(p)
  return activations.get(id).forward(tf, z, params, w)
}
