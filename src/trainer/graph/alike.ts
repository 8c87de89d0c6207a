import { sizeOf } from '../../shared/base/sizeOf'
import type { Binding, OpAttr, TensorInfo } from '../../shared/base/binding'
import { attributeOf, intAttr, type TracedOp } from './trace'
import type { ShapeOf } from './work'

/** Numbers up to which a tensor is small: those that wait for others then take little memory. */
const SMALL = 2 ** 17

/**
 * Makes one operation of those that do the same for each layer: the optimizer's arithmetic for all weights, and the
 * figures of all layers. In narrow networks starting an operation takes as long as what it computes, and together they
 * are large enough to be shared among threads. The values are the same to the last bit.
 * @param ops in an order in which they can run @param shapeOf the shape of a tensor
 * @param needed numbers of tensors that are read elsewhere
 */
export function fuseAlike(
  binding: Binding,
  ops: readonly TracedOp[],
  shapeOf: ShapeOf,
  needed: ReadonlySet<number>
): TracedOp[] {
  const int = (name: string, value: number | number[]): OpAttr => intAttr(binding, name, value)
  return figures(arithmetic(ops))

  /** Those that are as far from the end of the graph can't read each other, nor can what lies between them. */
  function arithmetic(ops: readonly TracedOp[]): TracedOp[] {
    const far = heights(ops)
    const groups = new Map<string, TracedOp[]>()
    for (const o of ops) {
      if (o.op !== 'ClinicPointwise' || sizeOf(o.outputs[0]!.shape) > SMALL) continue
      const same = ['N', 'M', 'program'].map((name) => String(attributeOf(o, name)))
      const single = o.inputs.map((i) => Number(sizeOf(shapeOf(i) ?? []) === 1)).join('')
      const key = [...same, single, far.get(o)].join('/')
      groups.set(key, [...(groups.get(key) ?? []), o])
    }
    const merged = new Map<TracedOp, TracedOp | undefined>()
    for (const group of groups.values()) {
      if (group.length < 2) continue
      for (const o of group) merged.set(o, undefined)
      const inputs = group.flatMap((o) => o.inputs)
      const outputs = group.flatMap((o) => o.outputs)
      const attrs = [int('N', inputs.length), int('M', outputs.length), int('sets', group.length)]
      const program = group[0]!.attrs.find((a) => a.name === 'program')!
      merged.set(group[0]!, { op: 'ClinicPointwiseSets', attrs: [...attrs, program], inputs, outputs })
    }
    if (!merged.size) return [...ops]
    return [...ops]
      .sort((a, b) => far.get(b)! - far.get(a)!)
      .flatMap((o) => (merged.has(o) ? (merged.get(o) ?? []) : [o]))
  }

  /** Figures that stand beside each other in what one operation puts together. */
  function figures(ops: readonly TracedOp[]): TracedOp[] {
    const times = new Map<number, number>()
    for (const o of ops) for (const i of o.inputs) times.set(i, (times.get(i) ?? 0) + 1)
    /** What is measured for this one reader, by its number. */
    const measures = new Map(
      ops
        .filter((o) => o.op === 'ClinicMeasure' && o.inputs.every((i) => sizeOf(shapeOf(i) ?? []) <= SMALL))
        .map((o) => [o.outputs[0]!.id, o] as const)
        .filter(([id]) => times.get(id) === 1 && !needed.has(id))
    )
    const gone = new Set<TracedOp>()
    const kept = ops.flatMap((o) => {
      if (o.op !== 'ConcatV2') return [o]
      const runs: number[][] = []
      for (const i of o.inputs) {
        const before = runs[runs.length - 1]
        if (before && measures.has(i) && measures.has(before[0]!)) before.push(i)
        else runs.push([i])
      }
      // It puts together two at least, and where is its last input.
      if (runs.length === o.inputs.length || runs.length < 3) return [o]
      const together = runs.filter((run) => run.length > 1).map((run) => run.map((i) => measures.get(i)!))
      for (const m of together.flat()) gone.add(m)
      const attrs = o.attrs.map((a) => (a.name === 'N' ? { ...a, value: runs.length - 1 } : a))
      // What measures them all has the number of the first.
      return [...together.map(measureAll), { ...o, attrs, inputs: runs.map(([first]) => first!) }]
    })
    return kept.filter((o) => !gone.has(o))
  }
  function measureAll(run: readonly TracedOp[]): TracedOp {
    const inputs = run.flatMap((o) => o.inputs)
    let before = 0
    const requests = run.flatMap((o) => {
      const start = before
      before += o.inputs.length
      // Triples of a tensor, a figure, and a tensor that it is a ratio to, or −1.
      return (attributeOf(o, 'requests') as number[]).map((v, k) => (k % 3 === 1 || v < 0 ? v : v + start))
    })
    const bounds = run.flatMap((o) => attributeOf(o, 'bounds') as number[])
    const first = run[0]!.outputs[0]!
    const length = run.reduce((sum, o) => sum + o.outputs[0]!.shape[0]!, 0)
    const outputs: TensorInfo[] = [{ ...first, shape: [length] }]
    const attrs = [
      int('N', inputs.length),
      int('requests', requests),
      { name: 'bounds', type: binding.TF_ATTR_FLOAT, value: bounds }
    ]
    return { op: 'ClinicMeasure', attrs, inputs, outputs }
  }
}

/** How many operations at most follow each other from one to the end of the graph. */
function heights(ops: readonly TracedOp[]): Map<TracedOp, number> {
  const ofTensor = new Map<number, number>()
  const far = new Map<TracedOp, number>()
  for (let at = ops.length - 1; at >= 0; at--) {
    const o = ops[at]!
    const height = 1 + Math.max(0, ...o.outputs.map((out) => ofTensor.get(out.id) ?? 0))
    far.set(o, height)
    for (const i of o.inputs) ofTensor.set(i, Math.max(ofTensor.get(i) ?? 0, height))
  }
  return far
}
