import { activations } from '@shared/activations'
import { lookup } from '@shared/lookup'
import { defaultsOf } from '@shared/params'
import { makeRng } from '@shared/random/rng'
import { statistics, type Source, type Statistic, type StatisticContext } from '@shared/statistics'
import type { Tensor } from '@shared/tf'
import { describe, expect, it } from 'vitest'
import { loadTf } from './tf'

const tf = loadTf()
const SHAPE = [16, 12]
/** TensorFlow takes smaller numbers for 0. */
const FLUSH = 1.2e-38
const at = (values: number[], i: number, v: number): number[] => values.map((x, j) => (j === i ? v : x))
const random = (scale: number, name: string, seed = 7): number[] => {
  const rng = makeRng(seed, name)
  return Array.from({ length: 192 }, () => Math.fround(scale * rng.normal()))
}
const inputs: Record<string, (name: string) => number[]> = {
  ordinary: (n) => random(1, n),
  'large and small together': (n) => random(1, n).map((x, i) => Math.fround(i % 3 ? x * 1e-20 : x * 1e10)),
  tiny: (n) => random(1e-25, n),
  'near the end of float32': (n) => random(1e-36, n),
  huge: (n) => random(1e25, n),
  'nearly too large': (n) => random(1e33, n),
  zero: () => new Array<number>(192).fill(0),
  'half zero': (n) => random(3, n).map((x) => Math.max(x, 0)),
  'dead units': (n) => random(3, n).map((x, i) => (i % 12 < 5 ? 0 : Math.max(x, 0))),
  constant: () => new Array<number>(192).fill(0.25),
  'one NaN': (n) => at(random(1, n), 77, NaN),
  'one Inf': (n) => at(random(1, n), 5, Infinity),
  'one −Inf': (n) => at(random(1, n), 191, -Infinity),
  'NaN and Inf': (n) => at(at(random(1, n), 3, NaN), 100, Infinity)
}

/** What a recorder does: each key once per tensor. */
function sharing(): StatisticContext['share'] {
  const made = new Map<Tensor, Map<string, Tensor>>()
  return (key, of, make) => {
    if (!made.has(of)) made.set(of, new Map())
    const m = made.get(of)!
    if (!m.has(key)) m.set(key, make())
    return m.get(key) as never
  }
}
const settings = activations.all.map((entry) => ({ entry, params: defaultsOf(entry.fields, lookup) }))
/** Without TensorFlow's own ops, as another backend would run it. */
const plainTf = new Proxy(tf, { get: (t, k) => (k === 'getBackend' ? () => 'plain' : (t as never)[k]) })

function close(got: number, want: number, what: string): void {
  if (Number.isNaN(want)) return expect(got, what).toBeNaN()
  if (!Number.isFinite(want) || Math.abs(want) > 3.4e38) return expect(got, what).toBe(want > 0 ? Infinity : -Infinity)
  expect(Math.abs(got - want), `${what}: got ${got}, want ${want}`).toBeLessThanOrEqual(2e-6 * Math.abs(want))
}
function check(s: Statistic, lib: typeof tf, activation: StatisticContext['activation'], make: (name: string) => number[]): void {
  const values = Object.fromEntries(s.needs.map((n) => [n, make(n)])) as Partial<Record<Source, number[]>>
  const sources = Object.fromEntries(s.needs.map((n) => [n, { values: values[n]!, shape: SHAPE }]))
  const want = s.reference!(sources, activation)
  const got = tf.tidy(() => {
    const tensors = Object.fromEntries(s.needs.map((n) => [n, tf.tensor(values[n]!, SHAPE)])) as Partial<Record<Source, Tensor>>
    return s.compute!(lib, tensors, { ...(activation && { activation }), share: sharing() }).dataSync()[0]!
  })
  // A mean of numbers that cancel is only as exact as the numbers are large.
  if (s.id === 'activationMean' && Number.isFinite(want)) {
    const size = Math.max(...values.activation!.map(Math.abs))
    return expect(Math.abs(got - want), s.id).toBeLessThanOrEqual(Math.max(1e-6 * size, FLUSH))
  }
  close(got, want, s.id)
}

const computed = statistics.all.filter((s) => s.compute)
describe.each(computed.map((s) => [s.id, s] as const))('statistic %s', (_id, s) => {
  const wanted = s.when ? settings.filter((a) => s.when!(a)) : [undefined]
  it('has an activation it applies to', () => expect(wanted.length).toBeGreaterThan(0))
  describe.each(Object.entries(inputs))('of %s values', (_name, make) => {
    it('is its naive definition', () => wanted.forEach((a) => check(s, tf, a, make)))
    it("is so without TensorFlow's own ops", () => wanted.forEach((a) => check(s, plainTf, a, make)))
  })
})

describe('derived statistics', () => {
  it('gain is the quotient of neighbours, and nothing for nothing', () => {
    const gain = statistics.get('gain')
    const of = (v: number | undefined) => (id: string) => (id === 'activationGradientRms' ? v : undefined)
    expect(gain.derive!(of(2e-30), of(8e-30))).toBeCloseTo(0.25, 12)
    expect(gain.derive!(of(0), of(0))).toBeUndefined()
    expect(gain.derive!(of(1), of(undefined))).toBeUndefined()
    expect(gain.derive!(of(NaN), of(1))).toBeNaN()
    expect(gain.derive!(of(1), of(0))).toBe(Infinity)
  })
})
