import { Message } from './protobuf'

/** Numbers of TensorFlow's types (tensorflow/core/framework/types.proto). */
export const DType = { float: 1, double: 2, int32: 3, string: 7, int64: 9, bool: 10, resource: 20 } as const

/** Fields of AttrValue (attr_value.proto): s 2, i 3, f 4, b 5, type 6, shape 7, tensor 8, list 1. */
const attr = (): Message => new Message()
const shapeOf = (shape: readonly number[]): Message =>
  shape.reduce((m, d) => m.put(2, new Message().int(1, d)), new Message())

/** Values of node attributes. */
export const Attr = {
  type: (t: number) => attr().int(6, t),
  bool: (b: boolean) => attr().int(5, b ? 1 : 0),
  int: (n: number) => attr().int(3, n),
  float: (x: number) => attr().float(4, x),
  string: (s: string) => attr().put(2, s),
  shape: (s: readonly number[]) => attr().put(7, shapeOf(s)),
  ints: (a: readonly number[]) =>
    attr().put(
      1,
      a.reduce((m, n) => m.int(3, n), new Message())
    ),
  floats: (a: readonly number[]) =>
    attr().put(
      1,
      a.reduce((m, n) => m.float(4, n), new Message())
    ),
  types: (a: readonly number[]) =>
    attr().put(
      1,
      a.reduce((m, n) => m.int(6, n), new Message())
    ),
  bools: (a: readonly boolean[]) =>
    attr().put(
      1,
      a.reduce((m, n) => m.int(5, n ? 1 : 0), new Message())
    ),
  /** @param data little-endian, row-major. */
  tensor: (dtype: number, shape: readonly number[], data: Uint8Array) =>
    attr().put(8, new Message().int(1, dtype).put(2, shapeOf(shape)).put(4, data))
}

/** A TensorFlow graph under construction. Outputs of nodes are named `node` (the first) or `node:2`. */
export class GraphDef {
  private readonly nodes: Message[] = []
  private readonly constants = new Map<string, string>()
  private count = 0

  get size(): number {
    return this.nodes.length
  }
  /** Adds a node. @param control nodes that must have run before it. @returns its name */
  node(
    op: string,
    inputs: readonly string[],
    attrs: Record<string, Message> = {},
    name = `n${this.count++}`,
    control: readonly string[] = []
  ): string {
    const m = new Message().put(1, name).put(2, op)
    for (const i of inputs) m.put(3, i)
    for (const c of control) m.put(3, `^${c.replace(/:\d+$/, '')}`)
    for (const [k, v] of Object.entries(attrs)) m.put(5, new Message().put(1, k).put(2, v))
    this.nodes.push(m)
    return name
  }
  /** A constant; equal ones are one node. */
  constant(dtype: number, shape: readonly number[], data: ArrayBufferView): string {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const key = bytes.length <= 1024 ? `${dtype}/${shape.join()}/${bytes.join()}` : undefined
    const known = key && this.constants.get(key)
    if (known) return known
    const name = this.node('Const', [], { dtype: Attr.type(dtype), value: Attr.tensor(dtype, shape, bytes) })
    if (key) this.constants.set(key, name)
    return name
  }
  placeholder(name: string, dtype: number, shape: readonly number[]): string {
    return this.node('Placeholder', [], { dtype: Attr.type(dtype), shape: Attr.shape(shape) }, name)
  }
  /** The bytes of a `saved_model.pb` with this graph under the tag `serve`. */
  savedModel(): Uint8Array {
    const graph = new Message()
    for (const n of this.nodes) graph.put(1, n)
    // The producer version decides which old behaviours apply: 1087 is TensorFlow 2.9's.
    graph.put(4, new Message().int(1, 1087))
    const meta = new Message().put(1, new Message().put(4, 'serve').put(5, '2.9.1')).put(2, graph)
    return new Message().int(1, 1).put(2, meta).done()
  }
}
