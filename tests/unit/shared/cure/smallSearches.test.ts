import { rangeTestOf, rangeTestText, readRangeTest, withRate } from '@shared/cure/rangeTest'
import { readTenExamples, tenExamplesOf, tenExamplesText } from '@shared/cure/tenExamples'
import { learningRateAt } from '@shared/catalog/schedules'
import '@shared/clinic/remedies'
import { parseExperiment } from '@shared/experiment'
import { makeRng } from '@shared/base/random/rng'
import type { RunSchema } from '@shared/run/types'
import { describe, expect, it } from 'vitest'

const experiment = parseExperiment({
  data: { dataset: { id: 'digits' } },
  network: {
    nodes: [
      { id: 'a', kind: 'dense' },
      { id: 'drop', kind: 'dropout', params: { rate: 0.5 } },
      { id: 'block', kind: 'repeat', times: 2, body: [{ id: 'drop', kind: 'dropout', params: { rate: 0.5 } }] }
    ]
  },
  training: {
    optimizer: { id: 'adamW', learningRate: 0.02, weightDecay: 0.1 },
    schedule: { id: 'cosine', warmUp: 50 },
    classWeights: 'balanced'
  },
  remedies: [{ id: 'learningRate', factor: 0.1 }, { id: 'l2' }, { id: 'clipByGlobalNorm' }]
})
/** A loss that falls from `start` to a tenth around a rate, and blows up at 30 times it. */
function measured(best: number, start = 2.3, noise = 0.05, falls = true): { rates: number[]; losses: number[] } {
  const rng = makeRng(1, 'noise')
  const rates = Array.from({ length: 211 }, (_, i) => 1e-6 * 10 ** (i / 30))
  const losses = rates.map((r) => {
    const share = falls ? 1 / (1 + (r / best) ** 2) : 1
    const up = r > 30 * best ? 3 * start : 0
    return 0.1 * start + 0.9 * start * share + up + noise * (rng.uniform() - 0.5)
  })
  return { rates, losses }
}

describe('the range test', () => {
  it('trains once, with a rate that grows from 1e-6 to 10 and that nothing else sets', () => {
    const { training, remedies, record } = rangeTestOf(experiment)
    const rate = (step: number): number =>
      learningRateAt(training.optimizer['learningRate'] as number, training.schedule, step, training.steps)
    expect([rate(0), rate(30), rate(training.steps - 1)]).toEqual([1e-6, 1e-5, 10].map((r) => expect.closeTo(r, 10)))
    expect(remedies.map((r) => r.id)).toEqual(['l2', 'clipByGlobalNorm'])
    expect(record.every).toBe(1)
    expect(withRate(experiment, 0.5)).toMatchObject({
      training: { optimizer: { id: 'adamW', learningRate: 0.5 } },
      remedies: [{ id: 'l2' }, { id: 'clipByGlobalNorm' }]
    })
  })
  it.each([1e-4, 1e-2])('finds where the loss falls around %d, and where it diverges', (best) => {
    const { rates, losses } = measured(best)
    const test = readRangeTest(rates, losses, 2.3)
    expect(Math.abs(Math.log10(test.steepest! / best))).toBeLessThan(0.3)
    expect(test.diverges! / (30 * best)).toBeGreaterThan(0.5)
    expect(test.diverges! / (30 * best)).toBeLessThan(1.1)
    expect(test.lowest!.rate).toBeLessThan(test.diverges!)
    expect(test.suggested).toBeLessThanOrEqual(test.steepest! * 1.05)
    expect(test.suggested).toBeGreaterThanOrEqual(best / 10)
    expect(rangeTestText(test).en).toMatch(/A whole training does well with \d/)
  })
  it('ends where the loss is no number', () => {
    const { rates, losses } = measured(1e-3)
    const cut = losses.map((l, i) => (i > 120 ? NaN : l))
    const test = readRangeTest(rates, cut, 2.3)
    expect(test.diverges).toBe(rates[121])
    expect(test.suggested).toBeLessThan(rates[121]!)
  })
  it('suggests no rate where none lowers the loss, or none below the baseline', () => {
    const flat = measured(1e-3, 2.3, 0.3, false)
    expect(readRangeTest(flat.rates, flat.losses, 2.3)).not.toHaveProperty('lowest')
    expect(rangeTestText(readRangeTest(flat.rates, flat.losses, 2.3)).en).toMatch(/^No rate from 1e-6 to 10 lowers/)
    const { rates, losses } = measured(1e-3)
    const poor = readRangeTest(rates, losses, 0.2)
    expect(poor).toHaveProperty('lowest')
    expect(poor).not.toHaveProperty('suggested')
    expect(rangeTestText(poor).en).toMatch(/below what guessing has, 0.2/)
  })
})

describe('ten examples', () => {
  it('are trained on without noise and without what keeps weights small', () => {
    const { data, network, training, remedies } = tenExamplesOf(experiment)
    expect(data.examples).toBe(10)
    expect(training).toMatchObject({
      batchSize: 0,
      optimizer: { id: 'adamW', learningRate: 0.02, weightDecay: 0 },
      schedule: { id: 'constant' }
    })
    expect(training).not.toHaveProperty('classWeights')
    expect(remedies.map((r) => r.id)).toEqual(['learningRate', 'clipByGlobalNorm'])
    expect(network.nodes).toMatchObject([
      {},
      { params: { rate: 0 } },
      { body: [{ kind: 'dropout', params: { rate: 0 } }] }
    ])
  })
  it('are learnt where the loss comes near 0, against a forecast that learns nothing', () => {
    const schema = { baselines: [{ trainingLoss: 2.3 }] } as RunSchema
    const read = (end: number, state: 'finished' | 'diverged' = 'finished') =>
      readTenExamples([2.5, 2, ...Array<number>(20).fill(end)], { schema, state })!
    expect(read(0.01).learns).toBe(true)
    expect(tenExamplesText(read(0.01)).en).toMatch(/^It can: /)
    expect(read(0.5).learns).toBe(false)
    expect(tenExamplesText(read(0.5)).en).toMatch(/not in the amount of data/)
    expect(read(NaN, 'diverged').learns).toBe(false)
    expect(tenExamplesText(read(NaN, 'diverged')).en).toMatch(/becomes no number/)
  })
})
