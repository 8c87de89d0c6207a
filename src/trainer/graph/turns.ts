import { type Trace, type TracedOp } from './trace'

/** A trace and the shapes of its inputs. */
interface Traced {
  trace: Trace
  shapes: readonly (readonly number[])[]
}

/** Multiply–adds from which a product takes less time on all threads than several of them do on one thread each. */
const WIDE = 2 ** 23
/** Share of the multiply–adds that wide operations must have. */
const MOST = 0.9

/**
 * Whether a graph's operations had better run one after the other, each on all threads. By itself TensorFlow runs
 * several at a time. That is faster where they are small: the gradient of a layer's weights then is computed while the
 * gradient goes on to the layer below. Where they are wide, two that share the threads wait for each other.
 *
 * Only products of matrices and long short-term memories compute on threads of the product's own. A convolution is
 * TensorFlow's, and runs beside others.
 * @param functions what the graph computes
 */
export function runsInTurn(functions: readonly Traced[]): boolean {
  let wide = 0
  let all = 0
  for (const { trace, shapes } of functions) {
    const sizes = new Map<number, number>()
    const put = (id: number, shape: readonly number[]): unknown =>
      sizes.set(
        id,
        shape.reduce((a, b) => a * b, 1)
      )
    trace.inputs.forEach((id, i) => put(id, shapes[i]!))
    for (const [id, c] of trace.constants) put(id, c.shape)
    for (const o of trace.ops) {
      for (const out of o.outputs) put(out.id, out.shape)
      const work = workOf(o, (id) => sizes.get(id)!)
      if (work === undefined) return false
      all += work
      if (work >= WIDE) wide += work
    }
  }
  return wide > 0 && wide >= MOST * all
}

/** Multiply–adds of an operation; undefined for one that had better run beside others. */
function workOf(o: TracedOp, sizeOf: (id: number) => number): number | undefined {
  const [a, b] = o.inputs
  if (o.op.startsWith('Conv') || o.op.startsWith('DepthwiseConv')) return undefined
  // m·k, k·n and m·n numbers, whichever side is transposed.
  if (o.op === 'MatMul' || o.op === 'BatchMatMulV2')
    return Math.sqrt(sizeOf(a!) * sizeOf(b!) * sizeOf(o.outputs[0]!.id))
  // A product of [batch, units] and the recurrent weights [units, 4·units] at each time.
  if (o.op === 'ClinicLstm') return sizeOf(a!) * Math.sqrt(sizeOf(b!) / 4)
  if (o.op === 'ClinicLstmGrad') return 4 * sizeOf(o.inputs[2]!) * Math.sqrt(sizeOf(b!) / 4)
  return 0
}
