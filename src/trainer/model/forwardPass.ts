import { withGradient } from '../../shared/base/native'
import type { Scalar, TF, Tensor } from '../../shared/base/tf'
import type { ForwardContext, ForwardResult } from '../../shared/catalog/layers/types'
import { INPUT, type Plan } from '../../shared/experiment'
import type { NoiseKind } from './scope'

/** What a forward pass reads besides the network's input. */
export interface ForwardInput {
  /** A weight's value by its variable's name, `layer/weight`. */
  weight(name: string): Tensor
  training: boolean
  /** A parameter as a fed scalar. @param value what it is set to */
  scalar(name: string, value: number): Scalar
  noise(name: string, shape: number[], kind: NoiseKind): Tensor
}
/** All that a forward pass makes, by the layers' ids. */
export interface Forward {
  /** Outputs; `INPUT` is the network's input. */
  h: Map<string, Tensor>
  /** Pre-activations of the layers that have one. */
  z: Map<string, Tensor>
  /** Zeros that stand for the states and pre-activations of each time step. */
  probes: Map<string, NonNullable<ForwardResult['probes']>>
  /** New values of weights that aren't trained, by the variable's name. */
  state: [string, Tensor][]
  output: Tensor
}

/** The network's tensors for some inputs. @param x [batch, …inputShape] */
export function forwardPass(tf: TF, plan: Plan, x: Tensor, input: ForwardInput): Forward {
  const out: Forward = { h: new Map([[INPUT, x]]), z: new Map(), probes: new Map(), state: [], output: x }
  for (const layer of plan.layers) {
    const w = Object.fromEntries(layer.weights.map((s) => [s.name, input.weight(`${layer.id}/${s.name}`)]))
    const inputs = layer.inputs.map((i) => out.h.get(i)!)
    const ctx: ForwardContext = {
      training: input.training,
      scalar: (name) => input.scalar(`layers.${layer.id}.${name}`, layer.params[name] as number),
      noise: (name, shape, kind) => input.noise(`${layer.id}/${name}`, shape, kind),
      probe: (_name, shape) => tf.zeros(shape),
      cut: (t) =>
        withGradient(
          tf,
          [t],
          () => tf.clone(t),
          (dy) => [tf.zerosLike(dy)]
        )
    }
    const { h, z, state, probes } = layer.kind.forward(tf, layer.params, inputs, w, ctx)
    // A layer that hands its input on still has an output, and a gradient, of its own.
    out.h.set(layer.id, inputs.includes(h) ? tf.clone(h) : h)
    if (z) out.z.set(layer.id, z)
    if (probes) out.probes.set(layer.id, probes)
    for (const [name, value] of Object.entries(state ?? {})) out.state.push([`${layer.id}/${name}`, value])
  }
  out.output = out.h.get(plan.output!)!
  return out
}
