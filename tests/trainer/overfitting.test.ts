/** What is known by heart and what cannot be learnt: named by their figures, in whole trainings. */
import { makeRng } from '@shared/base/random/rng'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

const dense = (id: string, units: number, activation: string): object => ({
  id,
  kind: 'dense',
  params: { units, activation, initializer: activation === 'relu' ? 'heNormal' : 'glorotUniform' }
})
/** Two classes by three of six normal inputs; a share of the labels is drawn by lot. */
function table(rows: number, lot: number): string {
  const rng = makeRng(23, 'test/overfitting')
  const lines = Array.from({ length: rows }, () => {
    const x = Array.from({ length: 6 }, () => rng.normal())
    const is = rng.uniform() < lot ? rng.uniform() < 0.5 : x[0]! * x[1]! + x[2]! > 0
    return [...x, is ? 'p' : 'q'].join()
  })
  return ['a,b,c,d,e,f,y', ...lines].join('\n')
}
const run = (lot: number, units: number, steps: number, more: object = {}): Promise<Told> =>
  runToEnd(experiment(units, steps, more), { files: { 't.csv': table(400, lot) } })
const experiment = (units: number, steps: number, more: object): Experiment =>
  parseExperiment({
    seed: 6,
    data: { dataset: { id: 'csv', file: 't.csv', target: 'y' }, standardize: true, validation: 0.25 },
    network: { nodes: [dense('h1', units, 'relu'), dense('h2', units, 'relu'), dense('out', 1, 'linear')] },
    training: {
      steps,
      batchSize: 32,
      loss: 'sigmoidCrossEntropy',
      optimizer: { id: 'adam', learningRate: 0.005 }
    },
    ...more
  })
const found = ({ findings }: Told, kind: string): Finding | undefined => findings.find((f) => f.kind === kind)
const heldLoss = (told: Told): number => told.evaluations[told.evaluations.length - 1]!.metrics['loss']!

describe('a network that knows noise by heart', () => {
  it('is named, and the penalty that is advised brings the held-out loss down', async () => {
    const told = await run(0.6, 96, 500)
    const f = found(told, 'overfitting')!
    expect(f).toMatchObject({ severity: 'bad', layers: [], advice: ['l2', 'weightDecay'] })
    const cured = await run(0.6, 96, 500, { remedies: [{ id: 'l2', ...f.choices!['l2'] }] })
    expect(heldLoss(cured)).toBeLessThan(0.6 * heldLoss(told))
    expect(found(cured, 'overfitting')).toBeUndefined()
  })
  it('of labels drawn by lot, the data are to be looked at', async () => {
    const told = await run(1, 96, 500)
    expect(found(told, 'overfitting')!.text.en).toContain('check that each target stands beside its own inputs')
  })
})
describe('labels drawn by lot', () => {
  it('are told of a network that stands at a guess', async () => {
    const told = await run(1, 4, 200)
    expect(found(told, 'noSignal')).toMatchObject({ severity: 'warn', advice: [] })
  })
})
describe('no alarm', () => {
  it('of a network that learns what there is', async () => {
    const told = await run(0, 16, 300)
    expect(told.findings.map((f) => f.kind)).toEqual(['healthy'])
  })
})

describe('tanh weights so large that examples that are alike part', () => {
  const deep = (remedies: object[] = []): Experiment => {
    const start = { id: 'normal', std: 3 / Math.sqrt(48) }
    const hidden = Array.from({ length: 8 }, (_, i) => ({
      id: `h${i + 1}`,
      kind: 'dense',
      params: { units: 48, activation: 'tanh', initializer: start }
    }))
    return parseExperiment({
      seed: 6,
      data: { dataset: 'digits', validation: 0.3 },
      network: { nodes: [...hidden, dense('out', 10, 'linear')] },
      training: {
        steps: 500,
        batchSize: 64,
        loss: 'softmaxCrossEntropy',
        optimizer: { id: 'adam', learningRate: 0.002 }
      },
      remedies
    })
  }
  it('are named where training examples are known by heart, and a smaller start is advised, which cures', async () => {
    const told = await runToEnd(deep())
    const f = found(told, 'overfitting')!
    expect(f).toMatchObject({ severity: 'warn' })
    expect(f.text.en).toContain('The weights start so large that examples that are alike part from layer to layer')
    expect(f.advice[0]).toBe('initializer')
    const cured = await runToEnd(deep([{ id: 'initializer', ...f.choices?.['initializer'] }]))
    const accuracy = (t: Told): number => t.evaluations[t.evaluations.length - 1]!.metrics['accuracy']!
    expect([accuracy(told) < 0.75, accuracy(cured) > 0.9]).toEqual([true, true])
    expect(found(cured, 'overfitting')).toBeUndefined()
  })
})
