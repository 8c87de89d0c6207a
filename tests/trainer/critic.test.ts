import { activations } from '@shared/catalog/activations'
import { parseSpec } from '@shared/base/params'
import { parseExperiment, takeAdvice, type Experiment } from '@shared/experiment'
import { remedyBlocked } from '@shared/experiment/effective'
import { lookup } from '@shared/experiment/lookup'
import { criticExperiment, type Held } from '@shared/clinic/templates/critic'
import { eightGaussiansExperiment } from '@shared/clinic/templates/eightGaussians'
import { swissRollExperiment } from '@shared/clinic/templates/swissRoll'
import { describe, expect, it } from 'vitest'
import { hasPicture } from '../../src/trainer/plane'
import { at, bits, critics, netOf, runToEnd, type Told } from './support'

type Json = Record<string, unknown>
/** Weights of one net at one step, by name, in float64. */
type Weights = Map<string, number[]>
interface Layer {
  name: string
  activation: string
}
const CRITIC: Layer[] = [
  { name: 'first', activation: 'leakyRelu' },
  { name: 'hidden.1.dense', activation: 'tanh' },
  { name: 'hidden.2.dense', activation: 'tanh' },
  { name: 'out', activation: 'linear' }
]
const GENERATOR: Layer[] = [
  { name: 'generator/hidden1', activation: 'relu' },
  { name: 'generator/hidden2', activation: 'relu' },
  { name: 'generator/point', activation: 'linear' }
]
const weightsAt = (told: Told, step: number, layers: Layer[]): Weights =>
  new Map(
    layers.flatMap((l) =>
      ['kernel', 'bias'].map((w) => [`${l.name}/${w}`, Array.from(at(told, step, `weights/${l.name}/${w}`))])
    )
  )
/** Rows of numbers through dense layers, in float64. */
function through(layers: Layer[], w: Weights, rows: number[][]): number[][] {
  return layers.reduce((x, { name, activation }) => {
    const [kernel, bias] = [w.get(`${name}/kernel`)!, w.get(`${name}/bias`)!]
    const a = activations.get(activation)
    return x.map((row) =>
      bias.map((b, j) =>
        a.f(
          row.reduce((sum, v, i) => sum + v * kernel[i * bias.length + j]!, b),
          { alpha: 0.01 }
        )
      )
    )
  }, rows)
}
const rowsOf = (values: ArrayLike<number>, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, r) =>
    Array.from({ length: width }, (_w, c) => values[r * width + c]!)
  )
const mean = (rows: number[][]): number => rows.reduce((a, r) => a + r[0]!, 0) / rows.length
/** Holds gradients against central differences of a function of the weights. */
function holdsAgainst(f: (w: Weights) => number, w: Weights, gradient: (name: string) => Float32Array): void {
  const all = [...w.keys()].flatMap((name) => Array.from(gradient(name), Math.abs))
  const largest = Math.max(...all)
  expect(largest).toBeGreaterThan(0)
  for (const [name, values] of w) {
    const got = gradient(name)
    for (let i = 0; i < values.length; i += 1 + (values.length >> 4)) {
      const v = values[i]!
      const h = 1e-5
      values[i] = v + h
      const up = f(w)
      values[i] = v - h
      const down = f(w)
      values[i] = v
      const want = (up - down) / (2 * h)
      expect(Math.abs(got[i]! - want), `${name}[${i}]: got ${got[i]}, want ${want}`).toBeLessThan(
        1e-3 * Math.abs(want) + 1e-5 * largest
      )
    }
  }
}
/** All weights of the critic after the last step. */
const lastWeights = (told: Told, step: number): number[] =>
  [...told.snapshots.get(step)!]
    .filter(([name]) => name.startsWith('weights/') && !name.includes('generator'))
    .flatMap(([, a]) => Array.from(a.data))

describe('a critic and its generator', () => {
  const experiment = netOf('criticOfGenerator', { steps: 7, optimizer: { id: 'sgd', learningRate: 0.1 } })
  const all = [0, 1, 2, 3, 4, 5, 6, 7]

  it('have the loss and the gradients of their definition, step by step', async () => {
    const told = await runToEnd(experiment, { snapshots: all })
    expect(told.schema!.compiled).toBe(true)
    // Not at step 0: all biases are zero then, and a point that no hidden unit of the generator reaches sits on the
    // critic's kink.
    for (const step of [1, 2, 5]) {
      const generator = weightsAt(told, step, GENERATOR)
      const generated = through(GENERATOR, generator, rowsOf(at(told, step, 'noise/generator/points'), 2))
      rowsOf(at(told, step, 'generated'), 2).forEach((row, r) =>
        row.forEach((v, c) => expect(v).toBeCloseTo(generated[r]![c]!, 4))
      )
      const real = rowsOf(at(told, step, 'batch/x'), 2)
      const loss = (w: Weights): number => mean(through(CRITIC, w, generated)) - mean(through(CRITIC, w, real))
      const w = weightsAt(told, step, CRITIC)
      expect(at(told, step, 'loss')[0]).toBeCloseTo(loss(w), 4)
      expect(told.table!.scalar(told.table!.frameOf(step), told.table!.scalarColumn('wasserstein'))).toBeCloseTo(
        -loss(w),
        4
      )
      holdsAgainst(loss, w, (name) => at(told, step, `weight_gradients/${name}`))
    }
    // At every third step the generator learns too, from the critic as that step left it. (At step 2 its own biases are
    // zero: kinks again.)
    const critic = weightsAt(told, 6, CRITIC)
    const latent = rowsOf(at(told, 5, 'noise/generator/update'), 2)
    holdsAgainst(
      (w) => -mean(through(CRITIC, critic, through(GENERATOR, w, latent))),
      weightsAt(told, 5, GENERATOR),
      (name) => at(told, 5, `weight_gradients/${name}`)
    )
  })
  it('the generator moves at every n-th step and at no other, with its own optimizer', async () => {
    const told = await runToEnd(experiment, { snapshots: all })
    const generator = (step: number): string =>
      JSON.stringify(Object.entries(bits(told, step)).filter(([name]) => name.includes('generator')))
    const critic = (step: number): string =>
      JSON.stringify(Object.entries(bits(told, step)).filter(([name]) => !name.includes('generator')))
    expect(all.slice(0, -1).map((step) => generator(step) !== generator(step + 1))).toEqual([
      false,
      false,
      true,
      false,
      false,
      true,
      false
    ])
    expect(all.slice(0, -1).every((step) => critic(step) !== critic(step + 1))).toBe(true)
    // Adam's first step is the learning rate, whatever the gradient's size, if it counts its own steps.
    const [before, after] = [
      at(told, 2, 'weights/generator/point/kernel'),
      at(told, 3, 'weights/generator/point/kernel')
    ]
    const { learningRate } = experiment.data.dataset['generatorOptimizer'] as { learningRate: number }
    const gradient = at(told, 2, 'weight_gradients/generator/point/kernel')
    const moved = Array.from(before, (v, i) => Math.abs(after[i]! - v) / learningRate).filter(
      (_, i) => Math.abs(gradient[i]!) > 1e-4
    )
    expect(moved.length).toBeGreaterThan(4)
    for (const m of moved) expect(m).toBeCloseTo(1, 2)
  })
  it('are held against points and noise of their own in validation', async () => {
    const [a, b] = [await runToEnd(experiment), await runToEnd(experiment)]
    expect(a.evaluations).toEqual(b.evaluations)
    for (const v of a.evaluations) expect(v.metrics['wasserstein']).toBeCloseTo(-v.metrics['loss']!, 6)
  })
  it('learn from fixed noise when there is no generator network', async () => {
    const told = await runToEnd(netOf('criticOfNoise', { steps: 2 }), { snapshots: [0, 1] })
    for (const step of [0, 1]) {
      const [real, noise, generated] = [
        at(told, step, 'batch/x'),
        at(told, step, 'noise/generator/points'),
        at(told, step, 'generated')
      ]
      generated.forEach((v, i) => expect(v).toBeCloseTo(real[i]! + noise[i]!, 5))
    }
    expect(Object.keys(bits(told, 0)).some((name) => name.includes('generator'))).toBe(false)
  })
})

describe('weight clipping', () => {
  it.each([0.1, 0.01, 0.001])('leaves no weight beyond c = %f', async (c) => {
    const told = await runToEnd(netOf('criticOfNoise', { steps: 5, hooks: [{ id: 'weightClip', limit: c }] }), {
      snapshots: [1, 5]
    })
    for (const step of [1, 5]) {
      const largest = Math.max(...lastWeights(told, step).map(Math.abs))
      expect(largest).toBeLessThanOrEqual(Math.fround(c))
      expect(largest).toBeGreaterThan(0.9 * c)
    }
  })
})

describe('the Lipschitz estimate', () => {
  it.each([1, 1e-25, 1e6])("is a linear critic's norm, for weights of size %f", async (std) => {
    const experiment: Experiment = parseExperiment({
      data: { dataset: { id: 'swissRoll', count: 100, generator: 'noise' } },
      network: {
        nodes: [
          {
            id: 'out',
            kind: 'dense',
            params: { units: 1, activation: 'linear', initializer: { id: 'normal', mean: 0, std } }
          }
        ]
      } as Json,
      training: { steps: 1, batchSize: 16, loss: 'wasserstein', optimizer: { id: 'sgd', learningRate: 1e-8 } }
    })
    const told = await runToEnd(experiment, { snapshots: [0] })
    const norm = Math.hypot(...at(told, 0, 'weights/out/kernel'))
    expect(told.table!.scalar(0, told.table!.scalarColumn('lipschitz'))! / norm).toBeCloseTo(1, 5)
  })
  it('is the steepest slope among points between real and generated ones', async () => {
    const told = await runToEnd(netOf('criticOfGenerator', { steps: 1 }), { snapshots: [0] })
    const w = weightsAt(told, 0, CRITIC)
    const [real, generated, mix] = ['batch/x', 'generated', 'noise/between'].map((name) => at(told, 0, name)) as [
      Float32Array,
      Float32Array,
      Float32Array
    ]
    const value = (x: number[]): number => through(CRITIC, w, [x])[0]![0]!
    const slopes = Array.from(mix, (e, i) => {
      const x = [0, 1].map((d) => real[2 * i + d]! + e * (generated[2 * i + d]! - real[2 * i + d]!))
      const h = 1e-6
      return Math.hypot(
        ...x.map(
          (v, d) =>
            (value(x.map((u, k) => (k === d ? v + h : u))) - value(x.map((u, k) => (k === d ? v - h : u)))) / (2 * h)
        )
      )
    })
    expect(told.table!.scalar(0, told.table!.scalarColumn('lipschitz'))! / Math.max(...slopes)).toBeCloseTo(1, 3)
  })
})

describe('the picture of the critic over the plane', () => {
  it('is what the critic gives there, around the points it learns from', async () => {
    const told = await runToEnd(netOf('criticOfGenerator', { steps: 7 }, { record: { evaluateEvery: 3 } }), {
      snapshots: [3]
    })
    expect(told.evaluations.map((e) => [e.step, !!e.plane])).toEqual([
      [0, true],
      [3, true],
      [6, true],
      [7, true]
    ])
    const { plane } = told.evaluations[1]!
    const w = weightsAt(told, 3, CRITIC)
    for (const [row, column] of [
      [0, 0],
      [5, 20],
      [31, 31]
    ] as const) {
      const at = (k: number): number => plane!.reach * ((2 * k) / (plane!.side - 1) - 1)
      const want = through(CRITIC, w, [[at(column), -at(row)]])[0]![0]!
      expect(Math.abs(plane!.values[row * plane!.side + column]! - want)).toBeLessThan(1e-3 * Math.abs(want) + 1e-4)
    }
    // All held-out points, each inside.
    expect(plane!.real).toHaveLength(2 * 40)
    expect(plane!.generated).toHaveLength(2 * 40)
    expect(plane!.real.every((v) => Math.abs(v) <= plane!.reach)).toBe(true)
    for (const e of told.evaluations) expect(e.plane!.real).toEqual(plane!.real)
  })
  it('comes with some evaluations of a long run only, with the last one always', () => {
    const steps = 100_000
    const with_ = Array.from({ length: steps / 20 + 1 }, (_, i) => i * 20).filter((step) => hasPicture(step, steps, 20))
    expect(with_.length).toBeGreaterThan(40)
    expect(with_.length).toBeLessThan(70)
    expect([with_[0], with_[with_.length - 1]]).toEqual([0, steps])
  })
  it('is of classes, without generated points, for a classifier', async () => {
    const planes = (await runToEnd(netOf('plain'))).evaluations.flatMap((e) => e.plane ?? [])
    expect(planes.length).toBeGreaterThan(0)
    expect(planes.every((p) => p.classes !== undefined && !p.generated.length)).toBe(true)
  })
})

describe('every kind of critic', () => {
  it.each(Object.keys(critics))('%s trains from its own data set alone', (kind) => {
    expect(() => parseExperiment({ ...critics[kind], name: kind })).not.toThrow()
  })
})

/**
 * What Gulrajani 2017, fig. 1b, shows: how the gradient changes from layer to layer of a deep critic on the Swiss roll.
 */
describe('the story of the clipped critic', () => {
  interface Ending {
    told: Told
    /** Activation-gradient RMS of every layer with a kernel, first to last, at the last step. */
    gradients: number[]
    /** Per hidden layer, on the way back. */
    gain: number
    scalar: (name: string) => number
  }
  async function end(held?: Held): Promise<Ending> {
    const told = await runToEnd(criticExperiment(held))
    const { table, schema } = told
    const i = table!.length - 1
    const gradients = schema!.layers
      .filter((l) => l.main)
      .map((l) => table!.value(i, table!.column(l.index, 'activationGradientRms'))!)
    expect(gradients).toHaveLength(12)
    expect(schema!.compiled).toBe(true)
    const hidden = gradients.slice(0, -1)
    return {
      told,
      gradients,
      gain: (hidden[0]! / hidden[10]!) ** (1 / 10),
      scalar: (name) => table!.scalar(i, table!.scalarColumn(name))!
    }
  }
  const kinds = (e: Ending): string[] => e.told.findings.map((f) => f.kind)

  it('vanishes with c = 0.01, and the more with c = 0.001', async () => {
    const [small, smaller] = [await end(0.01), await end(0.001)]
    // Each layer hands on less than the one behind it.
    for (const e of [small, smaller]) expect(e.gradients.slice(1).every((g, i) => g > e.gradients[i]!)).toBe(true)
    expect(small.gain).toBeLessThan(0.12)
    expect(smaller.gain).toBeLessThan(small.gain / 5)
    // Far below what float32 can square: 1e-28 is a measured value, not zero.
    expect(smaller.gradients[0]).toBeGreaterThan(0)
    expect(smaller.scalar('lipschitz')).toBeGreaterThan(0)
    expect(smaller.scalar('lipschitz')).toBeLessThan(small.scalar('lipschitz'))
    expect(small.scalar('lipschitz')).toBeLessThan(1e-10)
    for (const e of [small, smaller]) {
      expect(kinds(e)).toContain('vanishing')
      // What contradicts the clip that is on says so: taken as advised, nothing is in its way.
      const { advice, along } = e.told.findings.find((f) => f.kind === 'vanishing')!
      expect(advice.length).toBeGreaterThan(0)
      for (const id of advice) {
        const choice = parseSpec('remedies', { id }, 'remedies', [], lookup)
        const before = takeAdvice(criticExperiment(0.01), [], along?.[id]?.off ?? [])
        expect(remedyBlocked(before, choice, e.told.schema!.info), id).toBeUndefined()
      }
      expect(kinds(e)).not.toContain('unstable')
    }
  })
  it('explodes with c = 0.1', async () => {
    const e = await end(0.1)
    expect(e.gradients.slice(1, -1).every((g, i) => g < e.gradients[i]!)).toBe(true)
    expect(e.gain).toBeGreaterThan(1.8)
    expect(e.scalar('lipschitz')).toBeGreaterThan(1000)
    expect(kinds(e)).toContain('exploding')
  })
  it('does neither with a gradient penalty, and its slope stays about 1', async () => {
    const e = await end()
    expect(e.gain).toBeGreaterThan(0.8)
    expect(e.gain).toBeLessThan(1.25)
    expect(e.scalar('lipschitz')).toBeGreaterThan(0.7)
    expect(e.scalar('lipschitz')).toBeLessThan(2.5)
    expect(e.scalar('wasserstein')).toBeGreaterThan(0.1)
    expect(kinds(e)).toEqual(['healthy'])
  })
  it('does neither with its spectral norm held at 1, and its slope is never above 1', async () => {
    const e = await end('spectralNorm')
    expect(e.gain).toBeGreaterThan(0.8)
    expect(e.gain).toBeLessThan(1)
    const { table } = e.told
    const slopes = Array.from(table!.steps, (_, i) => table!.scalar(i, table!.scalarColumn('lipschitz'))!)
    // The first step starts from weights that no step has limited yet.
    expect(Math.max(...slopes.slice(1))).toBeLessThan(1.001)
    expect(e.scalar('lipschitz')).toBeGreaterThan(0.1)
    expect(e.scalar('wasserstein')).toBeGreaterThan(0.05)
    expect(kinds(e)).toEqual(['healthy'])
  })
  it('a generator spreads along the Swiss roll', async () => {
    const experiment = swissRollExperiment()
    const last = experiment.training.steps - 1
    const told = await runToEnd(experiment, { snapshots: [0, last] })
    const real = rowsOf(told.evaluations.at(-1)!.plane!.real, 2) as [number, number][]
    /** Mean distance of one set's points to the nearest of the other's. */
    const away = (from: number[][], to: number[][]): number =>
      from.reduce((s, [x, y]) => s + Math.min(...to.map(([u, v]) => Math.hypot(x! - u!, y! - v!))), 0) / from.length
    const [start, end] = [0, last].map((step) => rowsOf(at(told, step, 'generated'), 2)) as [number[][], number[][]]
    const reach = Math.max(...real.flat().map(Math.abs))
    const anywhere = Array.from({ length: 400 }, (_, i) =>
      [(i % 20) / 9.5 - 1, Math.floor(i / 20) / 9.5 - 1].map((v) => v * reach)
    )
    // Near the roll, not just in its square, and all along it.
    expect(away(end, real)).toBeLessThan(away(anywhere, real) / 2)
    expect(away(end, real)).toBeLessThan(away(start, real) / 2)
    expect(away(real, end)).toBeLessThan(away(real, start) / 4)
  })
  it('a generator finds all eight clouds', async () => {
    const experiment = eightGaussiansExperiment()
    const told = await runToEnd(experiment, { snapshots: [experiment.training.steps - 1] })
    const points = rowsOf(at(told, experiment.training.steps - 1, 'generated'), 2)
    const found = new Set<number>()
    let near = 0
    for (const [x, y] of points as [number, number][]) {
      const k = Math.round(Math.atan2(y, x) / (Math.PI / 4))
      if (Math.hypot(x - Math.SQRT2 * Math.cos((k * Math.PI) / 4), y - Math.SQRT2 * Math.sin((k * Math.PI) / 4)) > 0.25)
        continue
      near++
      found.add((k + 8) % 8)
    }
    expect(found.size).toBe(8)
    expect(near / points.length).toBeGreaterThan(0.5)
    expect(told.evaluations[told.evaluations.length - 1]!.metrics['wasserstein']).toBeLessThan(
      told.evaluations[5]!.metrics['wasserstein']! / 2
    )
  })
})
