import type { TracedOp } from './trace'

/** Who makes a tensor and who reads it, by the tensor's number. */
export interface Links {
  /** The place among the operations of the one that makes it; absent for what comes from elsewhere. */
  made: ReadonlyMap<number, number>
  /** Those that read it, each once. */
  readers: ReadonlyMap<number, readonly TracedOp[]>
}

/** @param ops in an order in which they can run */
export function linksOf(ops: readonly TracedOp[]): Links {
  const made = new Map<number, number>()
  const readers = new Map<number, TracedOp[]>()
  ops.forEach((o, at) => {
    for (const out of o.outputs) made.set(out.id, at)
    for (const i of new Set(o.inputs)) {
      const list = readers.get(i)
      if (list) list.push(o)
      else readers.set(i, [o])
    }
  })
  return { made, readers }
}
