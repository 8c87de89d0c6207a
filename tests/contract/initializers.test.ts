import { initializers } from '@shared/catalog/initializers'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Params } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import type { Initializer } from '@shared/catalog/initializers'
import { describe, expect, it } from 'vitest'

const bits = (a: Float32Array): Buffer => Buffer.from(a.buffer, a.byteOffset, a.byteLength)
/** Defaults, and each number at 0.7. */
const variants = (i: Initializer): Params[] => {
  const base = defaultsOf(i.fields, lookup)
  return [base, ...Object.entries(i.fields).flatMap(([k, f]) => (f.type === 'number' ? [{ ...base, [k]: 0.7 }] : []))]
}
/** Dense kernels, square, wide and narrow, and a convolution's: [rows, columns, channels in, channels out]. */
const kernels = [
  { shape: [200, 200], fanIn: 200, fanOut: 200 },
  { shape: [400, 90], fanIn: 400, fanOut: 90 },
  { shape: [90, 400], fanIn: 90, fanOut: 400 },
  { shape: [3, 3, 48, 64], fanIn: 432, fanOut: 576 },
  { shape: [3, 3, 1, 32], fanIn: 9, fanOut: 288 }
]

describe.each(initializers.all.map((i) => [i.id, i] as const))('initializer %s', (id, init) => {
  describe.each(variants(init).map((p) => [JSON.stringify(p), p] as const))('%s', (_p, p) => {
    it.each(kernels)('draws $shape with the mean and variance it says', ({ shape, fanIn, fanOut }) => {
      const w = init.sample(shape, fanIn, fanOut, makeRng(1, id), p)
      const n = shape.reduce((a, b) => a * b, 1)
      expect(w).toHaveLength(n)
      const mean = w.reduce((a, x) => a + x, 0) / n
      const variance = w.reduce((a, x) => a + (x - mean) ** 2, 0) / n
      const [m, v] = [init.mean?.(fanIn, fanOut, p, shape) ?? 0, init.variance(fanIn, fanOut, p, shape)]
      // The sample variance scatters by √((κ − 1)/n): the kurtosis κ of a normal is 3, that of mostly zeros more.
      const kurtosis = Math.max(3, w.reduce((a, x) => a + (x - mean) ** 4, 0) / n / (variance ** 2 || 1))
      expect(Math.abs(variance - v), `variance ${variance}, says ${v}`).toBeLessThanOrEqual(
        5 * Math.sqrt((kurtosis - 1) / n) * v + 1e-12
      )
      expect(Math.abs(mean - m), `mean ${mean}, says ${m}`).toBeLessThanOrEqual(5 * Math.sqrt(v / n) + 1e-6)
    })
    it('repeats by seed, bit for bit', () => {
      const draw = (seed: number): Buffer => bits(init.sample([7, 9], 7, 9, makeRng(seed, 'layer/kernel'), p))
      expect(draw(3).equals(draw(3))).toBe(true)
      if (init.variance(7, 9, p, [7, 9]) > 0 && id !== 'identity') expect(draw(3).equals(draw(4))).toBe(false)
    })
  })
})

describe('orthogonal', () => {
  it.each([
    [60, 60],
    [80, 30],
    [30, 80]
  ])('has orthonormal rows or columns at %i × %i', (rows, cols) => {
    const w = initializers.get('orthogonal').sample([rows, cols], rows, cols, makeRng(2, 'q'), { gain: 1.5 })
    const count = Math.min(rows, cols)
    const vector = (k: number): number[] =>
      Array.from({ length: Math.max(rows, cols) }, (_, i) => (rows <= cols ? w[k * cols + i]! : w[i * cols + k]!))
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= i; j++) {
        const dot = vector(i).reduce((a, x, k) => a + x * vector(j)[k]!, 0)
        expect(Math.abs(dot - (i === j ? 2.25 : 0))).toBeLessThan(1e-5)
      }
  })
  it('keeps its digits on vectors that are all but parallel', () => {
    const rng = makeRng(0, 'parallel')
    const close = { ...rng, normal: () => 1 + 1e-9 * rng.normal() }
    const w = initializers.get('orthogonal').sample([12, 12], 12, 12, close, { gain: 1 })
    for (let i = 0; i < 12; i++)
      for (let j = 0; j < i; j++)
        expect(
          Math.abs(Array.from({ length: 12 }, (_, k) => w[i * 12 + k]! * w[j * 12 + k]!).reduce((a, b) => a + b))
        ).toBeLessThan(1e-6)
  })
})

it('identity copies its input, a convolution the channel at its centre', () => {
  const { sample } = initializers.get('identity')
  const rng = makeRng(0, 'i')
  expect([...sample([2, 3], 2, 3, rng, { gain: 2 })]).toEqual([2, 0, 0, 0, 2, 0])
  const conv = sample([3, 3, 2, 2], 18, 18, rng, { gain: 1 })
  expect([...conv].map((v, i) => (v ? i : -1)).filter((i) => i >= 0)).toEqual([16, 19])
})
