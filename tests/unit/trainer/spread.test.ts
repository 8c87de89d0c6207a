import { describe, expect, it } from 'vitest'
import { classShares, spreadOf } from '../../../src/trainer/spread'

describe('the spread of some values', () => {
  it('names the feature with the largest RMS', () => {
    const s = spreadOf(Float32Array.of(1, -30, 0, 1, 40, 0), 3)
    expect(s).toMatchObject({ min: -30, max: 40, feature: 1 })
    expect(s.largest).toBeCloseTo(Math.sqrt((900 + 1600) / 2), 10)
    expect(s.rms).toBeCloseTo(Math.sqrt((1 + 1 + 900 + 1600) / 6), 10)
  })
  it('names the feature farthest from 0 for how little it varies', () => {
    const s = spreadOf(Float32Array.of(15, 99, 7, 0, 15.2, 101, 7, 40, 14.8, 100, 7, -20), 4)
    expect(s.far).toMatchObject({ feature: 1, mean: 100 })
    expect(s.far!.std).toBeCloseTo(Math.sqrt(2 / 3), 6)
    // A constant hides nothing, and neither does what varies about its mean.
    expect(spreadOf(Float32Array.of(7, 0, 7, 40, 7, -20), 2).far).toBeUndefined()
  })
  it('does not overflow', () => expect(spreadOf(Float32Array.of(3e38, 3e38), 1).rms).toBeCloseTo(3e38, -33))
})
describe('shares of classes', () => {
  it('of one-hot rows and of a single 0 or 1', () => {
    expect(classShares(Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0), 3)).toEqual([0.75, 0, 0.25])
    expect(classShares(Float32Array.of(1, 0, 0, 0), 1)).toEqual([0.75, 0.25])
  })
})
