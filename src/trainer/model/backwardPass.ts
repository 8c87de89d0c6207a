import type { Scalar, Tensor } from '../../shared/base/tf'
import type { Plan } from '../../shared/experiment'
import { forwardPass, type Forward, type ForwardInput } from './forwardPass'
import type { StepScope } from './scope'

/** The loss of one batch, and its gradients. */
export interface Backward {
  run: Forward
  /** Penalty included. */
  loss: Scalar
  penalty: Scalar | undefined
  /**
   * ∂loss/∂tensor of a trainable weight or of a tensor of `run`, summed over all that read it; undefined for others.
   */
  gradientOf(tensor: Tensor): Tensor | undefined
}
/** What the loss is made of. Both are called under the gradient tape. */
export interface LossTerms {
  fit(output: Tensor): Scalar
  penalty(): Scalar | undefined
}

/**
 * One forward and one backward pass.
 * @param x [batch, …inputShape]. @param weights trainable ones
 */
export function backwardPass(
  scope: StepScope,
  plan: Plan,
  x: Tensor,
  weights: readonly Tensor[],
  input: ForwardInput,
  terms: LossTerms
): Backward {
  const { tf, keep, noises } = scope
  // Tensors made on the way are added while the pass runs, so that one backward pass gives their gradients too: summed
  // over all readers.
  const xs = [...weights]
  let run!: Forward
  let penalty: Scalar | undefined
  const { value: loss, grads } = tf.engine().gradients(
    () => {
      run = forwardPass(tf, plan, x, input)
      const probes = [...run.probes.values()].flatMap((p) => (p.z ? [p.h, p.z] : [p.h]))
      const made = [...run.h.values(), ...run.z.values(), ...probes, ...run.state.map(([, s]) => s)]
      for (const t of [...made, ...Object.values(noises)]) if (t !== x) keep(t)
      for (const { id } of plan.layers) {
        xs.push(run.h.get(id)!)
        if (run.z.has(id)) xs.push(run.z.get(id)!)
      }
      xs.push(...probes)
      const fit = terms.fit(run.output)
      penalty = terms.penalty()
      return penalty ? (tf.add(fit, keep(penalty)) as Scalar) : fit
    },
    xs,
    undefined,
    true
  )
  const gradients = new Map(xs.map((t, i) => [t.id, grads[i] ?? tf.zerosLike(t)]))
  return { run, loss: loss as Scalar, penalty, gradientOf: (t) => gradients.get(t.id) }
}
