import { npz } from './npz'
import type { Taken } from './types'

/** `data.npz`: the examples as they came, `x` and `y`, and `lengths` of sequences. */
export function examples({ data }: Taken): Uint8Array {
  const { x, y, lengths, count } = data
  return npz([
    { name: 'x', shape: [count, ...data.inputShape], data: x },
    { name: 'y', shape: [count, ...data.targetShape], data: y },
    ...(lengths ? [{ name: 'lengths', shape: [count], data: Float32Array.from(lengths) }] : [])
  ])
}
