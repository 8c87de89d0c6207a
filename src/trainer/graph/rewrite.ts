import type { Binding, OpAttr } from '../../shared/base/binding'
import { fuseAlike } from './alike'
import { fuseChains } from './chain'
import { fuseDense } from './dense'
import { fusePointwise } from './pointwise'
import { attributeOf, intAttr, type Trace, type TracedOp } from './trace'
import { isWide } from './turns'
import { ACTIVATIONS, type ShapeOf } from './work'

/** A trace with shapes of everything it reads, ready to become nodes. */
export interface Rewritten {
  ops: TracedOp[]
  /** Stands for: number of a tensor → number of the equal tensor to read instead. */
  alias(id: number): number
  shapeOf: ShapeOf
}

/** A trace of fewer operations, all of them TensorFlow's. */
export interface Simplified extends Rewritten {
  /** Numbers that are read elsewhere, and of these the ones that are asked for. */
  read: ReadonlySet<number>
  asked: ReadonlySet<number>
}

/** Whether there are the product's own ops, and whether several operations run at a time or one after the other. */
export type Own = 'none' | 'several' | 'inTurn'

/** Those of the product's own ops that can tell whether others could use the threads: `ALONE` in native/ops.h. */
const TOLD = /^Clinic(Measure|Activation|Pointwise|PointwiseSets|MatMul|Dense|DenseGrad|BatchNorm|BatchNormGrad)$/
function alone(binding: Binding, o: TracedOp): TracedOp {
  if (!TOLD.test(o.op)) return o
  return { ...o, attrs: [...o.attrs, { name: 'alone', type: binding.TF_ATTR_BOOL, value: true }] }
}

/** Bytes up to which constants are compared: single numbers and shapes, which each variable brings anew. */
const SMALL = 64
/** Number of a small constant → number of the first that is equal to it. */
function equalConstants(constants: Trace['constants']): Map<number, number> {
  const aliases = new Map<number, number>()
  const first = new Map<string, number>()
  for (const [id, { dtype, shape, data }] of constants) {
    if (data.byteLength > SMALL) continue
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const key = `${dtype}/${shape.join()}/${bytes.join()}`
    const known = first.get(key)
    if (known === undefined) first.set(key, id)
    else aliases.set(id, known)
  }
  return aliases
}

/**
 * Makes a trace cheaper without changing what it computes: products of matrices as `MatMul` (which TensorFlow fuses and
 * runs faster than the batched one tfjs asks for), no reshapes to the same shape, no taking apart of what was just put
 * together, equal operations once, and nothing that no result needs.
 * @param shapes of the trace's inputs. @param results numbers that are needed
 * @param anchors numbers that are needed where TensorFlow would fuse what makes them
 */
export function simplify(
  binding: Binding,
  trace: Trace,
  shapes: readonly number[][],
  results: readonly number[],
  anchors: readonly number[]
): Simplified {
  const shape = new Map<number, readonly number[]>()
  trace.inputs.forEach((id, i) => shape.set(id, shapes[i]!))
  for (const [id, c] of trace.constants) shape.set(id, c.shape)
  const aliases = equalConstants(trace.constants)
  const alias = (id: number): number => aliases.get(id) ?? id
  const seen = new Map<string, TracedOp>()
  const ops: TracedOp[] = []
  const packs = new Map<number, number[]>()

  for (const original of trace.ops) {
    const o: TracedOp = { ...original, inputs: original.inputs.map(alias) }
    for (const out of o.outputs) shape.set(out.id, out.shape)
    const first = o.inputs[0]!
    if (o.op === 'Identity' || ((o.op === 'Reshape' || o.op === 'Sum') && unchanged(o))) {
      aliases.set(o.outputs[0]!.id, first)
      continue
    }
    if (o.op === 'BatchMatMulV2' && o.inputs.every((i) => shape.get(i)?.length === 2)) {
      const bool = (name: string, value: unknown): OpAttr => ({
        name,
        type: binding.TF_ATTR_BOOL,
        value: Boolean(value)
      })
      o.attrs = [
        ...o.attrs.filter((a) => a.name === 'T'),
        bool('transpose_a', attributeOf(o, 'adj_x')),
        bool('transpose_b', attributeOf(o, 'adj_y'))
      ]
      o.op = 'MatMul'
    }
    if (o.op === 'Unpack' && attributeOf(o, 'axis') === 0) {
      // Parts of what was put together of them.
      const parts = packs.get(first)
      if (parts?.length === o.outputs.length) {
        o.outputs.forEach((out, k) => aliases.set(out.id, parts[k]!))
        continue
      }
    }
    // Stateful ops never get here, so the same op on the same inputs is the same value.
    const key = `${o.op}/${o.inputs.join()}/${JSON.stringify(o.attrs)}`
    const twin = seen.get(key)
    if (twin) {
      o.outputs.forEach((out, k) => aliases.set(out.id, twin.outputs[k]!.id))
      continue
    }
    seen.set(key, o)
    if (o.op === 'Pack' && attributeOf(o, 'axis') === 0) packs.set(o.outputs[0]!.id, o.inputs)
    ops.push(o)
  }

  const asked = new Set(results.map(alias))
  const read = new Set([...asked, ...anchors.map(alias)])
  const needed = new Set(read)
  const kept: TracedOp[] = []
  for (let i = ops.length - 1; i >= 0; i--) {
    const o = ops[i]!
    if (!o.outputs.some((out) => needed.has(out.id))) continue
    for (const id of o.inputs) needed.add(id)
    kept.push(o)
  }
  kept.reverse()
  const shapeOf: ShapeOf = (id) => shape.get(id)
  return { ops: kept, alias, shapeOf, read, asked }

  /** The output has the shape of the first input: a reshape to it, or a sum over no axis that matters. */
  function unchanged(o: TracedOp): boolean {
    const from = shape.get(o.inputs[0]!)
    const same = from !== undefined && from.join() === o.outputs[0]!.shape.join()
    if (o.op === 'Reshape') return same
    const axes = trace.constants.get(o.inputs[1]!)
    return same && axes !== undefined && axes.shape.join() === '0'
  }
}

/** Puts dense layers and element-wise operations together, where there are ops of the product's own. */
export function fuse(binding: Binding, simplified: Simplified, own: Own): Rewritten {
  const { ops, alias, shapeOf, read, asked } = simplified
  const made = (ops: TracedOp[]): Rewritten => ({ ops, alias, shapeOf })
  if (own === 'none') return made(ops)
  const dense = fuseDense(binding, ops, shapeOf, read, own === 'inTurn')
  if (own === 'several') return made(nearer(binding, fusePointwise(binding, dense, shapeOf, read)))
  const chains = nearer(
    binding,
    fuseChains(binding, dense, (o) => isWide(o, shapeOf), asked)
  )
  const alike = fuseAlike(binding, fusePointwise(binding, chains, shapeOf, read), shapeOf, read)
  return made(alike.map((o) => alone(binding, o)))
}

/** Sigmoid and tanh with fewer digits lost than in TensorFlow's (native/activation.cc). */
function nearer(binding: Binding, ops: readonly TracedOp[]): TracedOp[] {
  return ops.map((o) => {
    const f = o.op === 'Sigmoid' ? ACTIVATIONS.sigmoid : o.op === 'Tanh' ? ACTIVATIONS.tanh : undefined
    if (f === undefined || o.outputs[0]!.dtype !== binding.TF_FLOAT) return o
    return { ...o, op: 'ClinicActivation', attrs: [intAttr(binding, 'f', f)] }
  })
}
