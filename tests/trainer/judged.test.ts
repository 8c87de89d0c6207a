/** What is judged does not depend on what is recorded; what is no layer’s fault is not laid on one. */
import { makeRng } from '@shared/base/random/rng'
import { parseExperiment, type Experiment } from '@shared/experiment'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

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

const table = (training: object, rows: string[], header: string): Promise<Told> =>
  runToEnd(
    parseExperiment({
      data: { dataset: { id: 'csv', file: 'own.csv' }, validation: 0.3 },
      network: { nodes: [dense('h', 12, 'tanh'), dense('out', 1, 'linear')] },
      training: { steps: 300, batchSize: 32, optimizer: { id: 'adam', learningRate: 0.01 }, ...training }
    }),
    { files: { 'own.csv': [header, ...rows].join('\n') } }
  )
it('weighted classes are judged by balanced accuracy, at both ends as in the baseline', async () => {
  const rng = makeRng(3, 'test/rare')
  const rows = Array.from({ length: 600 }, (_, i) => {
    const isRare = i % 12 === 0
    return `${rng.normal() + (isRare ? 1.6 : 0)},${rng.normal()},${isRare ? 'yes' : 'no'}`
  })
  const training = { loss: 'sigmoidCrossEntropy', classWeights: 'balanced' }
  const { log, findings, evaluations } = await table(training, rows, 'a,b,y')
  const { state, measured, baseline, text } = log.verdict!
  expect(state).toBe('learned')
  expect(baseline).toMatchObject({ id: 'chance', metrics: { balancedAccuracy: 0.5 } })
  expect(measured['balancedAccuracy']).toBe(evaluations[evaluations.length - 1]!.metrics['balancedAccuracy'])
  expect(text.en).toContain('balanced accuracy')
  // Fewer right answers than by the majority: what is judged is another thing.
  expect(measured['accuracy']).toBeLessThan(11 / 12)
  expect(findings.map((f) => f.kind)).not.toContain('imbalance')
})
it.each([{ id: 'meanAbsoluteError' }, { id: 'huber', delta: 0.05 }])(
  '%o has its own constant to beat',
  async (loss) => {
    const rng = makeRng(4, 'test/far')
    // Few targets far off take all of the variance.
    const rows = Array.from({ length: 400 }, (_, i) => {
      const a = rng.normal()
      return `${a},${rng.normal()},${i % 40 ? Math.abs(a) : 60}`
    })
    const { log } = await table({ loss }, rows, 'a,b,y')
    const { state, measured, baseline } = log.verdict!
    expect(state).toBe('learned')
    expect(baseline!.id).toBe('constant')
    expect(measured['loss']).toBeLessThan(baseline!.metrics['loss']!)
    expect(measured['r2']).toBeLessThan(0.02)
  }
)
