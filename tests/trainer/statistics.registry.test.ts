import { activations } from '@shared/catalog/activations'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { makeRng } from '@shared/base/random/rng'
import { native } from '@shared/base/native'
import { globalNorm, measureLayer } from '@shared/catalog/statistics/parts/fused'
import { statistics, type Source, type Statistic, type StatisticContext } from '@shared/catalog/statistics'
import type { Tensor } from '@shared/base/tf'
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
type Run = (tensors: Partial<Record<Source, Tensor>>, activation: StatisticContext['activation']) => Tensor
function check(
  s: Statistic,
  activation: StatisticContext['activation'],
  make: (name: string) => number[],
  run: Run
): void {
  const values = Object.fromEntries(s.needs.map((n) => [n, make(n)])) as Partial<Record<Source, number[]>>
  const sources = Object.fromEntries(s.needs.map((n) => [n, { values: values[n]!, shape: SHAPE }]))
  const want = s.reference!(sources, activation)
  const got = tf.tidy(() => {
    const tensors = Object.fromEntries(s.needs.map((n) => [n, tf.tensor(values[n]!, SHAPE)])) as Partial<
      Record<Source, Tensor>
    >
    return run(tensors, activation).dataSync()[0]!
  })
  // A mean of numbers that cancel is only as exact as the numbers are large.
  if (s.id === 'activationMean' && Number.isFinite(want)) {
    const size = Math.max(...values.activation!.map(Math.abs))
    return expect(Math.abs(got - want), s.id).toBeLessThanOrEqual(Math.max(1e-6 * size, FLUSH))
  }
  close(got, want, s.id)
}

const computed = statistics.all.filter((s) => s.compute)
const on =
  (lib: typeof tf, s: Statistic): Run =>
  (tensors, activation) =>
    s.compute!(lib, tensors, { ...(activation && { activation }), share: sharing() })
const inOnePass =
  (s: Statistic): Run =>
  (tensors, activation) =>
    measureLayer(tf, [{ entry: s, activation }], tensors, sharing())

/** The TensorFlow ops that are executed on the way, with their attributes. */
function counted<T>(run: () => T): { ops: string[]; attributes: { name: string; value: number[] }[][]; result: T } {
  type Op = (name: string, attributes: { name: string; value: number[] }[], ...rest: unknown[]) => unknown
  const backend = tf.backend() as unknown as { binding: { executeOp: Op } }
  const { binding } = backend
  const ops: string[] = []
  const attributes: { name: string; value: number[] }[][] = []
  backend.binding = Object.create(binding, {
    executeOp: {
      value: ((name, given, ...rest) => {
        ops.push(name)
        attributes.push(given)
        return binding.executeOp(name, given, ...rest)
      }) satisfies Op
    }
  }) as typeof binding
  try {
    return { ops, attributes, result: run() }
  } finally {
    backend.binding = binding
  }
}

it('the native pass is there on the platform it is built for', () => {
  expect(native(tf)!.hasOwn).toBe(process.platform === 'linux' && process.arch === 'x64')
})

describe.each(computed.map((s) => [s.id, s] as const))('statistic %s', (_id, s) => {
  const wanted = s.when ? settings.filter((a) => s.when!(a)) : [undefined]
  it('has an activation it applies to', () => expect(wanted.length).toBeGreaterThan(0))
  describe.each(Object.entries(inputs))('of %s values', (_name, make) => {
    it('is its naive definition', () => wanted.forEach((a) => check(s, a, make, on(tf, s))))
    it("is so without TensorFlow's own ops", () => wanted.forEach((a) => check(s, a, make, on(plainTf, s))))
    it('is so in the native pass', () => wanted.forEach((a) => check(s, a, make, inOnePass(s))))
  })
})

describe('all statistics of a layer at once', () => {
  const sources: Source[] = [...new Set(computed.flatMap((s) => s.needs))]
  it.each<[string, number[]]>([
    ['sigmoid', [16, 12]],
    ['relu', [16, 12]],
    ['relu', [3, 5, 7]],
    ['tanh', [1]],
    ['relu', [40, 33]]
  ])('are what each is alone, behind %s, at shape %j', (id, shape) => {
    const activation = settings.find((a) => a.entry.id === id)!
    const fitting = computed.filter((s) => s.when?.(activation) ?? true)
    const count = shape.reduce((a, b) => a * b, 1)
    const values = Object.fromEntries(
      sources.map((n, i) => [
        n,
        Array.from({ length: count }, (_, k) => Math.fround(Math.sin(k * (i + 1.3)) * 10 ** (3 * i - 12)))
      ])
    )
    const tensors = Object.fromEntries(sources.map((n) => [n, tf.tensor(values[n]!, [...shape], 'float32') as Tensor]))
    const got = measureLayer(
      tf,
      fitting.map((entry) => ({ entry, activation })),
      tensors,
      sharing()
    ).dataSync()
    const want = Object.fromEntries(sources.map((n) => [n, { values: values[n]!, shape: [...shape] }]))
    fitting.forEach((s, i) => {
      const naive = s.reference!(Object.fromEntries(s.needs.map((n) => [n, want[n]!])), activation)
      if (s.id === 'activationMean')
        expect(Math.abs(got[i]! - naive)).toBeLessThanOrEqual(1e-6 * Math.max(...values.activation!.map(Math.abs)))
      else close(got[i]!, naive, s.id)
    })
  })
  it('are taken natively but for those without a native form, which cost only themselves', () => {
    const plain: Statistic = {
      ...statistics.get('activationMean'),
      id: 'meanSquare',
      fused: undefined,
      compute: (lib, { activation }) => lib.mean(lib.square(activation!))
    }
    const activation = settings.find((a) => a.entry.id === 'relu')!
    const fitting = computed.filter((s) => s.when?.(activation) ?? true)
    const tensors = Object.fromEntries(sources.map((n) => [n, tf.tensor(random(1, n), SHAPE) as Tensor]))
    const measured = (list: Statistic[]): { ops: string[]; figures: number; values: ArrayLike<number> } => {
      const { ops, attributes, result } = counted(() =>
        measureLayer(
          tf,
          list.map((entry) => ({ entry, activation })),
          tensors,
          sharing()
        )
      )
      const requests = attributes.flatMap((a) => a.filter((x) => x.name === 'requests').flatMap((x) => x.value))
      return { ops, figures: requests.length / 3, values: result.dataSync() }
    }
    const alone = measured(fitting)
    expect([alone.ops, alone.figures]).toEqual([['ClinicMeasure'], fitting.length])
    const half = fitting.length >> 1
    const both = measured([...fitting.slice(0, half), plain, ...fitting.slice(half)])
    expect(both.ops.filter((op) => op === 'ClinicMeasure')).toHaveLength(1)
    expect(both.figures).toBe(fitting.length)
    // Its square and mean (and the mean's constant axes), and what puts the vector together.
    expect(both.ops.length).toBeLessThanOrEqual(6)
    const values = [...Array.from(both.values)]
    close(values.splice(half, 1)[0]!, random(1, 'activation').reduce((a, x) => a + x * x, 0) / 192, plain.id)
    expect(values).toEqual([...Array.from(alone.values)])
    expect(measured([plain]).ops).not.toContain('ClinicMeasure')
  })
  it('are refused when they name what is not there', () => {
    expect(() =>
      native(tf)!.op('ClinicMeasure', [tf.tensor1d([1])], {
        N: { int: 1 },
        requests: { int: [1, 0, -1] },
        bounds: [0, 0]
      })
    ).toThrow(/names a tensor/)
    expect(() =>
      native(tf)!.op('ClinicMeasure', [tf.tensor1d([1])], { N: { int: 1 }, requests: { int: [0, 0, -1] }, bounds: [0] })
    ).toThrow(/bounds/)
  })
  it('give the global norm', () => {
    const list = [random(1e-25, 'a'), random(1e-24, 'b'), random(1e-30, 'c')]
    const want = Math.sqrt(list.flat().reduce((a, x) => a + x * x, 0))
    for (const lib of [tf, plainTf])
      close(
        globalNorm(
          lib,
          list.map((v) => tf.tensor1d(v)),
          sharing()
        ).dataSync()[0]!,
        want,
        'global norm'
      )
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
