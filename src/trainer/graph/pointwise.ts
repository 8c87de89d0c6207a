import type { Binding } from '../../shared/base/binding'
import { intAttr, type TracedOp } from './trace'
import type { ShapeOf } from './work'

/** `Opcode` in native/pointwise.cc, by the name of TensorFlow's operation. */
const OPCODES = new Map(
  Object.entries({ Add: 0, AddV2: 0, Sub: 1, Mul: 2, RealDiv: 3, Square: 4, Sqrt: 5, Neg: 6, Abs: 7 })
)

/** Element-wise operations of one shape that become one. */
interface Group {
  ops: TracedOp[]
  /** As text. */
  shape: string
}

/**
 * Puts element-wise operations that read each other into one `ClinicPointwise`: an optimizer's arithmetic for one
 * weight, for instance. The values are the same to the last bit.
 *
 * A group takes in operations until one outside it reads a result of it, and stands where its last operation stood. So
 * no operation can stand between two parts of a group that it reads and feeds.
 * @param ops in an order in which they can run
 * @param shapeOf the shape of a tensor
 * @param needed numbers of tensors that are read elsewhere
 */
export function fusePointwise(
  binding: Binding,
  ops: readonly TracedOp[],
  shapeOf: ShapeOf,
  needed: ReadonlySet<number>
): TracedOp[] {
  const sizeOf = (id: number): number | undefined => shapeOf(id)?.reduce((a, b) => a * b, 1)
  /** What a group of this operation's shape could be, as text; undefined where it can be in none. */
  const shapeIn = (o: TracedOp): string | undefined => {
    if (!OPCODES.has(o.op) || o.outputs[0]!.dtype !== binding.TF_FLOAT) return undefined
    const shape = shapeOf(o.outputs[0]!.id)?.join()
    const fits = o.inputs.every((i) => sizeOf(i) === 1 || shapeOf(i)?.join() === shape)
    return fits && sizeOf(o.outputs[0]!.id)! > 1 ? shape : undefined
  }
  /** The group that made a tensor and may still grow. */
  const open = new Map<number, Group>()
  const groupOf = new Map<TracedOp, Group>()
  for (const o of ops) {
    const shape = shapeIn(o)
    const before = new Set(o.inputs.map((i) => open.get(i)).filter((g) => g !== undefined))
    const joined = [...before].filter((g) => g.shape === shape)
    for (const g of before) if (!joined.includes(g)) close(g)
    if (shape === undefined) continue
    const into: Group = joined[0] ?? { ops: [], shape }
    for (const other of joined.slice(1)) {
      into.ops.push(...other.ops)
      for (const p of other.ops) put(p, into)
    }
    into.ops.push(o)
    put(o, into)
  }
  const readers = new Map<number, Set<Group | undefined>>()
  for (const o of ops)
    for (const i of o.inputs) {
      if (!readers.has(i)) readers.set(i, new Set())
      readers.get(i)!.add(groupOf.get(o))
    }
  return ops.flatMap((o) => {
    const g = groupOf.get(o)
    if (!g || g.ops.length < 2) return [o]
    return o === g.ops[g.ops.length - 1] ? [fused(g)] : []
  })

  function put(o: TracedOp, g: Group): void {
    groupOf.set(o, g)
    open.set(o.outputs[0]!.id, g)
  }
  function close(g: Group): void {
    for (const o of g.ops) open.delete(o.outputs[0]!.id)
  }
  function fused(g: Group): TracedOp {
    const own = new Set(g.ops.map((o) => o.outputs[0]!.id))
    const full = (id: number): boolean => sizeOf(id) !== 1
    const outside = [...new Set(g.ops.flatMap((o) => o.inputs))].filter((i) => !own.has(i))
    // The first has the shape of the outputs.
    const inputs = [...outside.filter(full), ...outside.filter((i) => !full(i))]
    const register = new Map(inputs.map((i, at) => [i, at]))
    const outputs: TracedOp['outputs'] = []
    const program = g.ops.flatMap((o, at) => {
      const out = o.outputs[0]!
      register.set(out.id, inputs.length + at)
      const read = needed.has(out.id) || [...(readers.get(out.id) ?? [])].some((r) => r !== g)
      if (read) outputs.push(out)
      const [a, b = a] = o.inputs.map((i) => register.get(i)!)
      return [OPCODES.get(o.op)!, a!, b!, read ? outputs.length - 1 : -1]
    })
    return {
      op: 'ClinicPointwise',
      attrs: [
        intAttr(binding, 'N', inputs.length),
        intAttr(binding, 'M', outputs.length),
        intAttr(binding, 'program', program)
      ],
      inputs,
      outputs
    }
  }
}
