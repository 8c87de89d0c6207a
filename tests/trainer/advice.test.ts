/**
 * What a finding advises can be taken as it stands, and cures: with what it needs beside it, without what is against
 * it.
 */
import { makeRng } from '@shared/base/random/rng'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { keptOf, runToEnd, treated, type Told } from './support'

const layer = (id: string, kind: string, params: object = {}): object => ({ id, kind, params })
const dense = (id: string, units: number, activation: string, more: object = {}): object =>
  layer(id, 'dense', { units, activation, ...more })
const adam = (learningRate: number): object => ({ id: 'adam', learningRate })
const first = (told: Told, kind: string): Finding => {
  const f = told.findings.find((x) => x.kind === kind)
  expect(f, told.findings.map((x) => `${x.kind} ${x.text.en}`).join('\n')).toBeDefined()
  return f!
}
const newest = (told: Told, name: string): number => told.evaluations[told.evaluations.length - 1]!.metrics[name]!

describe('a critic whose weights are clipped too far', () => {
  const critic = (hooks: object[]): Experiment =>
    parseExperiment({
      seed: 11,
      data: { dataset: { id: 'swissRoll', count: 400, generator: 'noise' } },
      network: {
        nodes: [...[1, 2, 3, 4, 5, 6, 7, 8].map((i) => dense(`h${i}`, 24, 'relu')), dense('out', 1, 'linear')]
      },
      training: { steps: 120, batchSize: 64, loss: 'wasserstein', optimizer: adam(0.001), hooks }
    })
  it('is advised the gradient penalty in place of the clip', async () => {
    const e = critic([{ id: 'weightClip', limit: 0.002 }])
    const told = await runToEnd(e)
    const found = first(told, 'vanishing')
    expect(found.advice[0]).toBe('gradientPenalty')
    expect(found.along!['gradientPenalty']).toEqual({ off: ['weightClip'] })
    const cured = await treated(e, found)
    expect(cured.findings.map((f) => f.severity)).not.toContain('bad')
    expect(newest(cured, 'wasserstein')).toBeGreaterThan(0.1)
  })
})

describe('a rate far off', () => {
  const moons = (optimizer: object): Experiment =>
    parseExperiment({
      seed: 4,
      data: { dataset: { id: 'moons', count: 500, noise: 0.1 } },
      network: { nodes: [dense('h1', 24, 'tanh'), dense('h2', 24, 'tanh'), dense('out', 1, 'linear')] },
      training: { steps: 140, batchSize: 40, loss: 'sigmoidCrossEntropy', optimizer }
    })
  it.each([
    [adam(3e-7), 'rateTooSmall'],
    [adam(4), 'rateTooLarge'],
    [{ id: 'sgd', learningRate: 10 }, 'rateTooLarge']
  ] as const)('%j: the factor advised is enough', async (optimizer, kind) => {
    const e = moons(optimizer)
    const cured = await treated(e, first(await runToEnd(e), kind))
    expect(newest(cured, 'accuracy')).toBeGreaterThan(0.83)
  })
})

describe('a batch norm whose averages lag behind', () => {
  const normed = (momentum: number, bias: object): Experiment =>
    parseExperiment({
      seed: 8,
      data: { dataset: { id: 'moons', count: 500, noise: 0.1 } },
      network: {
        nodes: [
          dense('h', 20, 'linear', bias),
          layer('norm', 'batchNorm', { momentum }),
          layer('bend', 'activation', { activation: 'tanh' }),
          dense('out', 1, 'linear')
        ]
      },
      training: { steps: 160, batchSize: 40, loss: 'sigmoidCrossEntropy', optimizer: adam(0.01) }
    })
  it('is told by the same examples answered twice, and cured', async () => {
    const e = normed(0.9999, { biasStart: 6 })
    const found = first(await runToEnd(e), 'evaluationGap')
    expect(found).toMatchObject({ layers: ['norm'], advice: ['normStatistics', 'learningRate'] })
    expect(found.measured['trained']! - found.measured['used']!).toBeGreaterThan(0.1)
    const cured = await treated(e, found)
    expect(newest(cured, 'accuracy')).toBeGreaterThan(0.9)
    expect(cured.findings.map((f) => f.kind)).not.toContain('evaluationGap')
  })
  it('is looked for without a bit of the training changed', async () => {
    const e = normed(0.9, { bias: false })
    // Nothing is answered twice where no step is recorded but the first and the last.
    const [often, seldom] = await Promise.all([
      runToEnd(parseExperiment({ ...e, record: { every: 1 } })),
      runToEnd(parseExperiment({ ...e, record: { every: 100_000 } }), { ready: true })
    ])
    expect(often.findings.map((f) => f.kind)).toEqual(['healthy'])
    const end = (told: Told): Float32Array => keptOf(told).slice(-1)[0]!.values
    expect(end(often)).toEqual(end(seldom))
  })
})

const sgd = (learningRate: number): object => ({ id: 'sgd', learningRate })
/** A table of regression with the columns a, b and y. */
function measured(row: (normal: () => number) => number[]): { 't.csv': string } {
  const rng = makeRng(17, 'test/measured')
  return { 't.csv': ['a,b,y', ...Array.from({ length: 240 }, () => row(() => rng.normal()).join())].join('\n') }
}
const regression = (nodes: object[], optimizer: object, steps = 150): Experiment =>
  parseExperiment({
    seed: 7,
    data: { dataset: { id: 'csv', file: 't.csv' }, standardize: false },
    network: { nodes },
    training: { steps, batchSize: 32, loss: 'meanSquaredError', optimizer }
  })

describe('values far from 0 for how little they vary', () => {
  it.each([
    ['targets', (n: () => number) => [n(), n(), 80 + 0.4 * n()], 'targetOffset'],
    ['inputs', (n: () => number) => [-14 + 0.2 * n(), n(), n()], 'inputOffset']
  ] as const)(
    'of the %s are told before the first step, and the cure reaches r² above 0.8',
    async (_of, row, measure) => {
      const files = measured((n) => {
        const [a, b, y] = row(n) as [number, number, number]
        return [a, b, measure === 'targetOffset' ? y + 0.4 * (a - b) - 0.4 * (y - 80) : 5 * (a + 14) + b]
      })
      const e = regression([dense('h', 16, 'tanh'), dense('out', 1, 'linear')], adam(0.003))
      const told = await runToEnd(e, { files })
      const found = first(told, 'dataScale')
      expect(found.from).toBe(0)
      expect(found.measured[measure]).toBeGreaterThan(20)
      expect(told.findings.map((f) => f.kind)).not.toContain('healthy')
      expect(newest(await treated(e, found, files), 'r2')).toBeGreaterThan(0.8)
    }
  )
})

describe('a start that is off for every example', () => {
  const doubled = measured((n) => {
    const a = Math.abs(n())
    return [a, a, 2 * a]
  })
  const down = { initializer: { id: 'constant', value: -2 } }
  it('of a hidden layer is cured by a slope below 0, not by smaller steps', async () => {
    const e = regression([dense('h', 1, 'relu', down), dense('out', 1, 'linear')], sgd(0.05), 200)
    const found = first(await runToEnd(e, { files: doubled }), 'dead')
    expect(found.advice[0]).toBe('activation')
    expect(newest(await treated(e, found, doubled), 'r2')).toBeGreaterThan(0.6)
  })
  it.each([-2, -12])('of the only layer, at %f, is cured by the slope and another start', async (value) => {
    const e = regression([dense('out', 1, 'relu', { initializer: { id: 'constant', value } })], sgd(0.05), 200)
    const found = first(await runToEnd(e, { files: doubled }), 'outputLayer')
    expect(found.advice[0]).toBe('outputLayer')
    expect(newest(await treated(e, found, doubled), 'r2')).toBeGreaterThan(0.8)
  })
})

describe('an output that can never answer some targets', () => {
  it('stays a fault although it answers the others', async () => {
    const files = measured((n) => {
      const [a, b] = [n(), n()]
      return [a, b, a - 2 * b]
    })
    const e = regression([dense('h', 16, 'relu'), dense('out', 1, 'relu')], sgd(0.05))
    const told = await runToEnd(e, { files })
    expect(newest(told, 'r2')).toBeGreaterThan(0.2)
    expect(first(told, 'outputLayer').to).toBe(149)
    expect(told.findings.map((f) => f.kind)).not.toContain('healthy')
  })
})

describe('an explosion behind a clipped gradient', () => {
  it('is named although some answers are right, and the run has not learnt while its loss is far above chance', async () => {
    const e = parseExperiment({
      seed: 7,
      data: { dataset: 'digits' },
      network: {
        nodes: [
          ...[1, 2, 3].map((i) => dense(`h${i}`, 32, 'relu', { initializer: { id: 'normal', std: 1.5 } })),
          dense('out', 10, 'linear')
        ]
      },
      training: {
        steps: 120,
        batchSize: 48,
        loss: 'softmaxCrossEntropy',
        optimizer: sgd(0.01),
        hooks: [{ id: 'clipByValue', limit: 0.5 }]
      }
    })
    const told = await runToEnd(e)
    expect(newest(told, 'accuracy')).toBeGreaterThan(0.4)
    expect(newest(told, 'loss')).toBeGreaterThan(10)
    expect(told.log.verdict!.state).toBe('learning')
    const found = first(told, 'exploding')
    expect(found).toMatchObject({ severity: 'bad', layers: ['h1'] })
    expect(told.findings.map((f) => f.kind)).not.toContain('healthy')
    expect((await treated(e, found)).log.verdict!.state).toBe('learned')
  })
})

describe('copies of one unit', () => {
  it('in time get another matrix from state to state along with their kernel', async () => {
    const one = (value: number): object => ({ id: 'constant', value })
    const e = parseExperiment({
      seed: 7,
      data: { dataset: { id: 'sineForecast', count: 300, length: 20 } },
      network: {
        nodes: [
          layer('rnn', 'simpleRnn', { units: 16, initializer: one(0.1), recurrentInitializer: one(0.02) }),
          dense('out', 1, 'linear', { initializer: one(0.1) })
        ]
      },
      training: { steps: 100, batchSize: 32, loss: 'meanSquaredError', optimizer: adam(0.01) }
    })
    const found = first(await runToEnd(e), 'symmetry')
    expect(found.along!['initializer']!.on).toEqual([{ id: 'recurrentStart' }])
    const cured = await treated(e, found)
    expect(cured.findings.map((f) => f.kind)).toEqual(['healthy'])
  })
  it('of zeros are told alone: what vanishes or swings beside them is their doing', async () => {
    const zeros = { initializer: 'zeros' }
    const e = parseExperiment({
      seed: 7,
      data: { dataset: 'digits' },
      network: {
        nodes: [dense('h1', 24, 'sigmoid', zeros), dense('h2', 24, 'sigmoid', zeros), dense('out', 10, 'linear', zeros)]
      },
      training: { steps: 80, batchSize: 48, loss: 'softmaxCrossEntropy', optimizer: sgd(0.5) }
    })
    const told = await runToEnd(e)
    expect(told.findings.map((f) => f.kind)).toEqual(['symmetry'])
    const cured = await treated(e, told.findings[0]!)
    expect(cured.findings.filter((f) => f.severity !== 'ok')).toEqual([])
  })
})
