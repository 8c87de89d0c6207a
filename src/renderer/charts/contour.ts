/**
 * Lines of equal value on a grid, by marching squares.
 * @param values side × side, row by row. @returns segments as x1, y1, x2, y2 …, in grid steps from the upper left
 *   point; cells with a value that is not finite have none
 */
export function contourLines(values: ArrayLike<number>, side: number, level: number): number[] {
  const out: number[] = []
  for (let r = 0; r + 1 < side; r++)
    for (let c = 0; c + 1 < side; c++) {
      // Clockwise from the upper left.
      const x = [c, c + 1, c + 1, c]
      const y = [r, r, r + 1, r + 1]
      const v = x.map((u, k) => values[y[k]! * side + u]! - level)
      if (!v.every(Number.isFinite)) continue
      const cuts: number[] = []
      for (let k = 0; k < 4; k++) {
        const n = (k + 1) % 4
        if (v[k]! < 0 === v[n]! < 0) continue
        const f = v[k]! / (v[k]! - v[n]!)
        cuts.push(x[k]! + f * (x[n]! - x[k]!), y[k]! + f * (y[n]! - y[k]!))
      }
      if (cuts.length === 4) out.push(...cuts)
      else if (cuts.length === 8) {
        // A saddle: its middle says which corners belong together.
        const together = v.reduce((a, b) => a + b, 0) < 0 === v[0]! < 0
        const [a, b, d, e] = [cuts.slice(0, 2), cuts.slice(2, 4), cuts.slice(4, 6), cuts.slice(6)] as [
          number[],
          number[],
          number[],
          number[]
        ]
        out.push(...(together ? [...a, ...b, ...d, ...e] : [...a, ...e, ...b, ...d]))
      }
    }
  return out
}
/** Smallest and largest finite value; undefined when there is none. */
export function extent(values: ArrayLike<number>): [number, number] | undefined {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!
    if (!Number.isFinite(v)) continue
    low = Math.min(low, v)
    high = Math.max(high, v)
  }
  return low <= high ? [low, high] : undefined
}
/** `n` levels in even steps between the extremes, neither of them included. */
export const levelsOf = ([low, high]: [number, number], n: number): number[] =>
  high > low ? Array.from({ length: n }, (_, i) => low + ((i + 1) * (high - low)) / (n + 1)) : []
