import { normaliseBatch } from '@shared/catalog/layers/parts/normalise'
import type { Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { normals } from './support'
import { loadTf } from './tf'

const tf = loadTf()

describe('batch norm in one native call', () => {
  const EPSILON = 1e-5
  const of = (shape: number[], name: string, scale = 1, mean = 0): Float32Array =>
    normals(
      shape.reduce((a, b) => a * b, 1),
      name
    ).map((v) => v * scale + mean)

  it.each([
    ['a few rows', [8, 5], 1, 0],
    ['as many channels as fit two lines', [64, 32], 3, 0.5],
    ['a sequence', [4, 7, 19], 1, 0],
    ['a picture', [6, 3, 4, 17], 0.1, 0],
    ['a mean that is large beside the deviation', [32, 16], 1e-2, 100],
    ['enough to share among threads', [2048, 300], 1, 0]
  ] as const)('%s: value and gradient are those of the formula in float64', (_what, shape, scale, mean) => {
    const size = [...shape]
    const channels = size[size.length - 1]!
    const rows = size.reduce((a, b) => a * b, 1) / channels
    const [x, dy] = [of(size, 'x', scale, mean), of(size, 'dy')]
    const [gamma, beta] = [of([channels], 'gamma'), of([channels], 'beta')]
    const tensors = [tf.tensor(x, size), tf.tensor1d(gamma), tf.tensor1d(beta)] as [Tensor, Tensor, Tensor]
    const out = normaliseBatch(tf, ...tensors, EPSILON)
    const grads = tf.grads((a, g, b) => normaliseBatch(tf, a!, g!, b!, EPSILON).y)(tensors, tf.tensor(dy, size))
    const got = [out.y, out.mean, out.variance, ...grads].map((t) => t.dataSync<'float32'>())
    const want = got.map((v) => new Float64Array(v.length))
    for (let c = 0; c < channels; c++) {
      const all = Array.from({ length: rows }, (_, r) => r * channels + c)
      const average = (f: (i: number) => number): number => all.reduce((s, i) => s + f(i), 0) / rows
      const m = average((i) => x[i]!)
      const variance = average((i) => (x[i]! - m) ** 2)
      const inverse = 1 / Math.sqrt(variance + EPSILON)
      const hat = (i: number): number => (x[i]! - m) * inverse
      const [d, dHat] = [average((i) => dy[i]!), average((i) => dy[i]! * hat(i))]
      want[1]![c] = m
      want[2]![c] = variance
      want[4]![c] = dHat * rows
      want[5]![c] = d * rows
      for (const i of all) {
        want[0]![i] = hat(i) * gamma[c]! + beta[c]!
        want[3]![i] = gamma[c]! * inverse * (dy[i]! - d - hat(i) * dHat)
      }
    }
    // A mean that float32 rounds moves every value by as much.
    const most = 2e-6 + (Math.abs(mean) / scale) * 1e-7
    got.forEach((v, k) => {
      const largest = want[k]!.reduce((a, b) => Math.max(a, Math.abs(b)), 0)
      const far = v.reduce((a, b, i) => Math.max(a, Math.abs(b - want[k]![i]!)), 0)
      expect(far / largest, ['y', 'mean', 'variance', '∂x', '∂γ', '∂β'][k]).toBeLessThan(most)
    })
  })
  it('a batch with a NaN has no mean', () => {
    const x = of([8, 5], 'x')
    x[6] = NaN
    const { y, mean } = normaliseBatch(tf, tf.tensor2d(x, [8, 5]), tf.ones([5]), tf.zeros([5]), EPSILON)
    expect(Array.from(mean.dataSync<'float32'>(), Number.isNaN)).toEqual([false, true, false, false, false])
    expect(Number.isNaN(y.dataSync<'float32'>()[11])).toBe(true)
  })
})
