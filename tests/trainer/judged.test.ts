/** What is judged does not depend on what is recorded; what is no layer’s fault is not laid on one. */
import { makeRng } from '@shared/base/random/rng'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { runToEnd } from './support'

const dense = (id: string, units: number, activation: string): object => ({
  id,
  kind: 'dense',
  params: { units, activation }
})
const digits = (training: object, more: object = {}): Experiment =>
  parseExperiment({
    data: { dataset: 'digits' },
    network: { nodes: [dense('h', 24, 'relu'), dense('out', 10, 'linear')] },
    training: { steps: 120, batchSize: 32, loss: 'softmaxCrossEntropy', ...training },
    ...more
  })
const kinds = async (e: Experiment): Promise<string[]> => (await runToEnd(e)).findings.map((f) => f.kind)

describe('findings of a run of which hardly a step is recorded', () => {
  it.each([1, 60, 500])('name a rate that is too small, with every %i. step', async (every) => {
    const low = digits({ optimizer: { id: 'momentum', learningRate: 1e-7 } }, { record: { every } })
    expect(await kinds(low)).toEqual(['rateTooSmall'])
  })
  it('say that a run is healthy', async () => {
    const good = digits({ optimizer: { id: 'adam', learningRate: 0.01 } }, { record: { every: 500 } })
    expect(await kinds(good)).toEqual(['healthy'])
  })
})

it('clipping that leaves next to nothing is named as what keeps steps small', async () => {
  const hooks = [{ id: 'clipByGlobalNorm', maxNorm: 1e-5 }]
  const told = await runToEnd(digits({ optimizer: { id: 'sgd', learningRate: 0.1 }, hooks }))
  expect(told.findings.map((f) => f.kind)).toEqual(['rateTooSmall'])
  expect(told.findings[0]!.text.en).toContain('clipping leaves 1.0e-5')
  expect(told.findings[0]!.advice).toEqual(['optimizer'])
})

it('inputs that are all the same blame no layer', async () => {
  const rng = makeRng(5, 'test/same')
  const rows = Array.from({ length: 80 }, () => `3,7,${rng.normal()}`)
  const e = parseExperiment({
    data: { dataset: { id: 'csv', file: 'same.csv' } },
    network: { nodes: [dense('h1', 8, 'relu'), dense('h2', 8, 'relu'), dense('out', 1, 'linear')] },
    training: { steps: 60, batchSize: 16, loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.01 } }
  })
  const { findings } = await runToEnd(e, { files: { 'same.csv': ['a,b,y', ...rows].join('\n') } })
  expect(findings.map((f) => [f.kind, f.layers])).toEqual([['sameInputs', []]])
})
