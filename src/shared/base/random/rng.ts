/** Seeded generator of uniform and normal numbers; the only source of randomness in a run. */
export interface Rng {
  /** Uniform in [0, 1), 32 bits of it random. */
  uniform(): number
  /** Standard normal (polar Box–Muller: Marsaglia & Bray 1964). */
  normal(): number
  /** Whole number in [0, n). */
  below(n: number): number
}

/** 128 bits of state from a text (xmur3-style mixing), so that named streams of one seed are independent. */
function mix(text: string): [number, number, number, number] {
  let h = 1779033703 ^ text.length
  for (let i = 0; i < text.length; i++) {
    h = Math.imul(h ^ text.charCodeAt(i), 3432918353)
    h = (h << 13) | (h >>> 19)
  }
  const next = (): number => {
    h = Math.imul(h ^ (h >>> 16), 2246822507)
    h = Math.imul(h ^ (h >>> 13), 3266489909)
    return (h ^= h >>> 16) >>> 0
  }
  return [next(), next(), next(), next()]
}

/**
 * A generator for one named use of one seed, e.g. `makeRng(42, 'weights/dense1/kernel')`.
 * Algorithm: sfc32 (PractRand, public domain), with its first 12 outputs dropped.
 */
export function makeRng(seed: number, stream: string): Rng {
  let [a, b, c, d] = mix(`${seed}/${stream}`)
  const bits = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) bits()
  let spare: number | undefined
  const uniform = (): number => bits() / 4294967296
  return {
    uniform,
    normal() {
      if (spare !== undefined) {
        const s = spare
        spare = undefined
        return s
      }
      for (;;) {
        const u = 2 * uniform() - 1
        const v = 2 * uniform() - 1
        const s = u * u + v * v
        if (s > 0 && s < 1) {
          const k = Math.sqrt((-2 * Math.log(s)) / s)
          spare = v * k
          return u * k
        }
      }
    },
    below: (n) => Math.floor(uniform() * n)
  }
}

/** A random order of 0 … n−1 (Fisher–Yates). */
export function permutation(n: number, rng: Rng): Int32Array {
  const p = Int32Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = rng.below(i + 1)
    const t = p[i]!
    p[i] = p[j]!
    p[j] = t
  }
  return p
}
