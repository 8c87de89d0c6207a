import type { TracedOp } from './trace'
import { productsOf, type ShapeOf } from './work'

/** Multiply–adds from which a product takes less time on all threads than several of them do on one thread each. */
const WIDE = 2 ** 23
/** Share of the multiply–adds that wide operations and chains must have. */
const MOST = 0.9

/** Whether an operation's products had better be shared among threads each by itself. */
export const isWide = (o: TracedOp, shapeOf: ShapeOf): boolean =>
  Boolean(productsOf(o, shapeOf)?.some((w) => w >= WIDE))

/**
 * Whether a graph's operations had better run one after the other, each on all threads. By itself TensorFlow runs
 * several at a time. That is faster where they are small: the gradient of a layer's weights then is computed while the
 * gradient goes on to the layer below. Where they are wide, two that share the threads wait for each other. Chains of
 * layers share the threads among themselves.
 *
 * Only products of matrices and long short-term memories compute on threads of the product's own. A convolution is
 * TensorFlow's, and runs beside others.
 * @param functions what the graph computes, as it would be if its operations ran in turn
 */
export function runsInTurn(functions: readonly { ops: readonly TracedOp[]; shapeOf: ShapeOf }[]): boolean {
  let shared = 0
  let all = 0
  for (const { ops, shapeOf } of functions)
    for (const o of ops) {
      const products = productsOf(o, shapeOf)
      if (!products) return false
      const work = products.reduce((a, b) => a + b, 0)
      all += work
      if (o.op.startsWith('ClinicChain')) shared += work
      else shared += products.filter((w) => w >= WIDE).reduce((a, b) => a + b, 0)
    }
  return shared > 0 && shared >= MOST * all
}
