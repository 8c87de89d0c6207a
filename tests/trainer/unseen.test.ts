/** Faults that send nothing back, or too little to be seen by what they send: named all the same, and cured. */
import { makeRng } from '@shared/base/random/rng'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { Finding } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { runToEnd, type Told } from './support'

const dense = (id: string, units: number, activation: string, more: object = {}): object => ({
  id,
  kind: 'dense',
  params: { units, activation, ...more }
})
const find = (told: Told, rule: string): Finding | undefined => told.findings.find((f) => f.rule === rule)
const score = (told: Told, name: string): number => told.evaluations[told.evaluations.length - 1]!.metrics[name]!
const withAdvice = (e: Experiment, { advice, choices }: Finding): Experiment =>
  parseExperiment({ ...e, remedies: [{ id: advice[0]!, ...choices?.[advice[0]!] }] })

describe('a state that grows until the layer behind it is saturated', () => {
  const stacked = (activation: string): Experiment =>
    parseExperiment({
      seed: 5,
      data: { dataset: { id: 'digitRows', step: 'pixel' } },
      network: {
        nodes: [
          {
            id: 'lower',
            kind: 'simpleRnn',
            params: {
              units: 40,
              activation,
              recurrentInitializer: { id: 'normal', std: 0.4 },
              returnSequences: true
            }
          },
          { id: 'upper', kind: 'simpleRnn', params: { units: 40, activation: 'tanh' } },
          dense('out', 10, 'linear')
        ]
      },
      training: { loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.02 }, steps: 100 }
    })
  it.each(['relu'])('is an explosion through time of a %s cell', async (activation) => {
    const told = await runToEnd(stacked(activation))
    const found = find(told, 'explodingInTime')!
    expect(found).toMatchObject({ severity: 'bad', from: 0, layers: ['lower'] })
    expect(found.measured['state']).toBeGreaterThan(1e3)
    for (const f of told.findings) expect(f.advice[0], f.rule).toBe('recurrentStart')
    const cured = await runToEnd(withAdvice(stacked(activation), found))
    // A linear cell may leave its start for a few steps on the way.
    expect(find(cured, 'explodingInTime')?.measured['state']).toBeUndefined()
    expect(score(cured, 'accuracy')).toBeGreaterThan(0.4)
  })
})

describe('an output whose start is far on the wrong side', () => {
  const rng = makeRng(4, 'test/unseen')
  const files = {
    'signs.csv': ['x,y', ...Array.from({ length: 400 }, () => rng.normal()).map((x) => `${x},${x > 0 ? 1 : 0}`)].join(
      '\n'
    )
  }
  it.each(['sigmoid', 'hardSigmoid'])('is named steadily for %s, though a few examples pass', async (activation) => {
    const e = parseExperiment({
      seed: 6,
      data: { dataset: { id: 'csv', file: 'signs.csv', task: 'regression' }, standardize: false },
      network: { nodes: [dense('out', 1, activation, { initializer: { id: 'constant', value: -80 } })] },
      training: {
        loss: 'meanSquaredError',
        optimizer: { id: 'sgd', learningRate: 0.01 },
        steps: 100,
        batchSize: 40
      }
    })
    const told = await runToEnd(e, { files })
    expect(told.findings.filter((f) => f.rule === 'outputLayer')).toHaveLength(1)
    expect(find(told, 'outputLayer')).toMatchObject({ severity: 'bad', to: 99 })
    expect(find(told, 'notUpdating')).toBeUndefined()
  })
})

describe('tiny weights beneath squashing units', () => {
  const e = parseExperiment({
    seed: 7,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        ...['a', 'b'].map((id) => dense(id, 48, 'tanh', { initializer: { id: 'normal', std: 1e-7 } })),
        dense('out', 10, 'linear', { initializer: { id: 'normal', std: 1e-7 } })
      ]
    },
    training: { loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.05 }, steps: 150 }
  })
  it('need another start, where a norm’s ε leaves nothing', async () => {
    const told = await runToEnd(e)
    for (const rule of ['vanishing', 'notUpdating']) expect(find(told, rule)!.advice[0]).toBe('initializer')
    expect(score(await runToEnd(withAdvice(e, find(told, 'vanishing')!)), 'accuracy')).toBeGreaterThan(0.7)
  })
})

describe('a layer norm over two units', () => {
  const e = parseExperiment({
    seed: 5,
    data: { dataset: 'digits' },
    network: {
      nodes: [
        dense('h1', 32, 'relu'),
        dense('pair', 2, 'linear'),
        { id: 'norm', kind: 'layerNorm' },
        dense('h2', 32, 'relu'),
        dense('out', 10, 'linear')
      ]
    },
    training: { loss: 'softmaxCrossEntropy', optimizer: { id: 'adam', learningRate: 0.003 }, steps: 200 }
  })
  it('is named, and no other start advised', async () => {
    const told = await runToEnd(e)
    expect(find(told, 'constantLayer')).toMatchObject({ severity: 'bad', from: 0, layers: ['norm'] })
    expect(find(told, 'constantLayer')!.text.en).toContain('1 and −1 are left')
    expect(find(told, 'vanishing')).toBeUndefined()
  })
})

describe('a state that forgets what the network does not need', () => {
  it('is a mere remark once the network learns', async () => {
    const e = parseExperiment({
      seed: 5,
      data: { dataset: 'sineForecast' },
      network: {
        nodes: [
          { id: 'cell', kind: 'simpleRnn', params: { units: 16, activation: 'linear', recurrentInitializer: 'zeros' } },
          dense('out', 1, 'linear')
        ]
      },
      training: { loss: 'meanSquaredError', optimizer: { id: 'adam', learningRate: 0.005 }, steps: 300 }
    })
    const told = await runToEnd(e)
    expect(score(told, 'r2')).toBeGreaterThan(0.95)
    expect(find(told, 'vanishingInTime')).toMatchObject({ severity: 'info' })
    expect(told.log.verdict!.state).toBe('learned')
  })
})

describe('a penalty that leaves answers right and hardly certain', () => {
  const held = (l2: number): Experiment =>
    parseExperiment({
      seed: 42,
      data: { dataset: 'digits' },
      network: {
        nodes: [dense('h', 64, 'relu', { initializer: 'heNormal', l2 }), dense('out', 10, 'linear')]
      },
      training: { loss: 'softmaxCrossEntropy', optimizer: { id: 'sgd', learningRate: 0.01 }, steps: 400 }
    })
  it('is named, and one as it is usual is not', async () => {
    const told = await runToEnd(held(10))
    expect(score(told, 'accuracy')).toBeGreaterThan(0.6)
    expect(find(told, 'regularisation')).toMatchObject({
      severity: 'warn',
      layers: ['h'],
      advice: ['lessRegularisation']
    })
    expect(find(await runToEnd(held(1e-3)), 'regularisation')).toBeUndefined()
  })
})
