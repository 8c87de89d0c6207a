import type { Binding, OpAttr } from '../../shared/base/binding'
import { linksOf } from './links'
import { attributeOf, intAttr, type TracedOp } from './trace'
import type { ShapeOf } from './work'

/** What a product of two matrices is in a dense layer's step, by which of its sides are transposed. */
type Role = 'forward' | 'dx' | 'dw' | 'other'
function roleOf(o: TracedOp): Role {
  const [a, b] = [Boolean(attributeOf(o, 'transpose_a')), Boolean(attributeOf(o, 'transpose_b'))]
  return a ? (b ? 'other' : 'dw') : b ? 'dx' : 'forward'
}

/** Multiply–adds below which a product of the product's own is faster than TensorFlow's. */
const SMALL = 2 ** 21
/** Multiply–adds from which it is faster again, on all threads: `SHARED` in native/product.cc. */
const LARGE = 2 ** 24

/** What a layer's backward pass reads one gradient for. */
interface Backward {
  relu?: TracedOp
  bias?: TracedOp
  dx?: TracedOp
  dw?: TracedOp
}

/**
 * Puts products of matrices into the product's own ops (native/dense.cc), where these are faster: a dense layer's
 * forward pass with its bias and ReLU, and its backward pass. The gradient of the weights is part of the latter where
 * the products are large, which then share the processor's cores. Where they are small, TensorFlow computes it while
 * the gradient goes on to the layer below.
 *
 * TensorFlow adds up the terms of a product in another order, so that the last bits differ from an eager step's.
 * @param ops in an order in which they can run @param shapeOf the shape of a tensor
 * @param needed numbers of tensors that are read elsewhere
 * @param inTurn whether operations run one after the other; then products of any size are faster so
 */
export function fuseDense(
  binding: Binding,
  ops: readonly TracedOp[],
  shapeOf: ShapeOf,
  needed: ReadonlySet<number>,
  inTurn: boolean
): TracedOp[] {
  const { made, readers } = linksOf(ops)
  const workOf = (o: TracedOp): number => {
    const [m, n] = o.outputs[0]!.shape as [number, number]
    return m * n * (shapeOf(o.inputs[0]!)?.[attributeOf(o, 'transpose_a') ? 0 : 1] ?? NaN)
  }
  const isFaster = (work: number): boolean => inTurn || work < SMALL || work >= LARGE
  const isProduct = (o: TracedOp): boolean =>
    o.op === 'MatMul' && o.outputs[0]!.dtype === binding.TF_FLOAT && isFaster(workOf(o))
  /** The one operation that reads a tensor which nobody else asks for. */
  const onlyReader = (o: TracedOp): TracedOp | undefined => {
    const id = o.outputs[0]!.id
    const list = readers.get(id)
    return list?.length === 1 && !needed.has(id) && list[0]!.inputs[0] === id ? list[0] : undefined
  }

  const replaced = new Map<TracedOp, TracedOp | undefined>()
  for (const o of ops) if (isProduct(o) && roleOf(o) === 'forward') forward(o)
  ops.forEach((o, at) => backward(o, at))
  for (const o of ops) if (isProduct(o) && !replaced.has(o)) replaced.set(o, product(o))
  return ops.flatMap((o) => (replaced.has(o) ? (replaced.get(o) ?? []) : [o]))

  function bool(name: string, value: unknown): OpAttr {
    return { name, type: binding.TF_ATTR_BOOL, value: Boolean(value) }
  }
  function product(o: TracedOp): TracedOp {
    const side = (name: string): OpAttr => bool(name, attributeOf(o, name))
    return { ...o, op: 'ClinicMatMul', attrs: [side('transpose_a'), side('transpose_b')] }
  }
  function forward(o: TracedOp): void {
    const bias = onlyReader(o)
    if (bias?.op !== 'BiasAdd') return
    const next = onlyReader(bias)
    const relu = next?.op === 'Relu' ? next : undefined
    replaced.set(o, undefined)
    replaced.set(bias, undefined)
    replaced.set(relu ?? bias, {
      op: 'ClinicDense',
      attrs: [bool('relu', relu)],
      inputs: [...o.inputs, bias.inputs[1]!],
      outputs: (relu ?? bias).outputs
    })
  }
  /**
   * Takes what reads a gradient into the operation that stands first. The inputs of the others must be there by then,
   * and none may stand before it, since what it makes could be read between.
   */
  function backward(o: TracedOp, at: number): void {
    if (replaced.has(o)) return
    const relu = o.op === 'ReluGrad' && o.outputs[0]!.shape.length === 2 ? o : undefined
    const dz = relu ? o.outputs[0]!.id : gradientOf(o)
    if (dz === undefined) return
    const found: Backward = { ...(relu && { relu }) }
    const ready = (id: number): boolean => (made.get(id) ?? -1) < at
    for (const r of readers.get(dz) ?? []) {
      const role = r.op === 'BiasAddGrad' ? 'bias' : isProduct(r) ? roleOf(r) : 'other'
      if (role === 'other' || role === 'forward' || gradientOf(r) !== dz || found[role] || replaced.has(r)) continue
      if (made.get(r.outputs[0]!.id)! < at) continue
      if (role === 'dw' && !inTurn && workOf(r) < LARGE) continue
      if (r.inputs.every((i) => i === dz || ready(i))) found[role] = r
    }
    const members = Object.values(found) as TracedOp[]
    if (members.length < 2 || !members.includes(o) || !(readers.get(dz) ?? []).some(isProduct)) return
    const inputs = [
      ...(relu?.inputs ?? [dz]),
      ...(found.dx ? [found.dx.inputs[1]!] : []),
      ...(found.dw ? [found.dw.inputs[0]!] : [])
    ]
    const outputs = [found.relu, found.bias, found.dx, found.dw].flatMap((m) => m?.outputs ?? [])
    for (const m of members) replaced.set(m, undefined)
    replaced.set(o, {
      op: 'ClinicDenseGrad',
      attrs: [
        intAttr(binding, 'N', inputs.length),
        intAttr(binding, 'M', outputs.length),
        bool('relu', relu),
        bool('bias', found.bias),
        bool('dx', found.dx),
        bool('dw', found.dw)
      ],
      inputs,
      outputs
    })
  }
  /** The gradient of a layer's sums that an operation reads, if it can be a part of its backward pass. */
  function gradientOf(o: TracedOp): number | undefined {
    if (o.op === 'BiasAddGrad') return shapeOf(o.inputs[0]!)?.length === 2 ? o.inputs[0] : undefined
    if (!isProduct(o)) return undefined
    const role = roleOf(o)
    const [a, b] = o.inputs
    return a === b ? undefined : role === 'dx' ? a : role === 'dw' ? b : undefined
  }
}
