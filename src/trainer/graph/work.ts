import { sizeOf } from '../../shared/base/sizeOf'
import { attributeOf, type TracedOp } from './trace'

/** Tells the shape of a tensor, which everything that an operation reads must have. */
export type ShapeOf = (id: number) => readonly number[] | undefined

/** What `layers` of a chain tells of each layer, as in native/chain.cc: its activation in two bits, and flags. */
export const ACTIVATIONS = { relu: 1, sigmoid: 2, tanh: 3 }
/** The bits of the activation. */
const ACTIVATION = 3
export const THERE = { sums: 4 }
const BACK = { bias: 4, dx: 8, dw: 16 }
/** The flags of a layer's backward pass. */
export const flagsOf = (o: TracedOp): number =>
  Object.entries(BACK).reduce((sum, [name, flag]) => sum | (attributeOf(o, name) ? flag : 0), 0)

/**
 * Multiply–adds of each product of matrices in an operation, empty where it has none. Undefined for an operation that
 * computes on TensorFlow's threads for long, and so had better run beside others.
 */
export function productsOf(o: TracedOp, shapeOf: ShapeOf): number[] | undefined {
  const shape = (id: number | undefined): readonly number[] => (id === undefined ? undefined : shapeOf(id)) ?? []
  const size = (id: number | undefined): number => sizeOf(shape(id))
  const [a, b] = o.inputs
  if (o.op.startsWith('Conv') || o.op.startsWith('DepthwiseConv')) return undefined
  // m·k, k·n and m·n numbers, whichever side is transposed.
  if (/^(MatMul|BatchMatMulV2|ClinicMatMul|ClinicDense)$/.test(o.op))
    return [Math.sqrt(size(a) * size(b) * size(o.outputs[0]!.id))]
  if (o.op === 'ClinicChain') {
    const [batch] = shape(a)
    return o.inputs.filter((_, i) => i % 2 === 1).map((w) => batch! * size(w))
  }
  if (o.op === 'ClinicDenseGrad') return backward(o, [flagsOf(o) | (attributeOf(o, 'relu') ? ACTIVATIONS.relu : 0)])
  if (o.op === 'ClinicChainGrad') return backward(o, attributeOf(o, 'layers') as number[])
  // A product of [batch, units] and the recurrent weights [units, 4·units] at each time.
  if (o.op === 'ClinicLstm') return [size(a) * Math.sqrt(size(b) / 4)]
  if (o.op === 'ClinicLstmGrad') return [4 * size(o.inputs[2]) * Math.sqrt(size(b) / 4)]
  return []

  function backward(o: TracedOp, layers: readonly number[]): number[] {
    const [batch, first] = shape(o.inputs[0])
    let units = first!
    let at = 1
    return layers.flatMap((flags) => {
      if (flags & ACTIVATION) at++
      const w = flags & BACK.dx ? o.inputs[at++] : undefined
      const x = flags & BACK.dw ? o.inputs[at++] : undefined
      const works = [...(w === undefined ? [] : [batch! * size(w)]), ...(x === undefined ? [] : [size(x) * units])]
      if (w !== undefined) units = shape(w)[0]!
      return works
    })
  }
}
