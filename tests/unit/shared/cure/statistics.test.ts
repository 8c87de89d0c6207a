import { describe, expect, it } from 'vitest'
import { holm, interval95, pairedP, studentT95, twoSided, wilson95 } from '@shared/cure/statistics'

describe('figures of a search, against published tables', () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [4, 2.776445],
    [9, 2.262157],
    [30, 2.042272]
  ])('Student’s t for %i degrees of freedom', (df, t) => {
    expect(studentT95(df)).toBeCloseTo(t, 4)
    expect(twoSided(t, df)).toBeCloseTo(0.05, 5)
  })
  it('the interval of a mean: 1, 2, 3 is 2 ± 4.30265 / √3', () => {
    const [low, high] = interval95([1, 2, 3])
    expect(low).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4)
    expect(high).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4)
    expect(interval95([7])).toEqual([7, 7])
  })
  it('the paired test: differences 1, 2, 3 have t = 2√3, p = 0.0742', () => {
    expect(pairedP([1, 2, 3])).toBeCloseTo(0.0742, 4)
    expect(pairedP([0, 0, 0])).toBe(1)
    expect(pairedP([2, 2])).toBe(0)
    expect(pairedP([2])).toBe(1)
  })
  it('Wilson’s interval of 4 of 5, and of none', () => {
    const [low, high] = wilson95(4, 5)
    expect(low).toBeCloseTo(0.3755, 4)
    expect(high).toBeCloseTo(0.9638, 4)
    expect(wilson95(0, 0)).toEqual([0, 1])
  })
  it('Holm stops at the first that does not hold', () => {
    expect(holm([0.04, 0.001, 0.02])).toEqual([true, true, true])
    expect(holm([0.04, 0.001, 0.03])).toEqual([false, true, false])
    expect(holm([])).toEqual([])
  })
})
