import { activations } from '@shared/catalog/activations'
import { initializers } from '@shared/catalog/initializers'
import { layers } from '@shared/catalog/layers'
import {
  ShapeError,
  type ForwardContext,
  type ForwardResult,
  type LayerKind,
  type Shape,
  type WeightSpec
} from '@shared/catalog/layers/types'
import { lookup } from '@shared/experiment/lookup'
import { losses } from '@shared/catalog/losses'
import { withGradient } from '@shared/base/native'
import { defaultsOf, type Params, type RefRegistry, type Spec } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import type { Scalar, TF, Tensor } from '@shared/base/tf'
import { describe, expect, it } from 'vitest'
import { asPlain, asTensor, float64, plain } from './float64'
import { loadTf } from './tf'

const tf = loadTf()
const BATCH = 5
/** Shapes of one example; a kind is tried on all that it takes. */
const SHAPES: Shape[] = [[6], [5, 3], [6, 5, 2]]
/** Where there are very many cases; a kind is tried on the first that it takes. */
const SMALL: Shape[] = [[2], [3, 2], [3, 2, 2]]
const size = (s: number[]): number => s.reduce((a, b) => a * b, 1)
const normals = (n: number, name: string, scale = 1): number[] => {
  const rng = makeRng(11, name)
  return Array.from({ length: n }, () => Math.fround(scale * rng.normal()))
}

/** What a kind may end with. In a loop, one that grows as e^z leaves float32 within a few steps. */
const fitting = (kind: LayerKind): typeof activations.all =>
  activations.all.filter((a) => kind.group !== 'recurrent' || !(a.f(100, defaultsOf(a.fields, lookup)) > 1e38))

/** Defaults made small, every switch both ways, every choice, every activation. */
function variants(kind: LayerKind): Params[] {
  const base = defaultsOf(kind.fields, lookup)
  for (const width of ['units', 'filters']) if (width in base) base[width] = 4
  const out: Params[] = [base]
  for (const [k, f] of Object.entries(kind.fields)) {
    if (f.type === 'bool') out.push({ ...base, [k]: !f.default })
    if (f.type === 'choice')
      out.push(...f.options.filter((o) => o.id !== f.default).map((o) => ({ ...base, [k]: o.id })))
    if (f.type === 'ref' && f.registry === 'activations')
      for (const a of fitting(kind)) {
        const spec = { id: a.id, ...defaultsOf(a.fields, lookup) }
        out.push({ ...base, [k]: spec })
        for (const [name, own] of Object.entries(a.fields))
          if (own.type === 'bool') out.push({ ...base, [k]: { ...spec, [name]: !own.default } })
      }
    if (f.type === 'number' && !['units', 'filters', 'l2'].includes(k)) {
      const v = (f.default + (f.max ?? f.below ?? f.default + 2)) / 2
      out.push({ ...base, [k]: f.integer ? Math.min(Math.ceil(v), f.default + 1) : Math.min(v, f.default + 0.3) })
      // Two settings that matter only together.
      if (k === 'truncate') out.push({ ...base, truncate: 2 }, { ...base, truncate: 2, returnSequences: true })
    }
  }
  return out
}
/** Every activation with every initializer, for what has one to choose. */
function crossed(kind: LayerKind): Params[] {
  const base: Params = { ...defaultsOf(kind.fields, lookup), units: 3, filters: 3 }
  const refs = (registry: RefRegistry): string[] =>
    Object.entries(kind.fields).flatMap(([k, f]) => (f.type === 'ref' && f.registry === registry ? [k] : []))
  const specs = (entries: typeof activations.all | typeof initializers.all): Spec[] =>
    entries.map((e) => ({ id: e.id, ...defaultsOf(e.fields, lookup) }))
  const [functions, starts] = [refs('activations'), refs('initializers')]
  if (!starts.length) return []
  const set = (p: Params, fields: string[], spec: Spec): Params => ({
    ...p,
    ...Object.fromEntries(fields.map((k) => [k, spec]))
  })
  // As it is has a native cell, maybe, where others have none.
  const activated = functions.length ? [base, ...specs(fitting(kind)).map((a) => set(base, functions, a))] : [base]
  return activated.flatMap((p) => specs(initializers.all).map((s) => set(p, starts, s)))
}
interface Case {
  p: Params
  shapes: Shape[]
  weights: WeightSpec[]
  out: Shape
}
function cases(kind: LayerKind, params: Params[], usual: Shape[]): Case[] {
  return params.flatMap((p) =>
    usual.flatMap((s) => {
      const shapes = Array.from({ length: kind.inputs.min }, () => s)
      try {
        return [{ p, shapes, out: kind.infer(p, shapes), weights: kind.weights(p, shapes) }]
      } catch (e) {
        if (e instanceof ShapeError) return []
        throw e
      }
    })
  )
}
/** As a run starts. */
function initial(w: WeightSpec): number[] {
  const { id, ...p } = w.init
  return [...initializers.get(id).sample(w.shape, w.fanIn, w.fanOut, makeRng(5, w.name), p)]
}
/** As initialised, but off the special points 0 and 1. */
function start(w: WeightSpec): number[] {
  const v = initial(w)
  if (w.role === 'state') return normals(v.length, `s${w.name}`).map((x) => 1 + 0.2 * Math.abs(x))
  return normals(v.length, `w${w.name}`, 0.3).map((x, i) => Math.fround(x + v[i]!))
}

/** The layer, and a fixed random sum of squares of its outputs, so that every output counts differently. */
function run(
  lib: TF,
  kind: LayerKind,
  p: Params,
  inputs: Tensor[],
  w: Record<string, Tensor>,
  training: boolean,
  tensor: (shape: number[], values: number[]) => Tensor,
  inside: Pick<ForwardContext, 'probe' | 'cut'> = {
    probe: (_name, shape) => tensor(shape, new Array<number>(size(shape)).fill(0)),
    cut: (t) => t
  }
): Pick<ForwardResult, 'h' | 'z' | 'state' | 'probes'> & { score: Tensor } {
  const ctx: ForwardContext = {
    training,
    scalar: () => tensor([], [0.5]) as Scalar,
    noise: (name, shape, law) => {
      const rng = makeRng(3, name)
      return tensor(
        shape,
        Array.from({ length: size(shape) }, () => Math.fround(law === 'uniform' ? rng.uniform() : rng.normal()))
      )
    },
    ...inside
  }
  const r = kind.forward(lib, p, inputs, w, ctx)
  const c = tensor(r.h.shape, normals(r.h.size, 'score'))
  return { ...r, score: lib.sum(lib.add(lib.mul(r.h, c), lib.mul(lib.square(r.h), 0.3))) }
}
const onTf = (shape: number[], v: number[]): Tensor => tf.tensor(v, shape, 'float32')
const onFloat64 = (shape: number[], v: number[]): Tensor => asTensor(plain(shape, v))
const H = 1e-6
/** tf.tidy for results that hold no tensors. */
const scoped = <T>(f: () => T): T => tf.tidy(f as never) as T

const entries = (n: number): number[][] =>
  Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => Number(i === j)))
/** Short, so that curvature alone makes nothing of a difference. */
const anywhere = (n: number): number[][] => [normals(n, 'direction', 0.1)]
/**
 * Fails unless the gradients of every input, weight and probe are those that central finite differences in float64
 * give.
 * @param x values of the inputs for a batch. @param w values of the weights. @param ways directions to go in, for so
 *   many values
 * @returns where the differences forward and backward disagree, a kink, as `kernel 3`; these are not compared
 */
function checkGradients(
  kind: LayerKind,
  { p, shapes, weights }: Case,
  x: number[][],
  w: number[][],
  ways: (n: number) => number[][]
): string[] {
  const full = shapes.map((s, i) => [x[i]!.length / size(s), ...s])
  const named = (t: Tensor[]): Record<string, Tensor> =>
    Object.fromEntries(weights.map((spec, i) => [spec.name, t[i]!]))
  const trainable = weights.map((s, i) => ({ s, i })).filter(({ s }) => s.trainable !== false)
  const fixed = (make: typeof onTf): (Tensor | undefined)[] =>
    weights.map((s, i) => (s.trainable === false ? make(s.shape, w[i]!) : undefined))
  // What is cut off counts as a constant: as it was where the differences are taken around.
  const constants: Tensor[] = []
  const probes = new Map<string, { shape: number[]; values: number[] }>()
  const values = [...x, ...w].map((v) => [...v])
  const score = (): number => {
    let cuts = 0
    const probe: ForwardContext['probe'] = (name, shape) => {
      if (!probes.has(name)) probes.set(name, { shape, values: new Array<number>(size(shape)).fill(0) })
      return onFloat64(shape, probes.get(name)!.values)
    }
    const cut: ForwardContext['cut'] = (t) => (constants[cuts++] ??= t)
    const inputs = values.slice(0, x.length).map((v, i) => onFloat64(full[i]!, v))
    const all = named(values.slice(x.length).map((v, i) => onFloat64(weights[i]!.shape, v)))
    return asPlain(run(float64, kind, p, inputs, all, true, onFloat64, { probe, cut }).score).data[0]!
  }
  const here = score()
  const probeNames = [...probes.keys()]
  const got = tf.tidy(() => {
    const state = fixed(onTf)
    const f = (...args: Tensor[]): Scalar => {
      const all = weights.map((_, i) => state[i] ?? args[x.length + trainable.findIndex((t) => t.i === i)]!)
      const probe: ForwardContext['probe'] = (name) => args[x.length + trainable.length + probeNames.indexOf(name)]!
      const cut: ForwardContext['cut'] = (t) =>
        withGradient(
          tf,
          [t],
          () => tf.clone(t),
          (dy) => [tf.zerosLike(dy)]
        )
      return run(tf, kind, p, args.slice(0, x.length), named(all), true, onTf, { probe, cut }).score as Scalar
    }
    const args = [
      ...x.map((v, i) => onTf(full[i]!, v)),
      ...trainable.map(({ s, i }) => onTf(s.shape, w[i]!)),
      ...[...probes.values()].map((v) => onTf(v.shape, v.values))
    ]
    return tf
      .grads(f)(args)
      .map((g, i) => {
        expect(g.shape).toEqual(args[i]!.shape)
        return [...g.dataSync()]
      })
  })
  const names = [
    ...x.map((_, i) => `input ${i}`),
    ...trainable.map(({ s }) => s.name),
    ...probeNames.map((n) => `probe ${n}`)
  ]
  const targets = [
    ...x.map((_, i) => values[i]!),
    ...trainable.map(({ i }) => values[x.length + i]!),
    ...[...probes.values()].map((v) => v.values)
  ]
  const kinks: string[] = []
  targets.forEach((v, k) => {
    const start = [...v]
    const scoreAt = (by: number, way: number[]): number => {
      way.forEach((d, i) => (v[i] = start[i]! + by * d))
      return score()
    }
    const slopes = ways(v.length).map((way) => {
      const [forward, backward] = [(scoreAt(H, way) - here) / H, (here - scoreAt(-H, way)) / H]
      return {
        forward,
        backward,
        want: (forward + backward) / 2,
        found: way.reduce((sum, d, i) => sum + d * got[k]![i]!, 0)
      }
    })
    start.forEach((x0, i) => (v[i] = x0))
    const largest = Math.max(...slopes.map(({ want }) => Math.abs(want)))
    slopes.forEach(({ forward, backward, want, found }, i) => {
      if (Math.abs(forward - backward) > 1e-3 * (Math.abs(forward) + Math.abs(backward)) + 1e-5 * largest + 1e-4)
        kinks.push(`${names[k]} ${i}`)
      else
        expect(Math.abs(found - want), `${names[k]} ${i}: got ${found}, want ${want}`).toBeLessThanOrEqual(
          1e-3 * Math.abs(want) + 1e-5 * largest + 1e-7
        )
    })
  })
  return kinks
}

describe.each(layers.all.map((k) => [k.id, k] as const))('layer %s', (_id, kind) => {
  const all = cases(kind, variants(kind), SHAPES)
  it('takes at least one of the usual shapes', () => expect(all.length).toBeGreaterThan(0))
  describe.each(all.map((c) => [JSON.stringify(c.p), c.shapes[0]!.join('×'), c] as const))(
    '%s on %s',
    (_p, _s, { p, shapes, weights, out }) => {
      const x = shapes.map((s, i) => normals(BATCH * size(s), `x${i}`))
      const w = weights.map(start)
      const full = shapes.map((s) => [BATCH, ...s])
      const named = (t: Tensor[]): Record<string, Tensor> =>
        Object.fromEntries(weights.map((spec, i) => [spec.name, t[i]!]))

      it.each([true, false])('has the inferred shape and the values of float64 (training %s)', (training) => {
        const want = run(
          float64,
          kind,
          p,
          x.map((v, i) => onFloat64(full[i]!, v)),
          named(w.map((v, i) => onFloat64(weights[i]!.shape, v))),
          training,
          onFloat64
        )
        const got = scoped(() => {
          const r = run(
            tf,
            kind,
            p,
            x.map((v, i) => onTf(full[i]!, v)),
            named(w.map((v, i) => onTf(weights[i]!.shape, v))),
            training,
            onTf
          )
          const read = (t: Tensor): { shape: number[]; data: ArrayLike<number> } => ({
            shape: t.shape,
            data: t.dataSync()
          })
          return {
            h: read(r.h),
            ...(r.z && { z: read(r.z) }),
            state: Object.entries(r.state ?? {}).map(([k, t]) => [k, read(t)] as const)
          }
        })
        const same = (g: { shape: number[]; data: ArrayLike<number> }, t: Tensor): void => {
          expect(g.shape).toEqual(t.shape)
          asPlain(t).data.forEach((v, i) => expect(Math.abs(g.data[i]! - v)).toBeLessThan(2e-5 * (1 + Math.abs(v))))
        }
        expect(got.h.shape).toEqual([BATCH, ...out])
        same(got.h, want.h)
        expect(got.z !== undefined).toBe(want.z !== undefined)
        if (got.z) {
          if (!want.probes?.z) expect(got.z.shape).toEqual(got.h.shape)
          same(got.z, want.z!)
        }
        const states = weights.filter((s) => s.role === 'state').map((s) => s.name)
        expect(got.state.map(([k]) => k).sort()).toEqual(training ? states.sort() : [])
        got.state.forEach(([k, t]) => same(t, want.state![k]!))
      })

      it('has the gradients that finite differences in float64 give', () =>
        expect(checkGradients(kind, { p, shapes, weights, out }, x, w, entries)).toEqual([]))
    }
  )
})

/** A slope that jumps where a unit may start: at z = 0, with weights of zero. */
const kinked = ({ id, ...p }: Spec): boolean =>
  Math.abs(activations.get(id).df(1e-9, p) - activations.get(id).df(-1e-9, p)) > 1e-3

describe.each(layers.all.filter((k) => crossed(k).length).map((k) => [k.id, k] as const))(
  'layer %s as it starts',
  (_id, kind) => {
    const all = crossed(kind).flatMap((p) => cases(kind, [p], SMALL).slice(0, 1))
    const chosen = (p: Params): Spec[] =>
      Object.values(p).filter((v): v is Spec => typeof v === 'object' && v !== null && 'id' in v)
    it('takes one of the small shapes', () => expect(all.length).toBeGreaterThan(0))
    it.each(
      all.map(
        (c) =>
          [
            chosen(c.p)
              .map((s) => s.id)
              .join(', '),
            c
          ] as const
      )
    )('has the gradients of finite differences with %s', (_name, c) => {
      const kinks = checkGradients(
        kind,
        c,
        c.shapes.map((s, i) => normals(3 * size(s), `x${i}`)),
        c.weights.map(initial),
        anywhere
      )
      // Pieces of a maxout that tie have no slope of their own, what they read has.
      const jumps =
        kind.id === 'maxout' ||
        Object.entries(kind.fields).some(
          ([k, f]) => f.type === 'ref' && f.registry === 'activations' && kinked(c.p[k] as Spec)
        )
      expect(kinks.filter((k) => !jumps || k.startsWith('input'))).toEqual([])
    })
  }
)

/** The whole way: data, two layers, each loss. */
describe.each(losses.all.map((l) => [l.id, l] as const))('loss %s', (_id, loss) => {
  const p = defaultsOf(loss.fields, lookup)
  const K = loss.tasks.includes('multiclass') ? 4 : 1
  const hot = Array.from({ length: BATCH }, (_, i) =>
    Array.from({ length: K }, (_, j) => (K === 1 ? i % 2 : (i * 3) % K === j ? 1 : 0))
  )
  const at = (scale: number): number[][] => {
    const v = normals(BATCH * K, 'o', scale)
    return hot.map((_, i) => v.slice(i * K, (i + 1) * K))
  }
  const value = (o: number[][]): number =>
    tf.tidy(() => loss.forward(tf, tf.tensor2d(o), tf.tensor2d(hot), p).dataSync()[0]!)

  it.each([1, 30, 1000])('is its reference, for outputs of size %f', (scale) => {
    const want = loss.reference(at(scale), hot, p)
    expect(Math.abs(value(at(scale)) - want)).toBeLessThan(1e-5 * (1e-3 + Math.abs(want)))
  })
  it.each([1, 30])('has the gradient of its reference, for outputs of size %f', (scale) => {
    const o = at(scale)
    const got = tf.tidy(
      () =>
        tf
          .grad((x) => loss.forward(tf, x, tf.tensor2d(hot), p))(tf.tensor2d(o))
          .arraySync() as number[][]
    )
    // A scale in front of the loss reaches the gradient (L2 terms and sums of losses need it).
    const twice = tf.tidy(
      () =>
        tf
          .grad((x) => tf.mul(2, loss.forward(tf, x, tf.tensor2d(hot), p)))(tf.tensor2d(o))
          .arraySync() as number[][]
    )
    o.forEach((row, i) =>
      row.forEach((v, j) => {
        const h = 1e-5 * Math.max(1, Math.abs(v))
        row[j] = v + h
        const up = loss.reference(o, hot, p)
        row[j] = v - h
        const down = loss.reference(o, hot, p)
        row[j] = v
        const want = (up - down) / (2 * h)
        expect(Math.abs(got[i]![j]! - want), `got ${got[i]![j]}, want ${want}`).toBeLessThan(
          1e-4 * Math.abs(want) + 1e-6
        )
        expect(Math.abs(twice[i]![j]! - 2 * got[i]![j]!)).toBeLessThanOrEqual(1e-6 * Math.abs(twice[i]![j]!))
      })
    )
  })
  it('is NaN on NaN', () => {
    const o = at(1)
    o[1]![0] = NaN
    expect(value(o)).toBeNaN()
  })
  it("gives the same on plain numbers as with TensorFlow's own ops", () => {
    const want = asPlain(
      loss.forward(float64, onFloat64([BATCH, K], at(2).flat()), onFloat64([BATCH, K], hot.flat()), p)
    ).data[0]!
    expect(Math.abs(loss.reference(at(2), hot, p) - want)).toBeLessThan(1e-12 * Math.abs(want))
  })
  if (loss.chance?.(K) !== undefined)
    it('scores chance when it knows nothing', () =>
      expect(
        loss.reference(
          hot.map((r) => r.map(() => 0)),
          hot,
          p
        )
      ).toBeCloseTo(loss.chance!(K)!, 12))
})
