import type { RunLayer } from '../types'

/** One row of a comparison: a layer of A, one of B, or both; as places in the two lists. */
export interface RowPair {
  a: number | undefined
  b: number | undefined
  /** How they were found to belong together; undefined for a layer that only one of them has. */
  by?: 'id' | 'name' | 'position'
}

/** Longest common subsequence of two lists of keys, as index pairs. */
function common(a: readonly string[], b: readonly string[]): [number, number][] {
  const width = b.length + 1
  const best = new Int32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] =
        a[i] === b[j]
          ? best[(i + 1) * width + j + 1]! + 1
          : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!)
  const out: [number, number][] = []
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) out.push([i++, j++])
    else if (best[(i + 1) * width + j]! >= best[i * width + j + 1]!) i++
    else j++
  }
  return out
}

type Named = Pick<RunLayer, 'id' | 'name'>
/**
 * Matches the layers of two networks, forward order kept: those with the same id first; between these, those with the
 * same name; what is left between two matches by its position, counted from the input. Layers without a counterpart get
 * a row of their own.
 */
export function matchLayers(a: readonly Named[], b: readonly Named[]): RowPair[] {
  const steps = [
    { by: 'id' as const, key: (l: Named) => l.id },
    { by: 'name' as const, key: (l: Named) => l.name },
    { by: 'position' as const, key: () => '' }
  ]
  const out: RowPair[] = []
  const within = (a0: number, a1: number, b0: number, b1: number, level: number): void => {
    const step = steps[level]
    if (!step || a0 === a1 || b0 === b1) {
      for (let i = a0; i < a1; i++) out.push({ a: i, b: undefined })
      for (let j = b0; j < b1; j++) out.push({ a: undefined, b: j })
      return
    }
    let [i0, j0] = [a0, b0]
    for (const [i, j] of common(a.slice(a0, a1).map(step.key), b.slice(b0, b1).map(step.key))) {
      within(i0, a0 + i, j0, b0 + j, level + 1)
      out.push({ a: a0 + i, b: b0 + j, by: step.by })
      ;[i0, j0] = [a0 + i + 1, b0 + j + 1]
    }
    within(i0, a1, j0, b1, level + 1)
  }
  within(0, a.length, 0, b.length, 0)
  return out
}
