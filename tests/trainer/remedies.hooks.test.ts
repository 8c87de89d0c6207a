import { makeRng } from '@shared/random/rng'
import { remedies } from '@shared/remedies'
import type { Scalar, Tensor } from '@shared/tf'
import { describe, expect, it } from 'vitest'
import { loadTf } from './tf'

const tf = loadTf()
const normals = (scale: number, name: string, n = 35): number[] => {
  const rng = makeRng(3, name)
  return Array.from({ length: n }, () => Math.fround(scale * rng.normal()))
}
const shapes = [[5, 7], [35], [7, 5]]
const roles = ['kernel', 'bias', 'scale'] as const
const scalars =
  (p: Record<string, number>) =>
  (k: string): Scalar =>
    tf.scalar(p[k]!)
/** Gradients after the hook, on real TensorFlow. */
function gradients(id: string, p: Record<string, number>, values: number[][]): number[][] {
  const given = values.map((v, i) => ({ name: `l/${i}`, role: roles[i % 3]!, gradient: tf.tensor(v, shapes[i % 3]!, 'float32') as Tensor }))
  const out = remedies.get(id).hook!.gradients!(tf, given, scalars(p), p)
  out.forEach((t, i) => expect(t.shape).toEqual(given[i]!.gradient.shape))
  return out.map((t) => [...t.dataSync()])
}
const norm = (v: number[]): number => Math.sqrt(v.reduce((a, x) => a + x * x, 0))
const close = (got: number[][], want: number[][]): void =>
  got.forEach((row, i) =>
    row.forEach((x, j) => {
      const w = want[i]![j]!
      if (Number.isNaN(w)) expect(x).toBeNaN()
      else if (!Number.isFinite(w)) expect(x).toBe(w)
      else expect(Math.abs(x - w)).toBeLessThanOrEqual(2e-6 * Math.abs(w) + 1e-44)
    })
  )
const sets: Record<string, number[][]> = {
  ordinary: [normals(1, 'a'), normals(0.01, 'b'), normals(5, 'c')],
  short: [normals(1e-4, 'a'), normals(1e-4, 'b'), normals(1e-4, 'c')],
  'so large that squares overflow': [normals(1e30, 'a'), normals(1e25, 'b'), normals(1, 'c')],
  'so small that squares underflow': [normals(1e-30, 'a'), normals(1e-28, 'b'), normals(1e-30, 'c')],
  zero: [normals(0, 'a'), normals(0, 'b'), normals(0, 'c')],
  'zero and not': [normals(0, 'a'), normals(3, 'b'), normals(0, 'c')]
}
const limits = [1e-3, 0.5, 1, 1000]

describe.each(Object.entries(sets))('clipping %s gradients', (_name, g) => {
  it.each(limits)('by value %d', (limit) =>
    close(
      gradients('clipByValue', { limit }, g),
      g.map((v) => v.map((x) => Math.min(Math.max(x, -Math.fround(limit)), Math.fround(limit))))
    )
  )
  it.each(limits)('by norm %d', (c) =>
    close(
      gradients('clipByNorm', { maxNorm: c }, g),
      g.map((v) => v.map((x) => x * Math.min(1, c / (norm(v) || 1e-300))))
    )
  )
  it.each(limits)('by global norm %d', (c) => {
    const all = norm(g.flat())
    close(
      gradients('clipByGlobalNorm', { maxNorm: c }, g),
      g.map((v) => v.map((x) => x * Math.min(1, c / (all || 1e-300))))
    )
  })
})

describe('what is not finite', () => {
  const bad = (v: number): number[][] => [normals(1, 'a').map((x, i) => (i === 4 ? v : x)), normals(1, 'b'), normals(1, 'c')]
  it('NaN stays NaN', () => {
    for (const [id, p] of [
      ['clipByValue', { limit: 0.1 }],
      ['clipByNorm', { maxNorm: 0.1 }],
      ['clipByGlobalNorm', { maxNorm: 0.1 }]
    ] as const) {
      const out = gradients(id, p, bad(NaN))
      expect(out[0]![4]).toBeNaN()
    }
  })
  it('Inf is cut by value, and is not turned into zeros by a norm', () => {
    expect(gradients('clipByValue', { limit: 0.1 }, bad(-Infinity))[0]![4]).toBeCloseTo(-0.1, 6)
    for (const id of ['clipByNorm', 'clipByGlobalNorm']) expect(gradients(id, { maxNorm: 0.1 }, bad(Infinity))[0]![4]).toBe(Infinity)
  })
})

describe('weight clipping', () => {
  it('limits weights, and leaves running statistics alone', () => {
    const w = ['kernel', 'bias', 'scale', 'state'].map((role) => ({
      name: role,
      role: role as 'kernel',
      weight: tf.tensor1d([-1, -0.005, 0, 0.02, NaN]) as Tensor
    }))
    const out = remedies.get('weightClip').hook!.weights!(tf, w, scalars({ limit: 0.01 }), { limit: 0.01 }).map((t) => [...t.dataSync()])
    const c = Math.fround(0.01)
    for (const row of out.slice(0, 3)) expect(row).toEqual([-c, Math.fround(-0.005), 0, c, NaN])
    expect(out[3]).toEqual([-1, Math.fround(-0.005), 0, Math.fround(0.02), NaN])
  })
})
