import { makeRng } from '@shared/base/random/rng'
import { remedies } from '@shared/clinic/remedies'
import { largestSingular } from '@shared/clinic/remedies/parts/plain'
import type { Scalar, Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { TwinContexts } from './hookContext'
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
  const given = values.map((v, i) => ({
    name: `l/${i}`,
    role: roles[i % 3]!,
    gradient: tf.tensor(v, shapes[i % 3]!, 'float32') as Tensor,
    weight: tf.ones(shapes[i % 3]!) as Tensor
  }))
  const out = remedies.get(id).hook!.gradients!(tf, given, scalars(p), p, new TwinContexts(tf).real(1))
  out.forEach((t, i) => expect(t.shape).toEqual(given[i]!.gradient.shape))
  return out.map((t) => [...t.dataSync()])
}
const norm = (v: number[]): number => Math.sqrt(v.reduce((a, x) => a + x * x, 0))
describe('what is not finite', () => {
  const bad = (v: number): number[][] => [
    normals(1, 'a').map((x, i) => (i === 4 ? v : x)),
    normals(1, 'b'),
    normals(1, 'c')
  ]
  it('NaN stays NaN', () => {
    for (const [id, p] of [
      ['clipByValue', { limit: 0.1 }],
      ['clipByNorm', { maxNorm: 0.1 }],
      ['clipByGlobalNorm', { maxNorm: 0.1 }]
    ] as const) {
      const out = gradients(id, p, bad(NaN))
      expect(out[0]![4]).toBeNaN()
    }
    const weight = tf.tensor1d([1, NaN]) as Tensor
    const [clipped] = remedies.get('weightClip').hook!.weights!(
      tf,
      [{ name: 'w', role: 'kernel', weight, before: weight }],
      scalars({ limit: 0.01 }),
      {},
      new TwinContexts(tf).real(1)
    )
    expect([...clipped!.dataSync()]).toEqual([Math.fround(0.01), NaN])
  })
  it('Inf is cut by value, and is not turned into zeros by a norm', () => {
    expect(gradients('clipByValue', { limit: 0.1 }, bad(-Infinity))[0]![4]).toBeCloseTo(-0.1, 6)
    for (const id of ['clipByNorm', 'clipByGlobalNorm'])
      expect(gradients(id, { maxNorm: 0.1 }, bad(Infinity))[0]![4]).toBe(Infinity)
  })
})

describe('spectral norm', () => {
  const limited = (values: number[], shape: number[], limit: number): number[] => {
    const weight = tf.tensor(values, shape) as Tensor
    const list = [{ name: 'l/kernel', role: 'kernel' as const, weight, before: weight }]
    return [
      ...remedies.get('spectralNorm').hook!.weights!(
        tf,
        list,
        scalars({ limit }),
        {},
        new TwinContexts(tf).real(1)
      )[0]!.dataSync()
    ]
  }
  it('finds the largest singular value of a known matrix, and scales the whole to it', () => {
    // Two orthogonal directions stretched by 3 and by 0.5.
    const [c, s] = [Math.cos(0.7), Math.sin(0.7)]
    const w = [3 * c, 3 * s, -0.5 * s, 0.5 * c]
    limited(w, [2, 2], 1.5).forEach((x, i) => expect(x).toBeCloseTo(w[i]! / 2, 5))
    limited(w, [2, 2], 4).forEach((x, i) => expect(x).toBeCloseTo(w[i]!, 6))
  })
  it.each([
    [64, 64],
    [128, 128],
    [64, 256],
    [256, 64],
    [9, 32],
    [3, 3, 16, 32]
  ])('holds random kernels of %i × %i … to the limit', (...shape) => {
    const n = shape.reduce((a, b) => a * b, 1)
    const w = normals(1, `kernel ${shape.join()}`, n)
    const sigma = largestSingular({ values: w, shape })
    const out = limited(w, shape, sigma / 3)
    const factor = out[0]! / w[0]!
    out.forEach((x, i) => expect(Math.abs(x - factor * w[i]!)).toBeLessThan(1e-6 * (1 + Math.abs(x))))
    expect(3 * factor).toBeLessThan(1.01)
    expect(3 * factor).toBeGreaterThan(1 - 1e-5)
  })
  it('never shrinks what is within the limit, at any scale', () => {
    for (const scale of [1e-30, 1, 1e30]) {
      const w = normals(scale, 'w')
      const frobenius = norm(w)
      limited(w, [5, 7], Math.min(frobenius * 1.001, 3e38)).forEach((x, i) => expect(x).toBe(w[i]))
    }
  })
})
