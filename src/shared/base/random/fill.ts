import type { Rng } from './rng'
import { sizeOf } from '../sizeOf'

/** Independent values of one distribution, row-major. @param draw gives one value */
export function fill(shape: number[], draw: () => number): Float32Array {
  const out = new Float32Array(sizeOf(shape))
  for (let i = 0; i < out.length; i++) out[i] = draw()
  return out
}
/** Independent normal values, row-major. */
export const fillNormal = (shape: number[], rng: Rng, std: number, mean = 0): Float32Array =>
  fill(shape, () => mean + std * rng.normal())
/** Independent uniform values in [min, max), row-major. */
export const fillUniform = (shape: number[], rng: Rng, min: number, max: number): Float32Array =>
  fill(shape, () => min + (max - min) * rng.uniform())

/** A standard normal number with |x| ≤ `limit`, by rejection. @param limit in standard deviations, above 0 */
export function truncatedNormal(rng: Rng, limit: number): number {
  for (;;) {
    const x = rng.normal()
    if (Math.abs(x) <= limit) return x
  }
}

/** Σ aᵢbᵢ. Four sums side by side don't wait for each other. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0]
  let i = 0
  for (; i + 3 < a.length; i += 4) {
    s0 += a[i]! * b[i]!
    s1 += a[i + 1]! * b[i + 1]!
    s2 += a[i + 2]! * b[i + 2]!
    s3 += a[i + 3]! * b[i + 3]!
  }
  for (; i < a.length; i++) s0 += a[i]! * b[i]!
  return s0 + s1 + s2 + s3
}

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, uniform over all such matrices (Haar measure).
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
    // Rounding leaves about 1e-16 × the shrinkage along the earlier vectors. Where that is large, a second sweep
    // removes it: "twice is enough" (Giraud et al. 2005).
    for (let before = Infinity, now = dot(v, v); now <= 1e-4 * before && before > 0;) {
      before = now
      for (let j = 0; j < k; j++) {
        const u = q.subarray(j * length, (j + 1) * length)
        const along = dot(u, v)
        for (let i = 0; i < length; i++) v[i]! -= along * u[i]!
      }
      now = dot(v, v)
    }
    const scale = 1 / Math.sqrt(dot(v, v))
    for (let i = 0; i < length; i++) v[i]! *= scale
  }
  if (rows <= cols) return q
  const out = new Float64Array(rows * cols)
  for (let r = 0; r < rows; r++) for (let c = 0; c < cols; c++) out[r * cols + c] = q[c * length + r]!
  return out
}
