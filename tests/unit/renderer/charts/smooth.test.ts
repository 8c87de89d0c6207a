import { describe, expect, it } from 'vitest'
import { smoothed } from '@/charts/curve/smooth'

describe('a smoothed curve', () => {
  it('is the curve itself without a weight, and where it is constant', () => {
    expect([...smoothed([3, 1, 2], 0)]).toEqual([3, 1, 2])
    expect([...smoothed([0.1, 0.1, 0.1], 0.9)]).toEqual([0.1, 0.1, 0.1])
  })
  it('is the weighted mean of all values so far, so that it starts with the first', () => {
    const [w, values] = [0.6, [4, 1, 2, 8]]
    const expected = values.map((_, i) => {
      const weights = values.slice(0, i + 1).map((_v, k) => w ** (i - k))
      return weights.reduce((s, x, k) => s + x * values[k]!, 0) / weights.reduce((s, x) => s + x, 0)
    })
    expect(smoothed(values, w)[0]).toBeCloseTo(4, 12)
    smoothed(values, w).forEach((v, i) => expect(v).toBeCloseTo(expected[i]!, 12))
  })
  it('leaves values that are no numbers as they are, and goes on after them as before', () => {
    const gap = smoothed([1, NaN, Infinity, 3], 0.5)
    expect([...gap.slice(1, 3)]).toEqual([NaN, Infinity])
    expect(gap[3]).toBeCloseTo(smoothed([1, 3], 0.5)[1]!, 12)
  })
})
