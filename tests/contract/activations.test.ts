import { activations } from '@shared/activations'
import { initializers } from '@shared/initializers'
import { lookup } from '@shared/lookup'
import { defaultsOf, type Params } from '@shared/params'
import { describe, expect, it } from 'vitest'

/** Defaults, and every number at several places of its range. */
function variants(fields: (typeof activations.all)[number]['fields']): Params[] {
  const base = defaultsOf(fields, lookup)
  return [
    base,
    ...Object.entries(fields).flatMap(([k, f]) => {
      if (f.type !== 'number') return []
      const [from, to] = [f.min ?? f.above! + 0.01, f.max ?? f.below! - 0.01]
      return [0, 0.03, 0.1, 0.5, 1].map((share) => ({ ...base, [k]: from + share * (to - from) }))
    })
  ]
}
/** Never on a kink, which all lie on whole numbers. */
const points = Array.from({ length: 401 }, (_, i) => (i - 200) * 0.0625 + 0.0131)
const everywhere = Array.from({ length: 12001 }, (_, i) => (i - 6000) * 0.002)

describe.each(activations.all.map((a) => [a.id, a] as const))('activation %s', (_id, a) => {
  it('names an initializer that exists', () => expect(initializers.find(a.initializer)).toBeDefined())
  describe.each(variants(a.fields).map((p) => [JSON.stringify(p), p] as const))('%s', (_p, p) => {
    const slope = (z: number): number => Math.abs(a.df(z, p))
    const steepest = [...everywhere, -1e-9, 1e-9, -1e3, 1e3].reduce((m, z) => Math.max(m, slope(z)), 0)
    it('has f′ as its derivative', () => {
      for (const z of points) {
        const h = 1e-5 * Math.max(1, Math.abs(z))
        const want = (a.f(z + h, p) - a.f(z - h, p)) / (2 * h)
        expect(Math.abs(a.df(z, p) - want), `f′(${z})`).toBeLessThan(1e-8 * (1 + steepest))
      }
    })
    if (a.d2f)
      it('has f″ as the derivative of f′', () => {
        for (const z of points) {
          const h = 1e-5 * Math.max(1, Math.abs(z))
          const want = (a.df(z + h, p) - a.df(z - h, p)) / (2 * h)
          expect(Math.abs(a.d2f!(z, p) - want), `f″(${z})`).toBeLessThan(1e-8 * (1 + steepest))
        }
      })
    it('stays finite and exact far out', () => {
      for (const z of [-1e3, -50, 50, 1e3, -1e300, 1e300, 0]) {
        expect(Number.isFinite(a.f(z, p)), `f(${z})`).toBe(true)
        expect(Number.isFinite(a.df(z, p)), `f′(${z})`).toBe(true)
      }
      expect(a.f(NaN, p)).toBeNaN()
    })
    it('is saturated exactly where its slope is under 5 % of the largest', () => {
      const { saturatedBelow: below, saturatedAbove: above } = a.regime(p)
      const tail = (bound: number | undefined, out: -1 | 1): void => {
        if (bound === undefined) {
          for (const z of [1, 8, 50, 1e3]) expect(slope(out * z), `f′(${out * z})`).toBeGreaterThanOrEqual(0.05 * steepest)
          return
        }
        for (const d of [1e-6, 0.01, 1, 5, 30, 500])
          expect(slope(bound + out * d), `f′(${bound + out * d})`).toBeLessThan(0.05 * steepest * (1 + 1e-6))
        expect(slope(bound - out * 1e-5), 'just inside').toBeGreaterThanOrEqual(0.05 * steepest * (1 - 1e-4))
      }
      tail(below, -1)
      tail(above, 1)
    })
    it('can die exactly if nothing passes below zero', () => {
      const silent = points.filter((z) => z < 0).every((z) => a.df(z, p) === 0 && a.f(z, p) === 0)
      expect(a.regime(p).canDie === true).toBe(silent)
      // Statistics take a positive output for a live unit.
      if (silent) for (const z of points) expect(a.f(z, p)).toBeGreaterThanOrEqual(0)
    })
  })
})
