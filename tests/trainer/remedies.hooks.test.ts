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
  const given = values.map((v, i) => ({
    name: `l/${i}`,
    role: roles[i % 3]!,
    gradient: tf.tensor(v, shapes[i % 3]!, 'float32') as Tensor,
    weight: tf.ones(shapes[i % 3]!) as Tensor
  }))
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
      weight: tf.tensor1d([-1, -0.005, 0, 0.02, NaN]) as Tensor,
      before: tf.zeros([5]) as Tensor
    }))
    const out = remedies.get('weightClip').hook!.weights!(
      tf,
      w,
      scalars({ limit: 0.01 }),
      { limit: 0.01 },
      { learningRate: tf.scalar(0) }
    ).map((t) => [...t.dataSync()])
    const c = Math.fround(0.01)
    for (const row of out.slice(0, 3)) expect(row).toEqual([-c, Math.fround(-0.005), 0, c, NaN])
    expect(out[3]).toEqual([-1, Math.fround(-0.005), 0, Math.fround(0.02), NaN])
  })
})

describe('adaptive clipping', () => {
  it('limits each unit’s gradient to a share of its weights’ norm', () => {
    const [rows, columns] = [5, 7]
    for (const [gs, ws] of [
      [1, 1],
      [1e-3, 1],
      [1e30, 1e-30],
      [3, 0]
    ] as const) {
      const [g, w] = [normals(gs, 'g'), normals(ws, 'w')]
      const given = (role: 'kernel' | 'bias') => ({
        name: 'l/kernel',
        role,
        gradient: tf.tensor(g, [rows, columns]) as Tensor,
        weight: tf.tensor(w, [rows, columns]) as Tensor
      })
      const hook = remedies.get('adaptiveClip').hook!.gradients!
      const [out, bias] = hook(tf, [given('kernel'), given('bias')], scalars({ ratio: 0.1 }), {}).map((t) => [...t.dataSync()])
      const column = (v: number[], j: number): number => norm(v.filter((_, i) => i % columns === j))
      const want = g.map((x, i) => x * Math.min(1, (Math.fround(0.1) * Math.max(1e-3, column(w, i % columns))) / column(g, i % columns)))
      close([out!], [want])
      expect(bias).toEqual(g)
    }
  })
})

/** Largest singular value in float64, by one-sided Jacobi rotations: rows or columns, whichever are fewer, are turned until they are orthogonal. */
function largestOf(values: number[], rows: number, columns: number): number {
  const at = (k: number): Float64Array => Float64Array.from(rows >= columns ? values.filter((_, i) => i % columns === k) : values.slice(k * columns, (k + 1) * columns))
  const vectors = Array.from({ length: Math.min(rows, columns) }, (_, k) => at(k))
  const dot = (a: Float64Array, b: Float64Array): number => {
    let s = 0
    for (let k = 0; k < a.length; k++) s += a[k]! * b[k]!
    return s
  }
  for (let turned = true; turned;) {
    turned = false
    for (let j = 1; j < vectors.length; j++)
      for (let i = 0; i < j; i++) {
        const [a, b] = [vectors[i]!, vectors[j]!]
        const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)]
        if (Math.abs(ab) <= 1e-6 * Math.sqrt(aa * bb)) continue
        turned = true
        const angle = 0.5 * Math.atan2(2 * ab, aa - bb)
        const [c, s] = [Math.cos(angle), Math.sin(angle)]
        for (let k = 0; k < a.length; k++) [a[k], b[k]] = [c * a[k]! + s * b[k]!, c * b[k]! - s * a[k]!]
      }
  }
  return Math.sqrt(Math.max(...vectors.map((v) => dot(v, v))))
}

describe('spectral norm', () => {
  const limited = (values: number[], shape: number[], limit: number): number[] => {
    const weight = tf.tensor(values, shape) as Tensor
    const list = [{ name: 'l/kernel', role: 'kernel' as const, weight, before: weight }]
    return [...remedies.get('spectralNorm').hook!.weights!(tf, list, scalars({ limit }), {}, { learningRate: tf.scalar(0) })[0]!.dataSync()]
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
    const columns = shape[shape.length - 1]!
    const n = shape.reduce((a, b) => a * b, 1)
    const w = normals(1, `kernel ${shape.join()}`, n)
    const sigma = largestOf(w, n / columns, columns)
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

describe('weight decay', () => {
  it('takes α·λ·w of kernels off, whatever the optimizer did', () => {
    const t = (v: number): Tensor => tf.tensor1d([v])
    const list = (['kernel', 'bias'] as const).map((role) => ({ name: role, role, weight: t(2), before: t(3) }))
    const out = remedies.get('weightDecay').hook!.weights!(tf, list, scalars({ lambda: 0.1 }), {}, { learningRate: tf.scalar(0.5) }).map(
      (x) => x.dataSync()[0]
    )
    expect(out[0]).toBeCloseTo(2 - 0.5 * 0.1 * 3, 6)
    expect(out[1]).toBe(2)
  })
})

describe('an L1 penalty', () => {
  it('is λ·Σ|w| of kernels only', () => {
    const list = (['kernel', 'bias'] as const).map((role) => ({ name: role, role, weight: tf.tensor1d([1, -2, 3]) as Tensor }))
    expect(remedies.get('l1').hook!.penalty!(tf, list, scalars({ lambda: 0.5 }), {})!.dataSync()[0]).toBeCloseTo(3, 6)
    expect(remedies.get('l1').hook!.penalty!(tf, list.slice(1), scalars({ lambda: 0.5 }), {})).toBeUndefined()
  })
})
