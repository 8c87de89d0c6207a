import { kerasConfig, type KerasLayer } from '../../base/keras'
import { snakeCase } from '../../bridge/keras/graph'
import type { WeightSpec } from '../../catalog/layers/types'

/** One layer of a Keras model as it stands in the model. */
export interface KerasNode {
  /** There; unique. */
  name: string
  layer: KerasLayer
  /** Names of what it reads; `input` is the model's input. */
  inputs: readonly string[]
  /** The layer here that it stands for, and its weights. */
  id: string
  specs: readonly WeightSpec[]
  /** Shape of the output of the layer here. */
  shape: readonly number[]
}
/** Name of the layer that stands for the model's input. */
export const ENTRY = 'input'

/**
 * Names of the layers as a functional model of Keras lists them: those farthest from the output first, and among
 * equally far ones by a depth-first walk from the output (`map_graph` of keras/src/ops/function.py).
 */
function listed(nodes: readonly KerasNode[], output: string): string[] {
  const of = new Map(nodes.map((n) => [n.name, n.inputs]))
  const met: string[] = []
  const left: string[] = []
  const visit = (name: string): void => {
    if (met.includes(name)) return
    met.push(name)
    of.get(name)?.forEach(visit)
    left.push(name)
  }
  visit(output)
  const depth = new Map(left.map((name) => [name, 0]))
  for (const name of [...left].reverse())
    for (const input of of.get(name) ?? []) depth.set(input, Math.max(depth.get(input)!, depth.get(name)! + 1))
  return [...met].sort((a, b) => depth.get(b)! - depth.get(a)!)
}

/** Groups of a file of weights in which Keras keeps each layer, by its name: its class, counted (saving_lib.py). */
export function places(nodes: readonly KerasNode[], output: string): Map<string, string> {
  const of = new Map(nodes.map((n) => [n.name, n]))
  const counts = new Map<string, number>()
  return new Map(
    listed(nodes, output).map((name) => {
      const stem = snakeCase(of.get(name)?.layer.object.class ?? 'InputLayer')
      const n = counts.get(stem) ?? 0
      counts.set(stem, n + 1)
      return [name, `layers/${n ? `${stem}_${n}` : stem}`]
    })
  )
}

/** The model as `config.json` of a `.keras` file; undefined where a layer's class is the project's own. */
export function configOf(
  nodes: readonly KerasNode[],
  output: string,
  inputShape: readonly number[]
): object | undefined {
  const shapes = new Map([[ENTRY, inputShape], ...nodes.map((n) => [n.name, n.shape] as const)])
  const read = (name: string): object => ({
    class_name: '__keras_tensor__',
    config: { shape: [null, ...shapes.get(name)!], dtype: 'float32', keras_history: [name, 0, 0] }
  })
  const input = {
    module: 'keras.layers',
    class_name: 'InputLayer',
    config: { batch_shape: [null, ...inputShape], dtype: 'float32', name: ENTRY },
    registered_name: null,
    name: ENTRY,
    inbound_nodes: []
  }
  const layers = nodes.map(({ name, layer, inputs }) => {
    const config = kerasConfig(layer.object, { name })
    const merges = ['Add', 'Concatenate'].includes(layer.object.class)
    const args = inputs.map(read)
    return config && { ...config, name, inbound_nodes: [{ args: merges ? [args] : args, kwargs: {} }] }
  })
  if (layers.includes(undefined)) return undefined
  return {
    module: 'keras.src.models.functional',
    class_name: 'Functional',
    config: {
      name: 'functional',
      trainable: true,
      layers: [input, ...layers],
      input_layers: [ENTRY, 0, 0],
      output_layers: [output, 0, 0]
    },
    registered_name: 'Functional'
  }
}
