import { describe, expect, it } from 'vitest'
import { activations } from '@shared/catalog/activations'
import {
  BINS,
  binValues,
  estimateSlope,
  histogramOf,
  histogramsAt,
  isKeptStep,
  slopeFigures,
  withHistograms,
  type HistogramSet
} from '@shared/run/histogram'

const set = (step: number, live = false): HistogramSet => ({
  step,
  entries: [],
  bins: new Float32Array(0),
  ...(live && { live: true as const })
})
const steps = (sets: readonly HistogramSet[]): string[] => sets.map((s) => `${s.step}${s.live ? 'L' : ''}`)
/** An even grid over [−8, 8]. */
const grid = Array.from({ length: 16_001 }, (_, i) => -8 + i / 1000)

describe('histograms', () => {
  it('count every finite value once, and NaN, Inf and zero exactly', () => {
    const b = binValues(Float32Array.of(NaN, Infinity, -Infinity, 0, -0, 1, 2, 4, -4))
    expect([b.count, b.nan, b.infinite, b.zero, b.low, b.high]).toEqual([9, 1, 2, 2, -4, 4])
    expect(b.bins.length).toBe(BINS)
    expect(b.bins.reduce((s, x) => s + x)).toBe(6)
    expect([b.bins[0], b.bins[BINS / 2], b.bins[BINS - 1]]).toEqual([1, 2, 1])
  })
  it('cope with one value, none, and the whole range of float32', () => {
    expect(binValues(Float32Array.of(3, 3, 3)).bins[BINS / 2]).toBe(3)
    expect(binValues(Float32Array.of(NaN, NaN))).toMatchObject({ nan: 2, low: 0, high: 0 })
    expect(binValues([]).bins.every((x) => x === 0)).toBe(true)
    const wide = binValues(Float32Array.of(-3.4e38, 0, 3.4e38))
    expect([wide.bins[0], wide.bins[BINS / 2], wide.bins[BINS - 1]]).toEqual([1, 1, 1])
  })
  it('say what an activation makes of them', () => {
    const sigmoid = activations.get('sigmoid')
    const { mean, below, above } = slopeFigures(grid, sigmoid, {})!
    // The mean of σ′ over [−8, 8] is (σ(8) − σ(−8))/16; the limits lie at ±ln((1 + √0.95)/(1 − √0.95)).
    expect(mean).toBeCloseTo((sigmoid.f(8, {}) - sigmoid.f(-8, {})) / 16, 4)
    const edge = Math.log((1 + Math.sqrt(0.95)) / (1 - Math.sqrt(0.95)))
    expect(below).toBeCloseTo((8 - edge) / 16, 3)
    expect(above).toBeCloseTo((8 - edge) / 16, 3)
    expect(slopeFigures([-1, -2, 3, NaN], activations.get('relu'), {})).toEqual({ mean: 1 / 3, below: 2 / 3, above: 0 })
    expect(slopeFigures([NaN], sigmoid, {})).toBeUndefined()
    const b = binValues(grid)
    expect(Math.abs(estimateSlope(b, b.bins, sigmoid, {})! - mean)).toBeLessThan(1e-3)
    expect(estimateSlope({ low: 0, high: 0 }, new Float32Array(BINS), sigmoid, {})).toBeUndefined()
  })
  it('are kept at few steps, with the first and the last', () => {
    const kept = (n: number, layers = 20): number[] =>
      Array.from({ length: n }, (_, i) => i).filter((s) => isKeptStep(s, n, layers))
    const all = kept(100_000)
    expect(all.slice(0, 6)).toEqual([0, 1, 2, 3, 4, 5])
    expect(all[all.length - 1]).toBe(99_999)
    expect(all.length).toBeLessThan(40)
    expect(kept(100_000, 500).length).toBeLessThan(16)
    expect(kept(1)).toEqual([0])
  })
  it('stay in order, with one live set at most', () => {
    let sets: HistogramSet[] = []
    for (const s of [set(0), set(10), set(12, true), set(11, true), set(15), set(15, true)])
      sets = withHistograms(sets, s)
    expect(steps(sets)).toEqual(['0', '10', '15'])
    sets = withHistograms(sets, set(20, true))
    expect(steps(sets)).toEqual(['0', '10', '15', '20L'])
    expect(steps(withHistograms(sets, set(20)))).toEqual(['0', '10', '15', '20'])
    expect(histogramsAt(sets, 14)!.step).toBe(10)
    expect(histogramsAt(sets, undefined)).toBeUndefined()
    expect(histogramsAt([set(5)], 4)).toBeUndefined()
    expect(histogramOf(sets[0]!, 0, 'kernel')).toBeUndefined()
  })
})
