import { sizeOf } from '../../../base/sizeOf'
import type { NamedGradient, Plain } from '../../../experiment/remedies'

/** L2 norm. */
export const lengthOf = (values: number[]): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0))
/** Each number within [−limit, limit]. */
export const limited = (values: number[], limit: number): number[] =>
  values.map((v) => Math.min(Math.max(v, -limit), limit))
/** Scaled down so that what measures `size` measures `limit`, if it is larger. */
export const noLonger = (values: number[], size: number, limit: number): number[] =>
  size > limit ? values.map((v) => v * (limit / size)) : values

/** For each unit of a kernel, whose last axis is the units, the places of its weights. */
export function unitsOf(shape: number[]): number[][] {
  const units = shape[shape.length - 1]!
  const inputs = sizeOf(shape.slice(0, -1))
  return Array.from({ length: units }, (_, unit) => Array.from({ length: inputs }, (_i, i) => i * units + unit))
}

/** Σ f(w) over all weights of all kernels. */
export const sumOver = (weights: { role: NamedGradient['role']; weight: Plain }[], f: (w: number) => number): number =>
  weights.reduce(
    (sum, { role, weight }) => (role === 'kernel' ? weight.values.reduce((s, w) => s + f(w), sum) : sum),
    0
  )

/**
 * Largest singular value of a kernel read as a matrix [everything else, units], to rounding: its columns, or its rows
 * where those are fewer, are rotated in pairs until all are orthogonal (Hestenes 1958); their lengths are the singular
 * values then.
 */
export function largestSingular({ values, shape }: Plain): number {
  const units = shape[shape.length - 1]!
  const inputs = values.length / units
  const columns =
    units <= inputs
      ? unitsOf(shape).map((unit) => unit.map((i) => values[i]!))
      : Array.from({ length: inputs }, (_, i) => values.slice(i * units, (i + 1) * units))
  const dot = (a: number[], b: number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0)
  for (let round = 0, left = true; left && round < 60; round++) {
    left = false
    for (let i = 0; i < columns.length; i++)
      for (let j = i + 1; j < columns.length; j++) {
        const [a, b] = [columns[i]!, columns[j]!]
        const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)]
        if (!(Math.abs(ab) > 1e-14 * Math.sqrt(aa * bb))) continue
        left = true
        const turn = 0.5 * Math.atan2(2 * ab, aa - bb)
        const [c, s] = [Math.cos(turn), Math.sin(turn)]
        columns[i] = a.map((v, k) => c * v + s * b[k]!)
        columns[j] = a.map((v, k) => c * b[k]! - s * v)
      }
  }
  return Math.max(...columns.map(lengthOf))
}
