import type { Text } from '../../base/text'
import type { LayerNode } from '../../experiment'
import type { Counterpart, Ending, ForeignLayer, ForeignModel } from '../foreign'
import type { Fault, FaultCode, ImportedLayer, ImportOptions, Replacement } from '../imported'
import type { NamedTensor } from '../safetensors'

/** A node of ours, with the layer and the weights it comes from. */
export interface Built {
  node: LayerNode
  layer: ForeignLayer
  weights: Record<string, NamedTensor>
  part: Counterpart
}
/** The activation of a layer, where it has one. */
export const activationOf = (b: Built): { id: string } | undefined =>
  b.node.params.activation as { id: string } | undefined

/** An experiment under construction: what a model has become so far, and what is to be said of it. */
export class Draft {
  /** The network's nodes, in order. */
  readonly built: Built[] = []
  readonly faults: Fault[] = []
  readonly replaced: Replacement[] = []
  readonly notes: Text[] = []
  /** Every layer that was read, in order. */
  readonly layers: ImportedLayer[] = []
  /** The function at the model's end that is part of the loss here. */
  ending: Ending | undefined
  private readonly taken = new Set<string>()

  constructor(
    readonly source: ForeignModel,
    private readonly options: ImportOptions
  ) {}

  /** Name of the file of weights that the experiment starts from; undefined where it draws its own. */
  get weightsFile(): string | undefined {
    return this.options.weightsFile
  }
  /** Whether something that is not the same may stand for a layer. */
  may(layer: ForeignLayer): boolean {
    const { replace = [] } = this.options
    return replace.some((r) => r === 'all' || r === layer.name || r === layer.className)
  }
  /** Whether a fault is to be mended. */
  mends(code: FaultCode): boolean {
    return (this.options.mend ?? []).some((m) => m === 'all' || m === code)
  }
  /** Adds a fault. @param always whether it is mended already, as a network with it can't be built here */
  fault(code: FaultCode, layer: string, en: string, zh: string, always = false): void {
    this.faults.push({ code, layer, text: { en, zh }, ...(always && { always }) })
  }
  note(en: string, zh: string): void {
    this.notes.push({ en, zh })
  }
  /** Says of a layer that was read what is not the same here. */
  remark(isOf: (layer: ImportedLayer) => boolean, text: Text): void {
    const read = this.layers.find(isOf)
    if (!read) return
    if (read.state === 'exact') read.state = 'note'
    read.texts = [...read.texts, text]
  }

  /** An id as close to a name as ids may be, that no node has yet. */
  newId(name: string, kind: string): string {
    const stem = name.replace(/[^\w-]+/g, '_').replace(/^[^A-Za-z]+/, '') || kind
    let id = stem === 'input' ? 'input1' : stem
    for (let k = 2; this.taken.has(id); k++) id = `${stem}_${k}`
    this.taken.add(id)
    return id
  }
  /** Adds the i-th node that stands for a layer. @returns its id */
  add(part: Counterpart, layer: ForeignLayer, inputs: string[], i: number): string {
    const id = this.newId(i ? `${layer.name}_${part.kind}` : layer.name, part.kind)
    const given = part.weights ? layer.given() : []
    this.built.push({
      node: {
        id,
        kind: part.kind,
        name: layer.name,
        params: part.params,
        inputs,
        ...(layer.code && { code: layer.code })
      },
      layer,
      part,
      weights: given.length && part.weights ? part.weights(given) : {}
    })
    return id
  }
  /** The last layer that computes: those behind it only put its values into another shape. */
  end(): Built {
    let at = this.built[this.built.length - 1]!
    while (at.node.kind === 'reshape' || at.node.kind === 'flatten') {
      const [from] = at.node.inputs
      const before = this.built.find((b) => b.node.id === from)
      const readers = this.built.filter((b) => b.node.inputs.includes(from!))
      if (!before || readers.length > 1) break
      at = before
    }
    return at
  }
}
