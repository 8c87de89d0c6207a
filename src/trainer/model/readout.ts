import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { WeightSpec } from '../../shared/catalog/layers/types'
import { globalNorm } from '../../shared/catalog/statistics/parts/fused'
import type { Source } from '../../shared/catalog/statistics/types'
import type { Plan, PlanLayer } from '../../shared/experiment'
import { makeShare, type Measurement, type Sources } from '../measure'
import type { Backward } from './backwardPass'
import type { TrainableWeight } from './penalties'
import type { StepScope } from './scope'

/** What precedes the statistics in `StepOutput.flat`; for a critic its largest gradient norm follows. */
export const HEAD = ['loss', 'penalty', 'gradientNorm']

/** Names of a layer's trainable variables of one role. */
export const weightsOfRole = (layer: PlanLayer, role: WeightSpec['role']): string[] =>
  layer.weights.filter((w) => w.role === role && w.trainable !== false).map((w) => `${layer.id}/${w.name}`)

/** Values of a step's weights by name, before and after it. */
export interface WeightValues {
  before(name: string): Tensor
  after(name: string): Tensor
}

/** What statistics read of each layer. */
function sources(tf: TF, plan: Plan, { run, gradientOf }: Backward, weights: WeightValues): Sources[] {
  const joined = (list: Tensor[]): Tensor | undefined =>
    list.length > 1 ? tf.concat(list.map((t) => tf.reshape(t, [-1]))) : list[0]
  const { before, after } = weights
  return plan.layers.map((layer) => {
    const kernels = weightsOfRole(layer, 'kernel')
    const biases = weightsOfRole(layer, 'bias')
    const h = run.h.get(layer.id)!
    const z = run.z.get(layer.id)
    const probes = run.probes.get(layer.id)
    const all: Record<Source, Tensor | undefined> = {
      activation: h,
      preActivation: z,
      activationGradient: gradientOf(h),
      preActivationGradient: z && gradientOf(probes?.z ?? z),
      stateGradient: probes && gradientOf(probes.h),
      kernel: joined(kernels.map(before)),
      kernelGradient: joined(kernels.map((name) => gradientOf(before(name))!)),
      kernelUpdate: joined(kernels.map((name) => tf.sub(after(name), before(name)))),
      bias: joined(biases.map(before)),
      biasGradient: joined(biases.map((name) => gradientOf(before(name))!))
    }
    return all as Sources
  })
}

/**
 * All that is recorded of a step, as `StepOutput.flat`.
 * @param gradients of all trainable weights, as backpropagation gives them
 * @param criticGradient the largest gradient norm of a critic
 */
export function readout(
  tf: TF,
  plan: Plan,
  measurement: Measurement,
  backward: Backward,
  gradients: readonly Tensor[],
  weights: WeightValues,
  criticGradient: (() => Scalar) | undefined
): Tensor {
  const { run, loss, penalty } = backward
  const share = makeShare()
  const gradientNorm = globalNorm(tf, [...gradients], share)
  const values = measurement.compute(tf, sources(tf, plan, backward, weights), share)
  const head = [loss, penalty ?? tf.scalar(0), gradientNorm, ...(criticGradient ? [criticGradient()] : [])]
  return tf.concat([tf.stack(head), ...values, tf.reshape(run.output, [-1])] as never[])
}

/** Every tensor of a step by a readable name. */
export function namedTensors(
  scope: StepScope,
  plan: Plan,
  { run, gradientOf }: Backward,
  weights: readonly TrainableWeight[]
): Record<string, Tensor> {
  const out: Record<string, Tensor> = {}
  for (const { id } of plan.layers) {
    const [h, z, probes] = [run.h.get(id)!, run.z.get(id), run.probes.get(id)]
    out[`activations/${id}`] = h
    out[`activation_gradients/${id}`] = gradientOf(h)!
    if (z) {
      out[`pre_activations/${id}`] = z
      out[`pre_activation_gradients/${id}`] = gradientOf(probes?.z ?? z)!
    }
    if (probes) out[`state_gradients/${id}`] = gradientOf(probes.h)!
  }
  for (const { variable, value } of weights) out[`weight_gradients/${variable.name}`] = gradientOf(value)!
  return { ...out, ...scope.noises, ...scope.named }
}
