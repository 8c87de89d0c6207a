/** What is named is at fault, what is not at fault is not, and the first advice takes the cause away. */
import { verdictOf } from '@shared/clinic/verdict'
import { rules, type Verdict } from '@shared/clinic/rules'
import { lower } from '@shared/clinic/rules/parts/rate'
import type { DataInfo } from '@shared/catalog/datasets'
import { parseExperiment, type Experiment } from '@shared/experiment'
import type { Baseline, Finding, RunLayer, Spread } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { makeView, type Made } from './view'

const judge = (id: string, m: Made): Verdict | undefined => rules.get(id).judge(m.view)
const times = (n: number, f: (i: number) => void): void => Array.from({ length: n }).forEach((_, i) => f(i))
const regression: DataInfo = { inputShape: [3], targetShape: [1], task: 'regression', count: 100 }
const spread = (min: number, max: number): Spread => ({ min, max, rms: 1, largest: 1, feature: 0 })
const net = (training: object = {}, params: object = {}): Experiment =>
  parseExperiment({
    data: { dataset: 'diabetes' },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', params: { units: 16, activation: 'relu', ...params } },
        { id: 'dense2', kind: 'dense', params: { units: 16, activation: 'relu' } },
        { id: 'dense3', kind: 'dense', params: { units: 1 } }
      ]
    },
    training: { loss: 'meanSquaredError', batchSize: 16, steps: 200, ...training }
  })
const ending = (activation: string, activationParams = {}): Partial<RunLayer> => ({
  kind: 'dense',
  outputShape: [1],
  activation,
  activationParams
})

it('a leaky output is named where targets lie below 0 and its slope is small', () => {
  const told = (alpha: number, min: number): Verdict | undefined => {
    const m = makeView(['dense', 'dense', ending('leakyRelu', { alpha })], {
      experiment: net(),
      schema: { info: regression, data: { input: spread(-2, 2), target: spread(min, 3) } }
    })
    m.frame({ loss: 1 }, {})
    return judge('outputLayer', m)
  }
  expect(told(0.01, -3)?.text.en).toContain('which hardly goes below 0 (slope 0.01)')
  expect(told(0.3, -3)).toBeUndefined()
  expect(told(0.01, 0)).toBeUndefined()
})
it('an embedding before a cell that explodes through time is not blamed', () => {
  const told = (growth: number): Verdict | undefined => {
    const m = makeView([{ kind: 'embedding', main: true }, { kind: 'rnn', main: true }, 'dense', 'dense'])
    m.view.times = (_i, layer) => (layer === 1 ? [growth, 5, 4, 3, 2, 1] : undefined)
    times(9, () => m.frame({ loss: 2.3 }, { activationGradientRms: [1e5, 1e3, 1, 1] }))
    return judge('exploding', m)
  }
  expect(told(1e5)).toBeUndefined()
  expect(told(6)).toBeDefined()
})
describe('dead units', () => {
  const run = (dead: number[], layers: (string | Partial<RunLayer>)[], experiment = net()): Verdict => {
    const m = makeView(layers, { experiment, schema: { info: regression } })
    times(64, () => m.frame({ loss: 1 }, { deadShare: dead }))
    return judge('dead', m)!
  }
  it('of layers wholly behind a dead one are that one’s', () => {
    expect(run([1, 1, 1, 0], ['dense', 'dense', 'dense', 'dense']).layers).toEqual(['dense1'])
    // Past a skip, or behind a layer with a unit left, a layer has inputs of its own.
    const skip = { kind: 'dense', inputs: ['dense1', 'input'] }
    expect(run([1, 1, 0], ['dense', skip, 'dense']).layers).toEqual(['dense1', 'dense2'])
    expect(run([0.97, 0.96, 0], ['dense', 'dense', 'dense']).layers).toEqual(['dense1', 'dense2'])
  })
  it('whose weights start on one side of 0 get a start before a leak', () => {
    const first = (initializer: object): string | undefined =>
      run([1, 0, 0], ['dense', 'dense', 'dense'], net({}, { initializer })).advice[0]
    expect(first({ id: 'normal', mean: -1, std: 0.1 })).toBe('initializer')
    expect(first({ id: 'normal', mean: -0.1, std: 1 })).toBe('activation')
  })
})
it('a heavy momentum takes the rate down further', () => {
  const factor = (momentum: number): number => {
    const m = makeView(['dense', 'dense', 'dense'], {
      experiment: net({ optimizer: { id: 'momentum', learningRate: 0.1, momentum } })
    })
    m.frame({ loss: 1 }, { updateRatio: 10 })
    return lower(m.view)['factor'] as number
  }
  expect(factor(0.5)).toBe(factor(0))
  expect(factor(0.5) / factor(0.9)).toBeGreaterThan(2)
  expect(factor(0.9) / factor(0.99)).toBeGreaterThanOrEqual(5)
})
describe('the verdict', () => {
  const mean: Baseline = {
    id: 'mean',
    name: { en: 'always the mean', zh: '总答均值' },
    metrics: { loss: 1, r2: 0 },
    trainingLoss: 1
  }
  const made = (steps: number, loss: (step: number) => number, held: number): Made => {
    const m = makeView(['dense', 'dense', 'dense'], { schema: { info: regression, baselines: [mean] } })
    for (let step = 0; step < steps; step++) {
      if (step % 10 === 0) m.view.evaluations.push({ step, metrics: { loss: held, r2: -1 } })
      m.view.observe(step, loss(step))
      m.frame({ loss: loss(step) }, {})
    }
    return m
  }
  it('dates a rise in loss by its begin, not by a single batch below the limit', () => {
    const m = made(80, (s) => (s < 20 ? 1 : s === 70 ? 2.5 : 9), 9)
    expect(verdictOf(m.view, [])).toMatchObject({ state: 'diverged', since: 20 })
  })
  it('does not say of a norm that answers otherwise in use that examples are known by heart', () => {
    const m = made(200, (s) => Math.exp(-s / 20), 2)
    const gap: Finding = {
      rule: 'evaluationGap',
      kind: 'evaluationGap',
      severity: 'bad',
      from: 0,
      to: 199,
      layers: [],
      measured: {},
      threshold: {},
      text: { en: '', zh: '' },
      advice: []
    }
    expect(verdictOf(m.view, [gap]).text.en).toContain('as the network answers in use it is no better')
    expect(verdictOf(m.view, []).text.en).toContain('known by heart')
  })
})
it('a hidden layer before an output of one side takes a linear output along', () => {
  const told = (output: string): unknown => {
    const guess: Baseline = {
      id: 'mean',
      name: { en: 'mean', zh: '均值' },
      metrics: { loss: 1, r2: 0 },
      trainingLoss: 1
    }
    const m = makeView([ending(output)], {
      experiment: parseExperiment({
        data: { dataset: 'diabetes' },
        network: { nodes: [{ id: 'dense1', kind: 'dense', params: { units: 1, activation: output } }] },
        training: { loss: 'meanSquaredError', batchSize: 16, steps: 200 }
      }),
      schema: {
        info: regression,
        data: { input: spread(-2, 2), target: spread(0, 3), neighbours: 0.9 },
        baselines: [guess]
      }
    })
    times(60, () => m.frame({ loss: 0.99, r2: 0.01 }, {}))
    for (const step of [0, 20, 40, 59]) m.view.evaluations.push({ step, metrics: { loss: 0.99, r2: 0.01 } })
    const v = judge('linearNetwork', m)!
    return [v.advice[0], v.along?.['hiddenLayer']?.on?.map((o) => o.id)]
  }
  expect(told('relu')).toEqual(['hiddenLayer', ['outputLayer']])
  expect(told('linear')).toEqual(['hiddenLayer', undefined])
})
