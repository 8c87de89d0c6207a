import { paramsOf } from '../../shared/base/params'
import { makeRng } from '../../shared/base/random/rng'
import { sizeOf } from '../../shared/base/sizeOf'
import { initializers } from '../../shared/catalog/initializers'
import type { Variable } from './types'

/** Some matrices, drawn one after another, as one: columns of the first, then of the second … */
function sideBySide(shape: number[], blocks: number, sample: (shape: number[]) => Float32Array): Float32Array {
  if (blocks === 1) return sample(shape)
  const cols = shape[shape.length - 1]!
  const part = cols / blocks
  const rows = sizeOf(shape) / cols
  const out = new Float32Array(rows * cols)
  for (let b = 0; b < blocks; b++) {
    const own = sample([...shape.slice(0, -1), part])
    for (let r = 0; r < rows; r++) out.set(own.subarray(r * part, (r + 1) * part), r * cols + b * part)
  }
  return out
}

/** What a variable starts at: a weight drawn from a stream of its own, state filled with its start. */
export function initialValue({ name, shape, spec, slotInit }: Variable, seed: number): Float32Array {
  if (!spec) return new Float32Array(sizeOf(shape)).fill(slotInit!)
  const rng = makeRng(seed, `weights/${name}`)
  const sample = (part: number[]): Float32Array =>
    initializers.get(spec.init.id).sample(part, spec.fanIn, spec.fanOut, rng, paramsOf(spec.init))
  return sideBySide(shape, spec.blocks ?? 1, sample)
}
