/** Few values far from all others, and tails that are no such thing. */
import { farValues } from '@shared/base/farValues'
import { makeRng } from '@shared/base/random/rng'
import { describe, expect, it } from 'vitest'

const usual = Array.from({ length: 200 }, (_, i) => 100 + 20 * Math.sin(i))
const withFar = (...far: number[]): number[] => usual.map((v, i) => far[i - 50] ?? v)

describe('values far from all others', () => {
  it.each<[string, number[], number, number]>([
    ['one in another unit', [104_000], 104_000, 104_000],
    ['several', [90_000, 120_000, 101_000], 90_000, 120_000],
    ['on both sides', [-99_000, 120_000], -99_000, 120_000]
  ])('are told: %s', (_name, far, from, to) => {
    const found = farValues(withFar(...far))!
    expect(found.places).toEqual(far.map((_, i) => 50 + i))
    expect(found).toMatchObject({ from, to })
    expect([Math.round(found.low), Math.round(found.high)]).toEqual([80, 120])
  })
  it('are none where they are many, no farther than tails reach, or hardly any values are there', () => {
    expect(farValues(usual.map((v, i) => (i % 10 ? v : 1e6)))).toBeUndefined()
    expect(farValues(withFar(300))).toBeUndefined()
    expect(farValues(withFar(...Array.from({ length: 8 }, (_, i) => 100 + 20 * 4 ** i)))).toBeUndefined()
    expect(farValues([1, 2, 3, 1e9])).toBeUndefined()
    expect(farValues(usual.map((_, i) => (i === 3 ? 5 : 0)))).toBeUndefined()
  })
  it('are told wherever they stand among many, also where most values are the same', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => 100 + 20 * Math.sin(i))
    for (const every of [25, 312, 1000, 20_000])
      for (const from of [0, 11]) {
        const places = many.flatMap((_, i) => (i % every === from ? [i] : []))
        expect(farValues(many.map((v, i) => (i % every === from ? 1e6 : v)))?.places).toEqual(places)
      }
    const flat = many.map((v, i) => (i % 10 ? 0 : v))
    expect(farValues(flat.map((v, i) => (i === 777 ? 1e6 : v)))?.places).toEqual([777])
    expect(farValues(flat)).toBeUndefined()
  })
  it.each([
    ['exponential', (u: number) => -Math.log(1 - u)],
    ['lognormal', (_u: number, g: number) => Math.exp(g)],
    ['Pareto with a variance', (u: number) => (1 - u) ** (-1 / 3)]
  ])('are none of %s samples', (_name, of) => {
    const rng = makeRng(7, 'far')
    for (let sample = 0; sample < 100; sample++)
      expect(farValues(Array.from({ length: 300 }, () => of(rng.uniform(), rng.normal())))).toBeUndefined()
  })
})
