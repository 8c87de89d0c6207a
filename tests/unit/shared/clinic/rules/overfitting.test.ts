/** What is known by heart, what cannot be learnt, and what was given too few steps: told by the loss on both parts. */
import { Judge } from '@shared/clinic/judge'
import { rules, type Rule, type Verdict } from '@shared/clinic/rules'
import { verdictOf } from '@shared/clinic/verdict'
import { parseExperiment } from '@shared/experiment'
import type { Baseline, RunSchema } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { atLeast } from '@shared/clinic/rules/parts/view'
import { makeView, type Made } from './view'

const SPREAD = { min: 0, max: 1, rms: 0.7, largest: 0.7, feature: 0 }
const EMPTY = { measured: {}, threshold: {}, text: { en: '', zh: '' }, advice: [] }
const guess: Baseline = {
  id: 'chance',
  name: { en: 'chance', zh: '随机' },
  metrics: { accuracy: 0.5, loss: 0.7 },
  trainingLoss: 0.7
}
interface Run {
  /** Training loss and held-out loss and accuracy, by the share of the run that is done. */
  train(at: number): number
  held(at: number): number
  accuracy?: number
  neighbours?: number
  updateRatio?: number
  optimizer?: object
  schema?: Partial<RunSchema>
  l2?: number
}
/** A run of 100 steps, judged by 200 held-out examples every ten. */
function made({ train, held, accuracy = 0.5, neighbours, updateRatio = 0.02, optimizer, schema, l2 = 0 }: Run): Made {
  const dense = (id: string, units: number, activation: string): object => ({
    id,
    kind: 'dense',
    params: { units, activation, l2 }
  })
  const experiment = parseExperiment({
    data: { dataset: 'moons' },
    network: { nodes: [dense('dense1', 8, 'relu'), dense('dense2', 8, 'relu'), dense('dense3', 1, 'linear')] },
    training: {
      steps: 100,
      batchSize: 50,
      loss: 'sigmoidCrossEntropy',
      optimizer: optimizer ?? { id: 'adam', learningRate: 0.01 }
    }
  })
  const m = makeView(['dense', 'dense', 'dense'], {
    experiment,
    learningRate: 0.01,
    schema: {
      info: { inputShape: [2], targetShape: [1], task: 'binary', count: 400, classes: ['a', 'b'] },
      trainCount: 200,
      data: { input: SPREAD, target: SPREAD, classes: [0.5, 0.5], ...(neighbours !== undefined && { neighbours }) },
      judged: { part: 'validation', count: 200, classes: 2 },
      baselines: [guess],
      ...schema
    }
  })
  for (let step = 0; step < 100; step++) {
    if (step % 10 === 0) m.view.evaluations.push({ step, metrics: { loss: held(step / 100), accuracy } })
    m.frame({ loss: train(step / 100), accuracy: 0.5 }, { updateRatio })
  }
  m.view.evaluations.push({ step: 100, metrics: { loss: held(1), accuracy } })
  return m
}
const judge = (id: string, run: Run | Made): Verdict | undefined =>
  rules.get(id).judge(('view' in run ? run : made(run)).view)
const known = (at: number): number => 0.7 * Math.exp(-6 * at)
const rising = (at: number): number => 0.7 + 2 * at

describe('overfitting', () => {
  it('is bad where held-out examples are answered no better than by a guess, and an L2 penalty is advised', () => {
    const v = judge('overfitting', { train: known, held: rising })!
    expect(v).toMatchObject({ severity: 'bad', layers: [], advice: ['l2', 'weightDecay'], threshold: { held: 0.7 } })
    expect(v.choices).toEqual({ l2: { lambda: 0.01 }, weightDecay: { lambda: 0.5 } })
    expect(v.text.en).toContain('known by heart')
    expect(v.text.en).not.toContain('stop near step')
    expect(v.text.zh).toContain('已被记住')
  })
  it('says where the held-out loss was smallest, if that was below a guess', () => {
    const v = judge('overfitting', { train: known, held: (at) => 0.7 - 2 * at * (0.25 - at) * 8 })!
    expect(v.text.en).toMatch(/stop near step 10, where it was 0\.\d+/)
  })
  it('asks for a look at the data where the nearest examples tell no more than a guess', () => {
    expect(judge('overfitting', { train: known, held: rising, neighbours: 0.51 })!.text.en).toContain(
      'the five nearest give an accuracy of 51 %'
    )
    expect(judge('overfitting', { train: known, held: rising, neighbours: 0.8 })!.text.en).not.toContain('nearest')
  })
  it('advises more of a penalty that is there, and a decay only where steps have the size of the rate', () => {
    const sgd = { id: 'sgd', learningRate: 0.01 }
    expect(judge('overfitting', { train: known, held: rising, l2: 0.02, optimizer: sgd })).toMatchObject({
      advice: ['l2'],
      choices: { l2: { lambda: 0.06 } }
    })
  })
  it('is a mere remark of a network that learns, once its held-out loss has risen from its smallest', () => {
    const v = judge('overfitting', { train: known, held: (at) => 0.2 + at * (at - 0.4), accuracy: 0.9 })!
    expect(v).toMatchObject({ severity: 'info', measured: { at: 20 } })
    expect(judge('overfitting', { train: known, held: (at) => 0.3 - 0.1 * at, accuracy: 0.9 })).toBeUndefined()
  })
  it('is a warning where more are right than by a guess, and the wrong ones are given with certainty', () => {
    expect(judge('overfitting', { train: known, held: (at) => 0.7 + 4 * at, accuracy: 0.7 })!.severity).toBe('warn')
  })
  it('is a remark where examples known by heart tell little of others, which are better than a guess', () => {
    const v = judge('overfitting', { train: known, held: () => 0.5, accuracy: 0.8 })!
    expect(v.severity).toBe('info')
    expect(v.text.en).toContain('others are answered far worse: held-out loss 0.5, that of a guess 0.7')
    expect(judge('overfitting', { train: known, held: () => 0.3, accuracy: 0.9 })).toBeUndefined()
  })
  it('is none while both fall, where training examples are not known, and where nothing is held out', () => {
    expect(judge('overfitting', { train: known, held: (at) => 2 - at })).toBeUndefined()
    expect(judge('overfitting', { train: () => 0.69, held: rising })).toBeUndefined()
    const part = { judged: { part: 'training', count: 200, classes: 2 } } as const
    expect(judge('overfitting', { train: known, held: rising, schema: part })).toBeUndefined()
  })
  it('is none where the training examples are known by the statistics of their batch alone', () => {
    const m = made({ train: known, held: rising })
    m.view.gaps.push({ step: 90, trained: { loss: 0.01 }, used: { loss: 1 } })
    expect(judge('overfitting', m)).toBeUndefined()
    expect(verdictOf(m.view, []).text.en).toContain('as the network answers in use')
  })
  it('is told by the mean of small batches: most single examples are easy', () => {
    const m = made({ train: (at) => (Math.round(100 * at) % 3 ? 0.02 : 2), held: rising })
    Object.assign(m.view.experiment!.training, { batchSize: 1 })
    expect(judge('overfitting', m)).toBeUndefined()
    expect(verdictOf(m.view, []).text.en).not.toContain('by heart')
  })
})

describe('inputs that seem to say nothing of the target', () => {
  const still: Run = { train: () => 0.69, held: () => 0.7, neighbours: 0.51 }
  it('are told of a network at a guess whose gradient and steps are sound', () => {
    const v = judge('noSignal', still)!
    expect(v).toMatchObject({ severity: 'warn', advice: [], layers: [] })
    expect(v.text.en).toContain('(the five nearest give an accuracy of 51 %, always the same class 50 %)')
  })
  it('are not blamed where neighbours tell the target, where it learns, or where hardly anything has moved', () => {
    expect(judge('noSignal', { ...still, neighbours: 0.8 })).toBeUndefined()
    expect(judge('noSignal', { ...still, neighbours: undefined as never })).toBeUndefined()
    expect(judge('noSignal', { ...still, held: () => 0.2, accuracy: 0.9 })).toBeUndefined()
    expect(judge('noSignal', { ...still, updateRatio: 1e-4 })).toBeUndefined()
  })
})

describe('targets that are all the same', () => {
  it('are told at the first step, and the rate is not blamed', () => {
    const m = makeView(['dense'], {
      schema: {
        info: { inputShape: [2], targetShape: [1], task: 'regression', count: 100 },
        data: { input: SPREAD, target: { min: 7, max: 7, rms: 7, largest: 7, feature: 0 } }
      }
    })
    m.frame({ loss: 1 }, {})
    expect(judge('sameTargets', m)).toMatchObject({ severity: 'bad', measured: { examples: 100, target: 7 } })
    m.view.schema.data!.target.max = 8
    expect(judge('sameTargets', m)).toBeUndefined()
  })
})

describe('targets far from all others', () => {
  const outliers = { count: 2, of: 400, output: 0, from: 9e4, to: 1e5, low: 80, high: 120, share: 0.999, usual: 0.002 }
  const mean: Baseline = { ...guess, id: 'mean', metrics: { r2: 0, loss: 1 } }
  const told = (loss: string, r2: number, schema: Partial<RunSchema> = {}): Made => {
    const experiment = parseExperiment({
      data: { dataset: 'diabetes' },
      network: { nodes: [{ id: 'dense1', kind: 'dense', params: { units: 1, activation: 'linear' } }] },
      training: { steps: 100, batchSize: 50, loss, optimizer: { id: 'adam', learningRate: 0.01 } }
    })
    const m = makeView(['dense'], {
      experiment,
      schema: {
        info: { inputShape: [2], targetShape: [1], task: 'regression', count: 400 },
        data: { input: SPREAD, target: SPREAD, outliers },
        baselines: [mean],
        ...schema
      }
    })
    m.frame({ loss: 1, r2: 0 }, {})
    for (let step = 1; step < 40; step++) {
      if (step % 10 === 0) m.view.evaluations.push({ step, metrics: { loss: 1 - r2, r2 } })
      m.frame({ loss: 1 - r2, r2 }, {})
    }
    return m
  }
  it('are a remark before the first step, with their range, and what to do', () => {
    const m = told('meanSquaredError', -1)
    Object.defineProperty(m.view, 'length', { value: 1 })
    m.view.evaluations.length = 0
    const v = judge('targetOutliers', m)!
    expect(v).toMatchObject({ severity: 'info', layers: [], measured: { outliers: 2, targets: 400 } })
    expect(v.text.en).toContain('2 of 400 targets lie far from all others: 90000 … 1.0e5, where those are 80 … 120.')
    expect(v.text.en).toContain('99.9 % of the squared distances')
    expect(v.text.en).toContain('Huber or absolute loss')
  })
  it('are never advised the logarithm of a number that is 0 or less', () => {
    const advised = (low: number, loss: string): string =>
      judge(
        'targetOutliers',
        told(loss, -1, { data: { input: SPREAD, target: SPREAD, outliers: { ...outliers, low } } })
      )!.text.en
    for (const loss of ['meanSquaredError', 'huber']) {
      expect(advised(80, loss)).toContain('take the logarithm of the target')
      for (const low of [0, -4]) {
        expect(advised(low, loss)).toContain('take asinh (')
        expect(advised(low, loss)).not.toContain('the logarithm')
      }
    }
  })
  it('are a warning where the network guesses, and the swings of the loss are not blamed', () => {
    const m = told('meanSquaredError', -1)
    expect(judge('targetOutliers', m)!.severity).toBe('warn')
    expect(judge('unstable', m)).toBeUndefined()
    // Steps that are long, and a loss far above its start: a batch with such a target.
    m.frame({ loss: 2, r2: -1 }, { updateRatio: 0.3 })
    m.frame({ loss: 90, r2: -1 }, { updateRatio: 0.3 })
    expect(judge('rateTooLarge', m)).toBeUndefined()
    delete m.view.schema.data!.outliers
    expect(judge('rateTooLarge', m)).toBeDefined()
  })
  it('are none once it learns, and where the loss does not square them and nothing is squeezed', () => {
    expect(judge('targetOutliers', told('meanSquaredError', 0.9))).toBeUndefined()
    expect(judge('targetOutliers', told('meanAbsoluteError', -1))!.text.en).not.toContain('squared')
    const wide = { data: { input: SPREAD, target: SPREAD, outliers: { ...outliers, usual: 1 } } }
    expect(judge('targetOutliers', told('meanAbsoluteError', -1, wide))).toBeUndefined()
  })
})

describe('too few steps', () => {
  const early: Run = { train: (at) => 1.4 - 0.5 * at, held: (at) => 1.4 - 0.5 * at }
  it('are told at the last one, where the loss still falls and a guess is not beaten', () => {
    const v = judge('tooFewSteps', early)!
    expect(v).toMatchObject({ severity: 'warn', layers: [], measured: { guess: 0.7 } })
    expect(v.measured.steps).toBeGreaterThan(100)
    expect(v.measured.steps).toBeLessThan(500)
    expect(v.text.en).toContain('100 steps are too few')
  })
  it.each([
    [61, 61],
    [101, 110],
    [147, 150],
    [12_345, 13_000]
  ])('are told by a number that is enough: of %i, %i', (needed, told) => expect(atLeast(needed)).toBe(told))
  it('are no fault where it learns, stands still, or hardly moves', () => {
    expect(judge('tooFewSteps', { ...early, held: (at) => 0.6 - 0.5 * at, accuracy: 0.9 })).toBeUndefined()
    expect(judge('tooFewSteps', { ...early, held: () => 1.4 })).toBeUndefined()
    expect(judge('tooFewSteps', { ...early, updateRatio: 1e-4 })).toBeUndefined()
  })
  it('are no fault where the weaker of two baselines is beaten: the network has learnt something', () => {
    const weaker: Baseline = { ...guess, metrics: { accuracy: 0.2, loss: 2 } }
    expect(judge('tooFewSteps', { ...early, schema: { baselines: [guess, weaker] } })).toBeUndefined()
  })
})

describe('a rate with which the loss creeps', () => {
  const creeping: Run = { train: (at) => 1.4 - 0.04 * at, held: (at) => 1.4 - 0.04 * at, updateRatio: 1e-3 }
  it('is too small, or has too few steps: where it is a usual one, both are said', () => {
    const v = judge('rateTooSmall', { ...creeping, optimizer: { id: 'sgd', learningRate: 0.01 } })!
    expect(v).toMatchObject({ severity: 'warn', advice: ['learningRate'] })
    expect(v.text.en).toContain('or train for longer (about 300 steps at this rate)')
  })
  it('becomes a remark as the network learns, and none appears in one that does', () => {
    const m = made({ ...creeping, optimizer: { id: 'sgd', learningRate: 0.01 } })
    const at = (accuracy: number): Verdict | undefined => {
      m.view.evaluations[m.view.evaluations.length - 1]!.metrics['accuracy'] = accuracy
      return judge('rateTooSmall', m)
    }
    expect(at(0.8)).toBeUndefined()
    expect(at(0.5)!.severity).toBe('warn')
    expect(at(0.7)!.severity).toBe('info')
    expect(at(0.8)!.severity).toBe('info')
  })
  it('is told by its newest severity', () => {
    const severities = ['bad', 'warn', 'info'] as const
    const told = (softens: boolean): string => {
      const m = makeView(['dense'])
      const rule = { ...rules.get('rateTooSmall'), ...(!softens && { softens: undefined }) } as Rule
      const judged = new Judge(m.view, [
        { ...rule, judge: () => ({ severity: severities[m.view.length - 1]!, layers: [], ...EMPTY }) }
      ])
      for (const _ of severities) {
        m.frame({ loss: 1 }, {})
        judged.look(true)
      }
      return judged.findings()[0]!.severity
    }
    expect([told(true), told(false)]).toEqual(['info', 'bad'])
  })
  it('is none where the loss goes up and down', () => {
    const noisy = (at: number): number => 1.4 - 0.02 * at + 0.01 * (Math.round(10 * at) % 2)
    expect(judge('rateTooSmall', { ...creeping, train: noisy, held: noisy })).toBeUndefined()
  })
})

describe('a fault of the network or its data that is left out while the network does well', () => {
  const found = (id: string): number => {
    const m = makeView(['dense'])
    let words = ''
    const judged = new Judge(m.view, [
      {
        ...rules.get(id),
        judge: () => (words ? { severity: 'warn', layers: [], ...EMPTY, text: text(words) } : undefined)
      }
    ])
    for (const [said, frames] of [
      ['a', 30],
      ['', 30],
      ['a', 30],
      ['', 30],
      ['b', 30]
    ] as const) {
      words = said
      for (let i = 0; i < frames; i++) {
        m.frame({ loss: 1 }, {})
        judged.look(true)
      }
    }
    return judged.findings().filter((f) => f.kind === id).length
  }
  const text = (en: string): { en: string; zh: string } => ({ en, zh: en })
  it('is one finding as long as the same is said, and another fault is two', () => {
    for (const id of ['outputLayer', 'dataScale']) expect(found(id)).toBe(2)
    expect(found('dead')).toBe(3)
  })
})

describe('a critic that ends with a bounded activation', () => {
  const critic = (activation: string): Made => {
    const output = { kind: 'dense', activation }
    const m = makeView(['dense', output], {
      schema: {
        info: { inputShape: [2], targetShape: [1], task: 'critic', count: 100 },
        data: { input: SPREAD, target: SPREAD }
      }
    })
    m.frame({ loss: 0.05 }, {})
    return m
  }
  it('is told so at the first step: its estimate is bounded, too', () => {
    const v = judge('outputLayer', critic('tanh'))!
    expect(v).toMatchObject({ severity: 'warn', layers: ['dense2'] })
    expect(v.text.en).toContain('can’t get above 2')
  })
  it('is none where a single bound may be far away', () => {
    expect(judge('outputLayer', critic('relu'))).toBeUndefined()
    expect(judge('outputLayer', critic('linear'))).toBeUndefined()
  })
})
