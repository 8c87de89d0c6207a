import { rules, type Verdict } from '@shared/clinic/rules'
import { remedies } from '@shared/clinic/remedies'
import { applyRemedy, parseExperiment, remedyBlocked, type Experiment } from '@shared/experiment'
import type { DataInfo } from '@shared/catalog/datasets'
import type { RunSchema, Spread } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { makeView, type Made } from './view'

const judge = (id: string, m: Made): Verdict | undefined => rules.get(id).judge(m.view)
const times = (n: number, f: (i: number) => void): void => Array.from({ length: n }).forEach((_, i) => f(i))
const spread = (largest: number, more: Partial<Spread> = {}): Spread => ({
  min: -2 * largest,
  max: 2 * largest,
  rms: largest / 2,
  largest,
  feature: 1,
  ...more
})
const regression: DataInfo = {
  inputShape: [3],
  targetShape: [1],
  task: 'regression',
  count: 100,
  featureNames: ['age', 'rooms', 'income']
}
const net = (more: object = {}): Experiment =>
  parseExperiment({
    data: { dataset: 'diabetes', standardize: false },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', params: { units: 16, activation: 'relu' } },
        { id: 'dense2', kind: 'dense', params: { units: 16, activation: 'relu' } },
        { id: 'dense3', kind: 'dense', params: { units: 1, activation: 'linear' } }
      ]
    },
    training: { loss: 'meanSquaredError', batchSize: 16, steps: 200, ...more }
  })

describe('the scale of the data', () => {
  const run = (input: number, target: number, more: { kinds?: string[]; schema?: Partial<RunSchema> } = {}): Made =>
    makeView(more.kinds ?? ['dense', 'dense', 'dense'], {
      experiment: net(),
      schema: { info: regression, data: { input: spread(input), target: spread(target) }, ...more.schema }
    })
  it('is told at the first step, with the feature and both sizes, and the cure comes first', () => {
    const m = run(470, 8e4)
    m.frame({ loss: 6e9 }, {})
    const v = judge('dataScale', m)!
    expect(v).toMatchObject({
      severity: 'warn',
      measured: { input: 470, target: 8e4 },
      threshold: { input: 20, target: 100 }
    })
    expect(v.advice[0]).toBe('scaleData')
    expect(v.text.en).toBe(
      'The inputs reach the first layer unscaled: “rooms” measures 470 (RMS), values -940 … 940, where layers are made for about 1; the targets measure 80000 (RMS), values -1.6e5 … 1.6e5, and so does the first error.'
    )
    expect(v.text.zh).toContain('“rooms”的 RMS 为 470')
  })
  it('is bad once the loss is no number or stays where it was, and nothing where the network learns', () => {
    const m = run(470, 1)
    times(3, () => m.frame({ loss: NaN }, {}))
    expect(judge('dataScale', m)!.severity).toBe('bad')
    const still = run(1, 900)
    times(12, () => still.frame({ loss: 8e5 }, {}))
    expect(judge('dataScale', still)).toMatchObject({ severity: 'bad', measured: { target: 900 } })
    const learns = run(470, 900)
    times(12, (i) => learns.frame({ loss: 8e5 / (i + 1), r2: i / 12 }, {}))
    expect(judge('dataScale', learns)).toBeUndefined()
  })
  it('stands before every other advice as long as it lasts', () => {
    const m = run(470, 1)
    m.frame({ loss: 3 }, {})
    times(3, () => m.frame({ loss: NaN }, { weightNonFinite: 4, activationNonFinite: 4 }))
    for (const id of ['lossNaN', 'weightsNaN']) expect(judge(id, m)!.advice[0]).toBe('scaleData')
  })
  it('values of the usual sizes are fine: z-scores, shares, pixels, coordinates', () => {
    for (const input of [0.05, 0.3, 1, 5]) {
      const m = run(input, 3)
      m.frame({ loss: 1 }, {})
      expect(judge('dataScale', m)).toBeUndefined()
    }
  })
  it('neither are ids of symbols, targets that are classes, nor what a norm takes in', () => {
    for (const m of [
      run(300, 1, { schema: { info: { ...regression, symbols: 600 } } }),
      run(1, 500, { schema: { info: { ...regression, task: 'binary' } } }),
      run(300, 1, { kinds: ['reshape', 'batchNorm', 'dense', 'dense'] })
    ]) {
      m.frame({ loss: 1 }, {})
      expect(judge('dataScale', m)).toBeUndefined()
    }
  })
})

describe('advice', () => {
  it('leaves out what is refused here, what is on and what changes nothing', () => {
    const advised = (experiment: Experiment): string[] => {
      const m = makeView(['dense', 'dense', 'dense'], { experiment, schema: { info: regression } })
      times(6, () => m.frame({ loss: 1 }, { deadShare: [1, 1, 0] }))
      return judge('dead', m)!.advice
    }
    expect(advised(net())).toEqual(['learningRate', 'activation', 'initializer', 'batchNorm'])
    // One example is no batch.
    expect(advised(net({ batchSize: 1 }))).not.toContain('batchNorm')
    expect(advised({ ...net(), remedies: [{ id: 'learningRate', factor: 0.1 }] })).not.toContain('learningRate')
    // ReLU with He is what both would make of it.
    const already = applyRemedy(
      net(),
      { id: 'activation', to: { id: 'relu' }, matching: true, recurrent: false },
      regression
    )
    expect(advised(already)).toEqual(['learningRate', 'batchNorm'])
  })
})

describe('the remedy that scales the data', () => {
  const why = (e: Experiment, info = regression): string | undefined => remedyBlocked(e, { id: 'scaleData' }, info)?.en
  it('switches standardising on, and says when that is no help', () => {
    expect(applyRemedy(net(), { id: 'scaleData' }, regression).data.standardize).toBe(true)
    expect(why(net())).toBeUndefined()
    expect(why({ ...net(), data: { ...net().data, standardize: true } })).toContain('already')
    expect(why(net(), { ...regression, symbols: 6 })).toContain('symbols')
    expect(remedies.get('scaleData').doc.en).toContain('targets')
  })
})
