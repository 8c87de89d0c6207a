import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Params } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import { remedies, type Remedy } from '@shared/clinic/remedies'
import type { Scalar, Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { fixtures, TwinContexts } from './hookContext'
import { loadTf } from './tf'

const tf = loadTf()
/** Below this TensorFlow may take a number for 0. */
const FLUSH = 1.2e-38
/** Relative. A power iteration stops short of the largest singular value. */
const TOLERANCE: Record<string, number> = { spectralNorm: 0.01 }

/**
 * Defaults, each number much smaller and much larger, each switch and choice the other way: as they are fed, in
 * float32.
 */
function variants(remedy: Remedy): Params[] {
  const base = defaultsOf(remedy.fields, lookup)
  const out = [base]
  for (const [k, f] of Object.entries(remedy.fields)) {
    if (f.type === 'number')
      for (const factor of [0.02, 30]) out.push({ ...base, [k]: Math.min(f.default * factor, f.max ?? Infinity) })
    if (f.type === 'bool') out.push({ ...base, [k]: !f.default })
    if (f.type === 'choice')
      out.push(...f.options.filter((o) => o.id !== f.default).map((o) => ({ ...base, [k]: o.id })))
  }
  return out.map((p) =>
    Object.fromEntries(Object.entries(p).map(([k, v]) => [k, typeof v === 'number' ? Math.fround(v) : v]))
  )
}
const SHAPES = [
  ['kernel', [5, 7]],
  ['bias', [7]],
  ['kernel', [3, 2, 4, 6]],
  ['scale', [7]],
  ['kernel', [9, 1]],
  ['kernel', [1, 4]]
] as const
/**
 * Sizes of the gradients, of the weights and of the weights before the step; one that is a list goes round the tensors.
 */
const SIZES: Record<string, [number | number[], number | number[]]> = {
  ordinary: [1, 0.3],
  'of many sizes': [
    [1, 0.01, 5, 1e-6],
    [1e-3, 2, 0.1, 30]
  ],
  short: [1e-4, 1e-4],
  'so large that squares overflow': [
    [1e30, 1e25],
    [1e28, 1e30]
  ],
  'so small that squares underflow': [
    [1e-30, 1e-28],
    [1e-30, 1e-25]
  ],
  'large on small weights': [1e30, 1e-30],
  'of weights that are zero': [3, 0],
  zero: [0, 0.5],
  'zero and not': [
    [0, 3],
    [0, 1, 0]
  ]
}
const values = (shape: readonly number[], size: number | number[], i: number, name: string): number[] => {
  const scale = typeof size === 'number' ? size : size[i % size.length]!
  const rng = makeRng(3, `${name}/${i}`)
  return Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.fround(scale * rng.normal()))
}

/** How many steps in a row a hook that keeps state is followed for. */
const STEPS = 7
/** The first step's values keep the names that they had before there were more. */
const stepName = (step: number): string => (step === 1 ? '' : `/${step}`)
const hooks = [...remedies.all, ...fixtures].flatMap((r) =>
  (['gradients', 'weights'] as const)
    .filter((part) => r.hook?.[part])
    .map((part) => [`${r.id} (${part})`, r, part] as const)
)
it('covers gradients and weights', () => expect(new Set(hooks.map((h) => h[2])).size).toBe(2))

describe.each(hooks)('%s', (_name, remedy, part) => {
  describe.each(variants(remedy).map((p) => [JSON.stringify(p), p] as const))('%s', (_p, p) => {
    it.each(Object.entries(SIZES))(
      'does to values that are %s what its reference does',
      (_size, [gradients, weights]) => {
        const contexts = new TwinContexts(tf)
        for (let step = 1; step <= (contexts.stateful ? STEPS : 1); step++) {
          const given = SHAPES.map(([role, shape], i) => ({
            name: `l/${i}`,
            role,
            shape: [...shape],
            gradient: values(shape, gradients, i, `gradient${stepName(step)}`),
            weight: values(shape, weights, i, `weight${stepName(step)}`),
            before: values(shape, weights, i, `before${stepName(step)}`)
          }))
          const plain = given.map(({ name, role, shape, ...v }) => ({
            name,
            role,
            gradient: { values: v.gradient, shape },
            weight: { values: v.weight, shape },
            before: { values: v.before, shape }
          }))
          const want =
            part === 'gradients'
              ? remedy.reference!.gradients!(plain, p, contexts.plain(step))
              : remedy.reference!.weights!(plain, p, contexts.plain(step))
          const scalar = (k: string): Scalar => tf.scalar(p[k] as number)
          const got = tf.tidy(() => {
            const list = given.map(({ name, role, shape, ...v }) => {
              const on = (x: number[]): Tensor => tf.tensor(x, shape, 'float32')
              return { name, role, gradient: on(v.gradient), weight: on(v.weight), before: on(v.before) }
            })
            const out =
              part === 'gradients'
                ? remedy.hook!.gradients!(tf, list, scalar, p, contexts.real(step))
                : remedy.hook!.weights!(tf, list, scalar, p, contexts.real(step))
            return out.map((t) => ({ shape: t.shape, values: Array.from(t.dataSync()) }))
          })
          expect(got.map((t) => t.shape)).toEqual(given.map((t) => t.shape))
          const tolerance = TOLERANCE[remedy.id] ?? 1e-4
          want.forEach((row, i) =>
            row.forEach((w, j) => {
              const g = got[i]!.values[j]!
              expect(
                Math.abs(g - w),
                `step ${step}, ${given[i]!.role} ${given[i]!.shape.join('×')}[${j}]: got ${g}, want ${w}`
              ).toBeLessThanOrEqual(tolerance * Math.abs(w) + FLUSH)
            })
          )
        }
      }
    )
  })
  it('does something to these values, and not always the same', () => {
    const list = SHAPES.map(([role, shape], i) => {
      const name = `l/${i}`
      const of = (name: string): { values: number[]; shape: number[] } => ({
        values: values(shape, [1, 0.01, 5], i, name),
        shape: [...shape]
      })
      return { name, role, gradient: of('gradient'), weight: of('weight'), before: of('before') }
    })
    const told = variants(remedy).map((p) =>
      JSON.stringify(
        part === 'gradients'
          ? remedy.reference!.gradients!(list, p, new TwinContexts(tf).plain(1))
          : remedy.reference!.weights!(list, p, new TwinContexts(tf).plain(1))
      )
    )
    expect(
      told.some((t) => t !== JSON.stringify(list.map((w) => (part === 'gradients' ? w.gradient : w.weight).values)))
    ).toBe(true)
    expect(new Set(told).size).toBeGreaterThan(1)
  })
})
