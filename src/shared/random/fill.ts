import type { Rng } from './rng'

export const size = (shape: number[]): number => shape.reduce((a, b) => a * b, 1)

/** Independent values of one distribution, row-major. */
export function fill(shape: number[], draw: () => number): Float32Array {
  const out = new Float32Array(size(shape))
  for (let i = 0; i < out.length; i++) out[i] = draw()
  return out
}
export const fillNormal = (shape: number[], rng: Rng, std: number, mean = 0): Float32Array => fill(shape, () => mean + std * rng.normal())
export const fillUniform = (shape: number[], rng: Rng, min: number, max: number): Float32Array =>
  fill(shape, () => min + (max - min) * rng.uniform())

/** A normal number no farther than `limit` standard deviations from the mean; others are drawn again. */
export function truncatedNormal(rng: Rng, limit: number): number {
  for (;;) {
    const x = rng.normal()
    if (Math.abs(x) <= limit) return x
  }
}

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, uniform over all such matrices (Haar).
 * Gram–Schmidt on Gaussian vectors leaves the diagonal of R positive, which is the sign choice Mezzadri 2007 asks for.
 * @returns rows × cols, row-major, float64.
 */
export function orthonormal(rows: number, cols: number, rng: Rng): Float64Array {
  const count = Math.min(rows, cols)
  const length = Math.max(rows, cols)
  const q = new Float64Array(count * length)
  for (let k = 0; k < count; k++) {
    const v = q.subarray(k * length, (k + 1) * length)
    for (let i = 0; i < length; i++) v[i] = rng.normal()
    // The second sweep removes what rounding left of the first ("twice is enough": Giraud 2005).
    for (let sweep = 0; sweep < 2; sweep++)
      for (let j = 0; j < k; j++) {
        const u = q.subarray(j * length, (j + 1) * length)
        let dot = 0
        for (let i = 0; i < length; i++) dot += u[i]! * v[i]!
        for (let i = 0; i < length; i++) v[i]! -= dot * u[i]!
      }
    let s = 0
    for (let i = 0; i < length; i++) s += v[i]! * v[i]!
    const scale = 1 / Math.sqrt(s)
    for (let i = 0; i < length; i++) v[i]! *= scale
  }
  if (rows <= cols) return q
  const out = new Float64Array(rows * cols)
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[r * cols + c] = q[c * length + r]!
  return out
}
