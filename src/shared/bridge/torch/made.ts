import type { ForeignLayer, Mapped, Unmapped } from '../foreign'
import type { NamedTensor } from '../safetensors'
import { refuse, type TorchNode, type Value } from './call'

/** The calls of a model, and its weights by name. */
export interface TorchGraph {
  nodes: TorchNode[]
  output: string
  input: { shape: number[]; integer: boolean }
  weight: (name: string) => NamedTensor | undefined
  /** What the optimizer keeps of a weight, by our name of the slot. */
  moment?: (slot: string, name: string) => NamedTensor | undefined
}

/** What a call gives, but for its shape, which its node says. */
export type Given = Omit<Value, 'shape'>

/** The layers that have been made of a model so far, and the weights that they have taken. */
export class Made {
  readonly layers: ForeignLayer[] = []
  /** The softmax that ends the model, which is part of the loss here. */
  ending: 'softmax' | 'logSoftmax' | undefined
  /** Modules and parameters whose weights are taken. */
  private readonly paths = new Set<string>()
  private readonly names = new Set<string>()

  constructor(private readonly graph: Pick<TorchGraph, 'weight' | 'moment'>) {}

  private nameOf(node: TorchNode): string {
    const stem = node.call === 'module' && node.path ? node.path : node.op
    let name = stem
    for (let k = 2; this.names.has(name); k++) name = `${stem}_${k}`
    this.names.add(name)
    return name
  }
  /** The layer of a name; undefined for the model's input. */
  find(name: string): ForeignLayer | undefined {
    return this.layers.find((l) => l.name === name)
  }
  /** The weight of a name, where the file has it. */
  weight(name: string): NamedTensor | undefined {
    return this.graph.weight(name)
  }
  /**
   * Makes a layer of a call.
   * @param inputs names of the layers that it reads
   * @returns the name of the layer
   */
  push(
    node: TorchNode,
    inputs: string[],
    mapped: Mapped | Unmapped,
    given: NamedTensor[] = [],
    moments?: ForeignLayer['moments']
  ): string {
    const name = this.nameOf(node)
    const { code } = node
    this.layers.push({
      name,
      className: node.op,
      inputs,
      mapped,
      given: () => given,
      ...(moments && { moments }),
      ...(code && { code })
    })
    return name
  }
  /** What the optimizer keeps of a module's weights; nothing where it lacks one that is trained. */
  momentsOf(names: string[]): ForeignLayer['moments'] {
    const { moment } = this.graph
    return (
      moment &&
      ((slot) => {
        const all = names.map((n) => moment(slot, n))
        return names.some((n, i) => !all[i] && !/(^|\.)running_(mean|var)$/.test(n)) ? undefined : all
      })
    )
  }
  /**
   * Names of a module's weights in PyTorch's order; trainable ones first.
   * @throws InputError for a module that is called twice
   */
  weightsOf(node: TorchNode): string[] {
    const names = node.settings?.tensors
    if (node.call !== 'module' || !Array.isArray(names)) return []
    const path = node.path ?? ''
    this.useOnce(path)
    return (names as unknown[])
      .map((n) => (path ? `${path}.${String(n)}` : String(n)))
      .filter((n) => this.graph.weight(n))
  }
  /** @throws InputError where the weights of a module, or a parameter, were used before */
  useOnce(path: string): void {
    if (this.paths.has(path))
      refuse(
        `layer ${path}`,
        'is used several times with the same weights, and shared layers are not supported',
        '以同一组权重被多次使用，而不支持共享层',
        'give each place a layer of its own',
        '请为每处单独建层'
      )
    this.paths.add(path)
  }
}
