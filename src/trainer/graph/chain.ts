import type { Binding, TensorInfo } from '../../shared/base/binding'
import { linksOf } from './links'
import { attributeOf, intAttr, type TracedOp } from './trace'
import { ACTIVATIONS, flagsOf, THERE } from './work'

/** TensorFlow's operations for an activation and its slope. Slopes of all but ReLU take y first. */
const FORWARD = new Map([
  ['Relu', ACTIVATIONS.relu],
  ['Sigmoid', ACTIVATIONS.sigmoid],
  ['Tanh', ACTIVATIONS.tanh]
])
const SLOPE = new Map([
  ['SigmoidGrad', ACTIVATIONS.sigmoid],
  ['TanhGrad', ACTIVATIONS.tanh]
])
/** The gradient of a layer's inputs, where its backward pass computes it. */
const gradientOfInputs = (o: TracedOp): TensorInfo | undefined =>
  attributeOf(o, 'dx') ? o.outputs[(attributeOf(o, 'relu') ? 1 : 0) + (attributeOf(o, 'bias') ? 1 : 0)] : undefined

/** Operations that become one, in order. */
interface Chain {
  op: 'ClinicChain' | 'ClinicChainGrad'
  members: TracedOp[]
  inputs: number[]
  outputs: TensorInfo[]
  layers: number[]
}

/**
 * Puts dense layers that follow each other into one operation (native/chain.cc): all of them there, and all of them
 * back with the gradients of their weights. Each thread takes some rows of the batch through all layers, where
 * TensorFlow's threads would meet again after each layer. With ReLU the values are those of single layers to the last
 * bit; sigmoid and tanh are nearer to the true ones than TensorFlow's.
 *
 * A chain stands where its first operation stood. So what else its layers read must be there by then.
 * @param ops what `fuseDense` made, in an order in which they can run
 * @param isWide whether the products of an operation had better be shared among threads each by itself
 * @param needed numbers of tensors that something else reads. Sums that only their activation reads are not kept.
 */
export function fuseChains(
  binding: Binding,
  ops: readonly TracedOp[],
  isWide: (o: TracedOp) => boolean,
  needed: ReadonlySet<number>
): TracedOp[] {
  const { made, readers } = linksOf(ops)
  const taken = new Set<TracedOp>()
  /** An operation that reads a tensor as its input number `which`, and whose others are there before the chain. */
  const readerOf = (id: number, head: number, fits: (o: TracedOp) => boolean, which = 0): TracedOp | undefined =>
    readers
      .get(id)
      ?.find(
        (o) =>
          !taken.has(o) && fits(o) && o.inputs.every((i, at) => (at === which ? i === id : (made.get(i) ?? -1) < head))
      )
  const chains = new Map<TracedOp, Chain>()
  ops.forEach((o, at) => {
    if (taken.has(o) || isWide(o)) return
    const chain = o.op === 'ClinicDense' ? there(o, at) : o.op === 'ClinicDenseGrad' ? back(o, at) : undefined
    if (!chain || chain.layers.length < 2) return
    chains.set(o, chain)
    for (const m of chain.members) taken.add(m)
  })
  return ops.flatMap((o) => {
    const chain = chains.get(o)
    if (!chain) return taken.has(o) ? [] : [o]
    const { op, inputs, outputs, layers } = chain
    const attrs = Object.entries({ N: inputs.length, M: outputs.length, layers }).map(([name, value]) =>
      intAttr(binding, name, value)
    )
    return [{ op, attrs, inputs, outputs }]
  })

  function there(head: TracedOp, at: number): Chain {
    const chain: Chain = { op: 'ClinicChain', members: [], inputs: [head.inputs[0]!], outputs: [], layers: [] }
    for (let o: TracedOp | undefined = head; o;) {
      const sums: TensorInfo = o.outputs[0]!
      const inside = Boolean(attributeOf(o, 'relu'))
      const f = inside ? undefined : readerOf(sums.id, at, (r) => FORWARD.has(r.op))
      chain.members.push(o, ...(f ? [f] : []))
      chain.inputs.push(...o.inputs.slice(1))
      const kept = !f || needed.has(sums.id) || readers.get(sums.id)!.length > 1
      chain.outputs.push(...(kept ? [sums] : []), ...(f?.outputs ?? []))
      chain.layers.push(inside ? ACTIVATIONS.relu : f ? FORWARD.get(f.op)! | (kept ? THERE.sums : 0) : 0)
      o = readerOf((f?.outputs[0] ?? sums).id, at, (r) => r.op === 'ClinicDense' && !isWide(r))
    }
    return chain
  }
  function back(head: TracedOp, at: number): Chain {
    const chain: Chain = { op: 'ClinicChainGrad', members: [], inputs: [head.inputs[0]!], outputs: [], layers: [] }
    // The slope of an activation other than ReLU, before the layer's own operation.
    let slope: TracedOp | undefined
    for (let o: TracedOp | undefined = head; o;) {
      const f = attributeOf(o, 'relu') ? ACTIVATIONS.relu : slope ? SLOPE.get(slope.op)! : 0
      chain.members.push(...(slope ? [slope] : []), o)
      chain.inputs.push(...(slope ? [slope.inputs[0]!] : []), ...o.inputs.slice(1))
      chain.outputs.push(...(slope?.outputs ?? []), ...o.outputs)
      chain.layers.push(f | flagsOf(o))
      const dx = gradientOfInputs(o)
      const isNext = (r: TracedOp): boolean => r.op === 'ClinicDenseGrad' && !isWide(r)
      o = dx && readerOf(dx.id, at, isNext)
      slope = dx && !o ? readerOf(dx.id, at, (r) => SLOPE.has(r.op), 1) : undefined
      if (slope) o = readerOf(slope.outputs[0]!.id, at, (r) => isNext(r) && !attributeOf(r, 'relu'))
    }
    return chain
  }
}
