import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { CriticContext } from '../../shared/experiment/remedies'
import type { HookPass } from './hooks'
import type { Variable } from './types'

/** A trainable weight in a step: its variable and its value before the step. */
export interface TrainableWeight {
  variable: Variable
  value: Tensor
}
/** What a hook is told of a weight. */
export const nameAndRole = ({ name, spec }: Variable) => ({ name, role: spec!.role })

/**
 * The terms that are added to the loss: λ·Σw² of the layers that ask for it, then those of the hooks.
 * Call it under the gradient tape.
 * @returns their sum; undefined when there is none
 */
export function penalties(
  tf: TF,
  weights: readonly TrainableWeight[],
  hooks: HookPass,
  critic: CriticContext | undefined
): Scalar | undefined {
  const squares = weights.flatMap(({ variable, value }) => {
    const { l2 } = variable.spec!
    return l2 ? [tf.mul(tf.sum(tf.square(value)), l2) as Scalar] : []
  })
  const own = hooks.penalties(
    weights.map(({ variable, value }) => ({ ...nameAndRole(variable), weight: value })),
    critic
  )
  const terms = [...squares, ...own]
  return terms.length ? terms.reduce((sum, term) => tf.add(sum, term) as Scalar) : undefined
}
