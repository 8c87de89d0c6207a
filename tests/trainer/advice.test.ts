/**
 * What a finding advises can be taken as it stands, and cures: with what it needs beside it, without what is against
 * it.
 */
import { parseSpec } from '@shared/base/params'
import { parseExperiment, takeAdvice, type Experiment } from '@shared/experiment'
import { lookup } from '@shared/experiment/lookup'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { keptOf, runToEnd, type Told } from './support'

const layer = (id: string, kind: string, params: object = {}): object => ({ id, kind, params })
const dense = (id: string, units: number, activation: string, more: object = {}): object =>
  layer(id, 'dense', { units, activation, ...more })
const adam = (learningRate: number): object => ({ id: 'adam', learningRate })
const first = (told: Told, kind: string): Finding => {
  const f = told.findings.find((x) => x.kind === kind)
  expect(f, told.findings.map((x) => `${x.kind} ${x.text.en}`).join('\n')).toBeDefined()
  return f!
}
/** The run with the first advice of a finding, taken whole. */
function treated(e: Experiment, { advice, choices, along }: Finding): Promise<Told> {
  const id = advice[0]!
  const { on = [], off = [] } = along?.[id] ?? {}
  const all = [{ id, ...choices?.[id] }, ...on].map((c) => parseSpec('remedies', c, '', [], lookup))
  return runToEnd(takeAdvice(e, all, off))
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
      runToEnd(parseExperiment({ ...e, record: { every: 100_000 } }))
    ])
    expect(often.findings.map((f) => f.kind)).toEqual(['healthy'])
    const end = (told: Told): Float32Array => keptOf(told).slice(-1)[0]!.values
    expect(end(often)).toEqual(end(seldom))
  })
})
