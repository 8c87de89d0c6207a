import { parseExperiment, type Experiment } from '@shared/experiment'
import type { RunVerdict } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

type Json = Record<string, unknown>
const dense = (id: string, units: number, activation: string, more: Json = {}): Json => ({
  id,
  kind: 'dense',
  params: { units, activation, ...more }
})
const experiment = (data: Json, nodes: Json[], training: Json, record: Json = {}): Experiment =>
  parseExperiment({ name: 'Judged', seed: 11, data, network: { nodes }, training, record })
const verdictOf = (told: Told): RunVerdict => told.log.verdict!
const kinds = (told: Told): string[] => told.findings.map((f) => f.kind)
const rate = (learningRate: number): Json => ({ id: 'sgd', learningRate })

const classifier = (learningRate: number, more: Json = {}): Experiment =>
  experiment({ dataset: { id: 'blobs', count: 300 }, ...more }, [dense('a', 16, 'tanh'), dense('out', 3, 'linear')], {
    steps: 150,
    batchSize: 30,
    loss: 'softmaxCrossEntropy',
    optimizer: rate(learningRate)
  })
/** Three hidden layers, whose rate throws them off within some steps. */
const thrown = (every: number): Experiment =>
  experiment(
    { dataset: { id: 'diabetes' } },
    [dense('a', 24, 'relu'), dense('b', 24, 'relu'), dense('out', 1, 'linear')],
    { steps: 400, batchSize: 40, loss: 'meanSquaredError', optimizer: rate(2) },
    { every }
  )

describe('the verdict of a training', () => {
  it('is learned, by the same held-out examples at both ends, and green with a healthy gradient alone', async () => {
    const told = await runToEnd(classifier(0.3))
    const { evaluations } = told
    const v = verdictOf(told)
    expect(v.state).toBe('learned')
    expect(v.measured['lossAtStart']).toBe(evaluations[0]!.metrics['loss'])
    expect(v.measured['loss']).toBe(evaluations[evaluations.length - 1]!.metrics['loss'])
    const healthy = told.findings.find((f) => f.kind === 'healthy')!
    expect(healthy.measured['loss']).toBe(v.measured['loss'])
    expect(told.done).toEqual({ state: 'finished' })
    expect(told.schema!.baselines![0]!.metrics['accuracy']).toBeGreaterThan(0.3)
  })
  it('is not learning at a rate that moves nothing', async () => {
    const told = await runToEnd(classifier(3e-7))
    expect(verdictOf(told).state).toBe('notLearning')
    expect(kinds(told)).not.toContain('healthy')
  })
  it('is not learning without the hidden layer that the task needs', async () => {
    const told = await runToEnd(
      experiment({ dataset: { id: 'xor', count: 400 } }, [dense('out', 1, 'linear')], {
        steps: 200,
        batchSize: 50,
        loss: 'sigmoidCrossEntropy',
        optimizer: rate(0.1)
      })
    )
    expect(verdictOf(told).state).toBe('notLearning')
    expect(kinds(told)).not.toContain('healthy')
  })
  it('is not learning where the output is a unit that never fires', async () => {
    const told = await runToEnd(
      experiment({ dataset: { id: 'diabetes' } }, [dense('out', 1, 'relu', { initializer: 'zeros' })], {
        steps: 120,
        batchSize: 20,
        loss: 'meanSquaredError',
        optimizer: rate(0.01)
      })
    )
    expect(verdictOf(told)).toMatchObject({ state: 'notLearning', baseline: { id: 'mean' } })
    expect(kinds(told)).not.toContain('healthy')
  })
  it('rests on some training examples, the same ones, where nothing is held out', async () => {
    const told = await runToEnd(classifier(0.3, { validation: 0 }))
    expect(told.evaluations).toEqual([])
    expect(told.schema!.judged).toEqual({ part: 'training', count: 300, classes: 3 })
    expect(verdictOf(told).state).toBe('learned')
    expect(verdictOf(told).text.en).toContain('300 training examples (nothing is held out)')
  })
  it('finds the first loss that is no number at its step, whatever is recorded', async () => {
    const [each, some] = [await runToEnd(thrown(1)), await runToEnd(thrown(50))]
    const { since } = verdictOf(each)
    expect(since).toBeGreaterThan(0)
    for (const told of [each, some]) {
      expect(verdictOf(told)).toMatchObject({ state: 'diverged', since })
      expect(told.done).toEqual({ state: 'diverged' })
      expect(told.findings.find((f) => f.kind === 'lossNaN')).toMatchObject({ from: since, measured: { step: since } })
      expect(told.log.progress).toMatchObject({ state: 'diverged', steps: 400 })
      // The last step that was made is recorded, and holds no figure that would pass for one.
      expect(told.table!.lastStep).toBe(told.log.progress.step - 1)
      expect(told.table!.scalar(told.table!.length - 1, told.table!.scalarColumn('r2'))).toBeNaN()
    }
    expect(some.log.progress.step).toBe(each.log.progress.step)
    expect(some.table!.length).toBeLessThan(20)
  })
})
