import { describe, expect, it } from 'vitest'
import { metricNames, metricsOf } from '../../../src/trainer/metrics'

const f = (...v: number[]): Float32Array => Float32Array.from(v)
const one = Float64Array.of(1)

describe('accuracy of two classes', () => {
  const [target, output] = [f(0, 0, 1, 1), f(-1, 0.2, 0.3, 2)]
  it('is told by the sign of a logit', () => expect(metricsOf('binary', output, target, 4, one, 0)).toEqual([0.75]))
  it('is told by a half of what was trained towards 0 and 1', () =>
    expect(metricsOf('binary', output, target, 4, one, 0.5)).toEqual([0.75]))
  it('differs between the two where outputs lie between them', () => {
    const between = f(0.3, 0.3, 0.3, 0.3)
    expect(metricsOf('binary', between, f(1, 1, 1, 0), 4, one, 0)).toEqual([0.75])
    expect(metricsOf('binary', between, f(1, 1, 1, 0), 4, one, 0.5)).toEqual([0.25])
  })
  it('takes an output on the threshold for the first class', () => {
    expect(metricsOf('binary', f(0), f(0), 1, one, 0)).toEqual([1])
    expect(metricsOf('binary', f(0.5), f(1), 1, one, 0.5)).toEqual([0])
  })
  it('never counts NaN as right, whichever class it should be', () =>
    expect(metricsOf('binary', f(NaN, NaN, 1), f(0, 1, 1), 3, one, 0)).toEqual([1 / 3]))
  it('counts each output of several', () =>
    expect(metricsOf('binary', f(1, -1, 1, -1), f(1, 0, 0, 0), 2, one, 0)).toEqual([0.75]))
})

describe('accuracy of several classes', () => {
  const target = f(1, 0, 0, 0, 1, 0, 0, 0, 1)
  it('is the share of rows whose largest output is the target', () =>
    expect(metricsOf('multiclass', f(2, 1, 0, 0, 1, 2, -3, -2, -1), target, 3, one, 0.5)).toEqual([2 / 3]))
  it('is NaN where no row is without one', () => {
    expect(metricsOf('binary', f(NaN, NaN, NaN), f(0, 1, 1), 3, one, 0)).toEqual([NaN])
    expect(metricsOf('multiclass', f(NaN, 0, 0, 1, NaN, 0), f(1, 0, 0, 0, 1, 0), 2, one, 0.5)).toEqual([NaN])
  })
  it('never counts a row with a NaN as right', () =>
    expect(metricsOf('multiclass', f(2, NaN, 0, NaN, NaN, NaN, 0, 0, 1), target, 3, one, 0.5)).toEqual([1 / 3]))
})

describe('errors of a regression', () => {
  it('are told in the unit of the data', () => {
    // Two outputs that were divided by 10 and by 2.
    expect(metricsOf('regression', f(1, 1, 0, 3), f(0, 1, 0, 1), 2, Float64Array.of(10, 2), 0.5)[0]).toBeCloseTo(
      (1 * 10 + 2 * 2) / 4,
      12
    )
  })
  it('leave of the variance what r² says', () => {
    expect(metricsOf('regression', f(1, 2, 3), f(1, 2, 3), 3, one, 0.5)).toEqual([0, 1])
    // The mean for everything explains nothing.
    expect(metricsOf('regression', f(2, 2, 2), f(1, 2, 3), 3, one, 0.5)[1]).toBe(0)
  })
  it('have an r² for each of several targets, behind that of all', () => {
    // The first is hit, the second told by its mean: of a variance of 2 and 2/3 the latter is left.
    const [, all, ...own] = metricsOf(
      'regression',
      f(1, 2, 3, 2, 2, 2),
      f(1, 1, 3, 2, 2, 3),
      3,
      Float64Array.of(1, 1),
      0.5,
      true
    )
    expect(own).toEqual([1, 0])
    expect(all).toBeCloseTo(1 - 2 / 4, 12)
    expect(metricNames({ task: 'regression', targetNames: ['y', 'z'] })).toEqual([
      'meanAbsoluteError',
      'r2',
      'r2 y',
      'r2 z'
    ])
    expect(metricNames({ task: 'regression' })).toEqual(['meanAbsoluteError', 'r2'])
  })
  it('are NaN when an output is, and r² when the target does not vary', () => {
    expect(metricsOf('regression', f(1, NaN), f(1, 2), 2, one, 0.5)).toEqual([NaN, NaN])
    expect(metricsOf('regression', f(1, 2), f(5, 5), 2, one, 0.5)[1]).toBeNaN()
    // The mean of so many is not exactly their value.
    const alike = new Float32Array(61).fill(5.3)
    expect(metricsOf('regression', new Float32Array(61), alike, 61, one, 0.5)[1]).toBeNaN()
    expect(metricsOf('regression', f(5, 5), f(5, 5.000001), 2, one, 0.5)[1]).toBeLessThan(0)
  })
})

describe('the distance a critic sees', () => {
  it('is the mean output on real points less that on generated ones', () =>
    expect(metricsOf('critic', f(3, 5, 1, 2), f(1, 1, 0, 0), 2, one, 0.5)).toEqual([2.5]))
  it('is NaN when an output is', () =>
    expect(metricsOf('critic', f(3, NaN, 1, 2), f(1, 1, 0, 0), 2, one, 0.5)[0]).toBeNaN())
})
