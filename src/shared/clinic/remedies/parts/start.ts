import { parseSpec, type Spec } from '../../../base/params'
import { activations } from '../../../catalog/activations'
import { lookup } from '../../../experiment/lookup'

/** The initializer that suits an activation, with all its parameters. */
export const startFor = ({ id, ...params }: Spec): Spec =>
  parseSpec('initializers', activations.get(id).initializer(params), '', [], lookup)
