import { describe, expect, it } from 'vitest'
import { datasets, type Data } from '@shared/catalog/datasets'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, parseSpec } from '@shared/base/params'
import type { Problem } from '@shared/base/problems'

const load = (id: string, more: object = {}, seed = 5): Data => {
  const d = datasets.get(id)
  return d.load({ ...defaultsOf(d.fields, lookup), ...more }, { seed })
}
const point = (d: Data, i: number): number[] => [...d.x.subarray(i * d.inputShape[0]!, (i + 1) * d.inputShape[0]!)]
const each = <T>(d: Data, f: (p: number[], k: number) => T): T[] =>
  Array.from({ length: d.count }, (_, i) => f(point(d, i), d.y[i]!))

describe('random pairs', () => {
  it('are the starter article’s: 64 × 1000 and 64 × 10, standard normal, one batch', () => {
    const d = load('randomPairs')
    expect([d.count, d.inputShape, d.targetShape, d.fullBatch]).toEqual([64, [1000], [10], true])
    for (const v of [d.x, load('randomPairs', { count: 2000, inputs: 1, outputs: 10 }).y]) {
      const mean = v.reduce((a, b) => a + b, 0) / v.length
      const variance = v.reduce((a, b) => a + (b - mean) ** 2, 0) / v.length
      expect(Math.abs(mean)).toBeLessThan(4 / Math.sqrt(v.length))
      expect(Math.abs(variance - 1)).toBeLessThan(6 / Math.sqrt(v.length))
    }
    expect([...d.y.subarray(0, 5)]).not.toEqual([...d.x.subarray(0, 5)])
  })
  it('change with the seed', () => expect(load('randomPairs', {}, 6).x[0]).not.toBe(load('randomPairs').x[0]))
})

describe('plane figures without noise', () => {
  it('circles: two radii', () => {
    for (const [r, k] of each(load('circles', { noise: 0, factor: 0.3 }), (p, k) => [Math.hypot(p[0]!, p[1]!), k]))
      expect(r).toBeCloseTo(k ? 0.3 : 1, 5)
  })
  it('moons: two half rings', () => {
    each(load('moons', { noise: 0 }), ([x, y], k) => {
      expect(k ? Math.hypot(x! - 1, y! - 0.5) : Math.hypot(x!, y!)).toBeCloseTo(1, 5)
      expect(k ? y! <= 0.5 : y! >= 0).toBe(true)
    })
  })
  it('spirals: the angle follows the radius, arms apart', () => {
    each(load('spirals', { noise: 0, arms: 2, turns: 1.5 }), ([x, y], k) => {
      const turn = Math.atan2(y!, x!) / (2 * Math.PI) - 1.5 * Math.hypot(x!, y!) - k / 2
      expect(Math.abs(turn - Math.round(turn))).toBeLessThan(1e-5)
    })
    expect(load('spirals', { arms: 5 })).toMatchObject({ task: 'multiclass', targetShape: [5] })
  })
  it('blobs: centres at the distance asked for, in any dimension', () => {
    for (const inputs of [1, 2, 7])
      for (const r of each(load('blobs', { noise: 0, inputs, distance: 3 }), (p) => Math.hypot(...p)))
        expect(r).toBeCloseTo(3, 5)
  })
  it('xor and checkerboard: the class is where the point is', () => {
    each(load('xor', { noise: 0 }), ([x, y], k) => expect(x! * y! < 0 ? 1 : 0).toBe(k))
    const field = (v: number): number => Math.min(3, Math.floor(((v + 1) / 2) * 4))
    each(load('checkerboard', { noise: 0 }), ([x, y], k) => expect((field(x!) + field(y!)) % 2).toBe(k))
  })
  it('noise has the standard deviation it says', () => {
    const d = load('blobs', { noise: 0.5, distance: 0, count: 20000 })
    expect(Math.sqrt(d.x.reduce((a, v) => a + v * v, 0) / d.x.length)).toBeCloseTo(0.5, 1)
  })
  it('classes come in equal parts', () => {
    const d = load('blobs', { classes: 4, count: 400 })
    for (let k = 0; k < 4; k++)
      expect(Array.from({ length: 400 }, (_, i) => d.y[i * 4 + k]!).reduce((a, b) => a + b)).toBe(100)
  })
})

describe('shipped tables', () => {
  it('digits: 8 × 8 pixels, a zero first', () => {
    const d = load('digits')
    expect(d).toMatchObject({ count: 1797, inputShape: [64], targetShape: [10] })
    expect(
      point(d, 0)
        .slice(0, 8)
        .map((v) => v * 16)
    ).toEqual([0, 0, 5, 13, 9, 1, 0, 0])
    expect(d.y[0]).toBe(1)
    const perClass = Array.from({ length: 10 }, (_, k) =>
      Array.from({ length: 1797 }, (_, i) => d.y[i * 10 + k]!).reduce((a, b) => a + b)
    )
    expect(perClass).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
  })
  it.each([
    ['iris', [50, 50, 50]],
    ['wine', [59, 71, 48]]
  ])('%s has its class sizes', (id, sizes) => {
    const d = load(id)
    expect(
      d.classes!.map((_, k) =>
        Array.from({ length: d.count }, (_, i) => d.y[i * d.classes!.length + k]!).reduce((a, b) => a + b)
      )
    ).toEqual(sizes)
  })
  it('breast cancer and diabetes', () => {
    const cancer = load('breastCancer')
    expect([cancer.classes, cancer.y.reduce((a, b) => a + b, 0)]).toEqual([['benign', 'malignant'], 212])
    const diabetes = load('diabetes')
    expect(point(diabetes, 0)).toEqual([59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87].map(Math.fround))
    expect(diabetes.y[0]).toBe(151)
  })
})

describe('parameters', () => {
  it('out of range are refused by field', () => {
    const problems: Problem[] = []
    parseSpec(
      'datasets',
      { id: 'circles', count: 1, factor: 1, turns: 3, noise: '0' },
      'data.dataset',
      problems,
      lookup
    )
    expect(problems.map((p) => p.path).sort()).toEqual(
      ['count', 'factor', 'noise', 'turns'].map((k) => `data.dataset.${k}`)
    )
  })
})
