import { activations } from '@shared/catalog/activations'
import { initializers } from '@shared/catalog/initializers'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Params } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import type { TF, Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { loadTf } from './tf'

const tf = loadTf()
/** Away from kinks at 0 and ±3. */
const points = Array.from({ length: 161 }, (_, i) => (i - 80) / 8 + 0.01)
/** Default parameters, and a set with every number moved off its default. */
export function variants(fields: (typeof activations.all)[number]['fields']): Params[] {
  const base = defaultsOf(fields, lookup)
  const numbers = Object.entries(fields).flatMap(([k, f]) => (f.type === 'number' ? [[k, f] as const] : []))
  if (!numbers.length) return [base]
  const moved = (pick: (min: number, max: number) => number): Params => ({
    ...base,
    ...Object.fromEntries(numbers.map(([k, f]) => [k, pick(f.min ?? f.above ?? 0, f.max ?? f.below ?? 1)]))
  })
  return [base, moved((a, b) => a + 0.2 * (b - a)), moved((a, b) => a + 0.05 * (b - a))]
}

describe.each(activations.all.map((a) => [a.id, a] as const))('activation %s', (_id, a) => {
  describe.each(variants(a.fields))('with %j', (p) => {
    /** As it starts: what it learns has its first value. */
    const forward = (lib: TF, z: Tensor): Tensor => {
      const learnt = (a.weights?.(p, z.shape.slice(-1)) ?? []).map((w) => {
        const { id, ...params } = w.init
        return [
          w.name,
          tf.tensor(initializers.get(id).sample(w.shape, w.fanIn, w.fanOut, makeRng(0, w.name), params), w.shape)
        ] as const
      })
      return a.forward(lib, z, p, Object.fromEntries(learnt))
    }
    it('on tensors is f', () => {
      const h = tf.tidy(() => forward(tf, tf.tensor1d(points)).dataSync())
      points.forEach((z, i) =>
        expect(Math.abs(h[i]! - a.f(z, p)), `f(${z})`).toBeLessThan(2e-6 * (1 + Math.abs(a.f(z, p))))
      )
    })
    it('on tensors has the gradient f′·∂y', () => {
      const dy = points.map((_, i) => Math.sin(i) * 2)
      const g = tf.tidy(() =>
        tf
          .grad((z) => tf.mul(forward(tf, z), 1))(tf.tensor1d(points), tf.tensor1d(dy))
          .dataSync()
      )
      points.forEach((z, i) =>
        expect(Math.abs(g[i]! - a.df(z, p) * dy[i]!), `f′(${z})`).toBeLessThan(3e-6 * (1 + Math.abs(a.df(z, p))))
      )
    })
    if (a.d2f)
      it('on tensors has a gradient with a gradient: f″·∂y, and f′ by ∂y', () => {
        const dy = points.map((_, i) => Math.sin(i) * 2)
        const [byZ, byDy] = tf.tidy(() => {
          const inner = (z: Tensor, d: Tensor): Tensor => tf.grad((x) => tf.mul(forward(tf, x), 1))(z, d)
          const xs: Tensor[] = [tf.tensor1d(points), tf.tensor1d(dy)]
          // Straight ones have no path from z at all.
          return tf
            .engine()
            .gradients(() => tf.sum(inner(xs[0]!, xs[1]!)) as Tensor, xs, undefined, true)
            .grads.map((t, i) => (t ?? tf.zerosLike(xs[i]!)).dataSync())
        })
        points.forEach((z, i) => {
          expect(Math.abs(byZ![i]! - a.d2f!(z, p) * dy[i]!), `f″(${z})`).toBeLessThan(
            3e-6 * (1 + Math.abs(a.d2f!(z, p)))
          )
          expect(Math.abs(byDy![i]! - a.df(z, p)), `f′(${z})`).toBeLessThan(3e-6 * (1 + Math.abs(a.df(z, p))))
        })
      })
    it("gives the same without TensorFlow's own gradient ops", () => {
      const plain = new Proxy(tf, { get: (t, k) => (k === 'getBackend' ? () => 'plain' : (t as never)[k]) })
      const [h, g] = tf.tidy(() => [
        forward(plain, tf.tensor1d(points)).dataSync(),
        tf
          .grad((z) => tf.mul(forward(plain, z), 1))(tf.tensor1d(points))
          .dataSync()
      ])
      points.forEach((z, i) => {
        expect(Math.abs(h[i]! - a.f(z, p)), `f(${z})`).toBeLessThan(2e-6 * (1 + Math.abs(a.f(z, p))))
        expect(Math.abs(g[i]! - a.df(z, p)), `f′(${z})`).toBeLessThan(3e-6 * (1 + Math.abs(a.df(z, p))))
      })
    })
    it('passes NaN on', () => {
      expect(tf.tidy(() => forward(tf, tf.tensor1d([NaN, 1])).dataSync()[0])).toBeNaN()
      expect(a.f(NaN, p)).toBeNaN()
    })
  })
})
