import { problem, type Problem } from '../../base/problems'
import { sizeOf } from '../../base/sizeOf'
import { layers } from '../../catalog/layers'
import { ShapeError, type Shape } from '../../catalog/layers/types'
import { INPUT, type Network } from '../types'
import { expand } from './expand'
import { pathOf } from './path'
import type { Plan } from './types'

/** Shapes, weights and counts of every layer instance, and all that is wrong with the network. Never throws. */
export function planNetwork(network: Network, inputShape: Shape): Plan {
  const problems: Problem[] = []
  const plan: Plan = { layers: [], inputShape, paramCount: 0, problems }
  if (!network.nodes.length) {
    problems.push(problem('network.nodes', 'the network is empty: add a layer', '网络是空的：请添加一层'))
    return plan
  }
  const { flat, output } = expand(network, problems)
  if (problems.some((p) => p.path === 'network.nodes')) return plan
  const shapes = new Map<string, Shape>([[INPUT, inputShape]])
  const told = new Set<string>()
  for (const f of flat) {
    const kind = layers.get(f.kind)
    const path = pathOf(f.node)
    const tell = (where: string, en: string, zh: string): void => {
      // One message per node, not one per copy.
      if (!told.has(f.node)) problems.push(problem(where, en, zh, { node: f.node }))
      told.add(f.node)
    }
    if (f.inputs.length < kind.inputs.min || f.inputs.length > kind.inputs.max) {
      const want =
        kind.inputs.min === kind.inputs.max
          ? `${kind.inputs.min}`
          : kind.inputs.max === Infinity
            ? `≥ ${kind.inputs.min}`
            : `${kind.inputs.min}–${kind.inputs.max}`
      tell(
        `${path}.inputs`,
        `has ${f.inputs.length} inputs, needs ${want}: connect it`,
        `有 ${f.inputs.length} 个输入，需要 ${want} 个：请连接`
      )
      continue
    }
    const inputShapes = f.inputs.map((i) => shapes.get(i))
    if (inputShapes.some((s) => !s)) continue // The layer before it already has a message.
    try {
      const ins = inputShapes as Shape[]
      const outputShape = kind.infer(f.params, ins)
      const weights = kind.weights(f.params, ins)
      const paramCount = weights.filter((w) => w.trainable !== false).reduce((a, w) => a + sizeOf(w.shape), 0)
      const activation = kind.activation?.(f.params)
      shapes.set(f.id, outputShape)
      plan.layers.push({
        index: plan.layers.length,
        id: f.id,
        node: f.node,
        ...(f.copy !== undefined && { copy: f.copy }),
        name: f.name,
        kind,
        params: f.params,
        inputs: f.inputs,
        inputShapes: ins,
        outputShape,
        weights,
        paramCount,
        main: weights.some((w) => w.role === 'kernel'),
        ...(activation && { activation })
      })
      plan.paramCount += paramCount
    } catch (e) {
      if (!(e instanceof ShapeError)) throw e
      tell(path, e.text.en, e.text.zh)
    }
  }
  if (output !== undefined && shapes.has(output) && output !== INPUT) {
    plan.output = output
    plan.outputShape = shapes.get(output)!
  }
  return plan
}
