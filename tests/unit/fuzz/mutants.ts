import type { Rng } from '@shared/base/random/rng'

const ODD: unknown[] = [null, true, -1, 0.5, 1e308, '', 'x', '__proto__', [], {}, [[]], 'a'.repeat(1000), -0, 2 ** 31]

/** Ways to spoil an input, all out of one stream of random numbers. */
interface Mutants {
  oneOf<T>(list: readonly T[]): T
  /** A copy of a JSON value with one place changed, removed, repeated or moved. */
  mutated(value: unknown): unknown
  /** A copy of a file that is cut off, or with some bytes replaced. */
  flipped(bytes: Uint8Array): Uint8Array
  /** A copy of a file of which a stretch is zeros, or two stretches have changed places. */
  moved(bytes: Uint8Array): Uint8Array
}
/** Ways to spoil an input by a stream of random numbers. */
export function mutants({ uniform: random, below }: Rng): Mutants {
  const oneOf = <T>(list: readonly T[]): T => list[below(list.length)]!
  function mutated(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || random() < 0.05) return oneOf(ODD)
    const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...value }) as Record<string, unknown>
    const keys = Object.keys(copy)
    if (!keys.length || random() < 0.05) return { ...copy, [String(oneOf(ODD))]: oneOf(ODD) }
    const key = oneOf(keys)
    const way = random()
    if (way < 0.05) delete copy[key]
    else if (way < 0.1) copy[key] = copy[oneOf(keys)]
    else copy[key] = mutated(copy[key])
    return copy
  }
  function flipped(bytes: Uint8Array): Uint8Array {
    const copy = random() < 0.1 ? bytes.slice(0, below(bytes.length)) : bytes.slice()
    for (let n = 1 + below(4); n > 0 && copy.length; n--) copy[below(copy.length)] = below(256)
    return copy
  }
  function moved(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice()
    const length = Math.min(8 << below(9), bytes.length)
    const [a, b] = [below(bytes.length - length), below(bytes.length - length)]
    if (random() < 0.4) return copy.fill(random() < 0.5 ? 0 : 255, a, a + length)
    copy.set(bytes.subarray(a, a + length), b)
    copy.set(bytes.subarray(b, b + length), a)
    return copy
  }
  return { oneOf, mutated, flipped, moved }
}
