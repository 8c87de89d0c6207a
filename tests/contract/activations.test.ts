import { activations } from '@shared/catalog/activations'
import { initializers } from '@shared/catalog/initializers'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, parseSpec, type Params } from '@shared/base/params'
import type { Problem } from '@shared/base/problems'
import { chi1, gaussianCdf, lengthMap } from '@shared/theory'
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
  describe.each(variants(a.fields).map((p) => [JSON.stringify(p), p] as const))('%s', (_p, p) => {
    it('names an initializer that exists, with parameters that it takes', () => {
      const problems: Problem[] = []
      parseSpec('initializers', a.initializer(p), '', problems, lookup)
      expect(problems).toEqual([])
    })
    const slope = (z: number): number => Math.abs(a.df(z, p))
    const largest = [...everywhere, -1e-9, 1e-9, -1e3, 1e3].reduce((m, z) => Math.max(m, slope(z)), 0)
    // A slope without bound is held against that at 0.
    const steepest = Number.isFinite(largest) ? largest : slope(0)
    it('has f′ as its derivative', () => {
      for (const z of points) {
        const h = 1e-5 * Math.max(1, Math.abs(z))
        const want = (a.f(z + h, p) - a.f(z - h, p)) / (2 * h)
        expect(Math.abs(a.df(z, p) - want), `f′(${z})`).toBeLessThan(1e-8 * (1 + steepest + Math.abs(want)))
      }
    })
    if (a.d2f)
      it('has f″ as the derivative of f′', () => {
        for (const z of points) {
          const h = 1e-5 * Math.max(1, Math.abs(z))
          const want = (a.df(z + h, p) - a.df(z - h, p)) / (2 * h)
          expect(Math.abs(a.d2f!(z, p) - want), `f″(${z})`).toBeLessThan(1e-8 * (1 + steepest + Math.abs(want)))
        }
      })
    it('stays finite and exact far out', () => {
      // What float64 cannot hold is infinite.
      const far = a.f(700, p) > 1e300 ? [] : [1e3, 1e300]
      for (const z of [-1e3, -50, 50, -1e300, 0, ...far]) {
        expect(Number.isFinite(a.f(z, p)), `f(${z})`).toBe(true)
        expect(Number.isFinite(a.df(z, p)), `f′(${z})`).toBe(true)
      }
      expect(a.f(NaN, p)).toBeNaN()
    })
    it('is saturated exactly where its slope is under 5 % of the largest', () => {
      const { saturatedBelow: below, saturatedAbove: above } = a.regime(p)
      const tail = (bound: number | undefined, out: -1 | 1): void => {
        if (bound === undefined) {
          for (const z of [1, 8, 50, 1e3])
            expect(slope(out * z), `f′(${out * z})`).toBeGreaterThanOrEqual(0.05 * steepest)
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

describe('with the initializer made for it', () => {
  /** n·Var(W) of a square layer. */
  const gainOf = (id: string, params: Params): number => {
    const { id: start, ...p } = parseSpec('initializers', activations.get(id).initializer(params), '', [], lookup)
    return 64 * initializers.get(start).variance(64, 64, p, [64, 64])
  }
  it.each([
    ['relu', [0]],
    ['leakyRelu', [0, 0.01, 0.2, 0.5, 1]],
    ['prelu', [0.05, 0.25, 0.7, 1]]
  ] as const)('%s keeps the gradient: χ₁ = 1', (id, slopes) => {
    for (const alpha of slopes) {
      const params = { ...defaultsOf(activations.get(id).fields, lookup), ...(id !== 'relu' && { alpha }) }
      expect(Math.abs(chi1({ id, ...params }, gainOf(id, params), 1) - 1), `α = ${alpha}`).toBeLessThan(1e-9)
    }
  })
  it('SELU keeps the activations, q = 1, and its gradient grows a little', () => {
    const selu = { id: 'selu' }
    expect(Math.abs(lengthMap(selu, gainOf('selu', {}), 0, 1) - 1)).toBeLessThan(1e-9)
    const [alpha, lambda] = [1.6732632423543772, 1.0507009873554805]
    const want = lambda ** 2 * (0.5 + alpha ** 2 * Math.exp(2) * gaussianCdf(-2))
    expect(Math.abs(chi1(selu, gainOf('selu', {}), 1) - want)).toBeLessThan(1e-9)
  })
})
