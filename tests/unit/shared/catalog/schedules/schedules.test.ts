import { parseExperiment } from '@shared/experiment'
import { lookup } from '@shared/experiment/lookup'
import { parseSpec } from '@shared/base/params'
import { learningRateAt, schedules } from '@shared/catalog/schedules'
import { describe, expect, it } from 'vitest'

const rate = (spec: Record<string, unknown>, step: number, steps = 100): number =>
  learningRateAt(0.2, parseSpec('schedules', spec, '', [], lookup), step, steps)

describe('the learning rate', () => {
  it('is what the plain formulas give', () => {
    expect(rate({ id: 'constant' }, 99)).toBe(0.2)
    expect([0, 9, 10, 25].map((s) => rate({ id: 'step', every: 10, gamma: 0.5 }, s))).toEqual([0.2, 0.2, 0.1, 0.05])
    expect(rate({ id: 'cosine' }, 0)).toBeCloseTo(0.2, 12)
    expect(rate({ id: 'cosine' }, 50, 101)).toBeCloseTo(0.1, 12)
    expect(rate({ id: 'cosine', end: 0.1 }, 99)).toBeCloseTo(0.02, 12)
    expect(rate({ id: 'exponential', end: 0.01 }, 99)).toBeCloseTo(0.002, 12)
    expect([0, 50, 100].map((s) => rate({ id: 'rise', start: 1e-4 }, s, 101))).toEqual([
      expect.closeTo(2e-5, 12),
      expect.closeTo(2e-3, 12),
      expect.closeTo(0.2, 12)
    ])
  })
  it.each(schedules.ids())('%s starts with its warm-up, is never negative and never above the base', (id) => {
    for (const warmUp of [0, 1, 10, 500]) {
      const rates = Array.from({ length: 100 }, (_, s) => rate({ id, warmUp }, s))
      rates.forEach((r, s) => {
        expect(r).toBeGreaterThanOrEqual(0)
        expect(r).toBeLessThanOrEqual(0.2 + 1e-12)
        if (s < warmUp) expect(r).toBeCloseTo((0.2 * (s + 1)) / warmUp, 12)
      })
      // A rise ends at the base, where all others begin.
      if (warmUp < 100) expect(id === 'rise' ? rates[99] : rates[warmUp]).toBeCloseTo(0.2, 12)
    }
  })
  it('of an experiment that names no schedule is constant', () => {
    const e = parseExperiment({ network: { nodes: [{ id: 'a', kind: 'dense' }] } })
    expect(e.training.schedule).toEqual({ id: 'constant', warmUp: 0 })
  })
})
