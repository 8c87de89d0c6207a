import { contourLines, extent, levelsOf } from '@/charts/contour'
import { describe, expect, it } from 'vitest'

const SIDE = 41
const grid = (f: (x: number, y: number) => number): number[] =>
  Array.from({ length: SIDE * SIDE }, (_, i) => f(i % SIDE, Math.floor(i / SIDE)))
const ends = (s: number[]): [number, number][] =>
  Array.from({ length: s.length / 2 }, (_, i) => [s[2 * i]!, s[2 * i + 1]!])

describe('lines of equal value', () => {
  it('of a slope are straight, where the level is, from edge to edge', () => {
    const s = contourLines(
      grid((x, y) => 2 * x + y),
      SIDE,
      50.5
    )
    expect(s.length).toBeGreaterThan(0)
    for (const [x, y] of ends(s)) expect(2 * x + y).toBeCloseTo(50.5, 9)
    expect(Math.min(...ends(s).map(([, y]) => y))).toBe(0)
    expect(Math.max(...ends(s).map(([, y]) => y))).toBe(SIDE - 1)
  })
  it('of a cone are closed circles', () => {
    const s = contourLines(
      grid((x, y) => Math.hypot(x - 20, y - 20)),
      SIDE,
      12.3
    )
    for (const [x, y] of ends(s)) expect(Math.hypot(x - 20, y - 20)).toBeCloseTo(12.3, 1)
    // Every end is the end of exactly two segments.
    const seen = new Map<string, number>()
    for (const [x, y] of ends(s))
      seen.set(`${x.toFixed(6)} ${y.toFixed(6)}`, (seen.get(`${x.toFixed(6)} ${y.toFixed(6)}`) ?? 0) + 1)
    expect([...seen.values()].every((n) => n === 2)).toBe(true)
  })
  it('do not cross at a saddle', () => {
    const s = contourLines([1, -1, -1, 1], 2, 0.1)
    expect(s).toHaveLength(8)
    // The middle is below the level: each high corner is cut off by itself.
    for (let i = 0; i < 8; i += 4) expect(Math.hypot(s[i]! - s[i + 2]!, s[i + 1]! - s[i + 3]!)).toBeLessThan(1)
  })
  it('leave out what is not a number, and what is flat', () => {
    expect(
      contourLines(
        grid(() => NaN),
        SIDE,
        0
      )
    ).toEqual([])
    expect(
      contourLines(
        grid(() => 3),
        SIDE,
        3
      )
    ).toEqual([])
    const hole = grid((x) => (x === 10 ? Infinity : x))
    for (const [x] of ends(contourLines(hole, SIDE, 9.5))) expect(x).not.toBeCloseTo(9.5)
  })
  it('lie in even steps between the extremes', () => {
    expect(extent([3, NaN, -1, Infinity])).toEqual([-1, 3])
    expect(extent([NaN])).toBeUndefined()
    expect(levelsOf([0, 4], 3)).toEqual([1, 2, 3])
    expect(levelsOf([2, 2], 3)).toEqual([])
  })
})
