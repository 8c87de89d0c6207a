import { rules, type Verdict } from '@shared/clinic/rules'
import { remedies } from '@shared/clinic/remedies'
import {
  applyRemedy,
  parseExperiment,
  planExperiment,
  remedyBlocked,
  type Experiment,
  type LayerNode
} from '@shared/experiment'
import type { DataInfo } from '@shared/catalog/datasets'
import type { Baseline, RunLayer, RunSchema, Spread } from '@shared/run/types'
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
const net = (more: object = {}, params: object = {}, output = 'linear'): Experiment =>
  parseExperiment({
    data: { dataset: 'diabetes', standardize: false },
    network: {
      nodes: [
        { id: 'dense1', kind: 'dense', params: { units: 16, activation: 'relu', ...params } },
        { id: 'dense2', kind: 'dense', params: { units: 16, activation: 'relu', ...params } },
        { id: 'dense3', kind: 'dense', params: { units: 1, activation: output } }
      ]
    },
    training: { loss: 'meanSquaredError', batchSize: 16, steps: 200, ...more }
  })

describe('the scale of the data', () => {
  it('takes steps of the rate’s size along where plain ones will be too short for scaled targets', () => {
    const along = (updateRatio: number): unknown => {
      const m = run(1, 8e4)
      m.frame({ loss: 6e9 }, { updateRatio })
      return judge('dataScale', m)!.along?.['scaleData']?.on?.map((o) => o.id)
    }
    // 4e4 times shorter: a thousandth of a layer’s size, or a fortieth.
    expect(along(40)).toEqual(['optimizer'])
    expect(along(1000)).toBeUndefined()
  })
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
      run(300, 1, { kinds: ['embedding', 'dense', 'dense'], schema: { info: { ...regression, symbols: 600 } } }),
      run(1, 500, { schema: { info: { ...regression, task: 'binary' } } }),
      run(300, 1, { kinds: ['reshape', 'batchNorm', 'dense', 'dense'] })
    ]) {
      m.frame({ loss: 1 }, {})
      expect(judge('dataScale', m)).toBeUndefined()
    }
  })
  it('so is a mean that hides how little the values vary, of inputs and of targets', () => {
    const m = run(15, 90, {
      schema: {
        data: {
          input: spread(15, { far: { feature: 2, mean: 15, std: 0.2 } }),
          target: spread(90, { far: { feature: 0, mean: -90, std: 0.5 } })
        }
      }
    })
    m.frame({ loss: 8000 }, {})
    const v = judge('dataScale', m)!
    expect(v).toMatchObject({
      measured: { inputOffset: 75, targetOffset: 180 },
      threshold: { inputOffset: 10, targetOffset: 10 }
    })
    expect(v.advice[0]).toBe('scaleData')
    expect(v.text.en).toBe(
      'The inputs reach the first layer uncentred: “income” has mean 15 and standard deviation 0.2, so that its mean is 75 × what varies; the targets have mean -90 and standard deviation 0.5: the first error is 180 × what there is to learn.'
    )
    // Densities and shares about 1.
    const near = run(1, 1, {
      schema: { data: { input: spread(1, { far: { feature: 0, mean: 0.99, std: 0.002 } }), target: spread(1) } }
    })
    near.frame({ loss: 1 }, {})
    expect(judge('dataScale', near)).toBeUndefined()
  })
  it('of the targets alone is cured by scaling alone', () => {
    for (const [input, target] of [
      [1, 900],
      [1, 1e-4]
    ] as const) {
      const m = run(input, target)
      m.frame({ loss: 8e5 }, {})
      const { advice } = judge('dataScale', m)!
      expect(advice[0]).toBe('scaleData')
      for (const id of ['batchNorm', 'learningRate']) expect(advice).not.toContain(id)
    }
  })
  it('whole numbers are measured all the same where no layer reads them as ids: pixels, counts, years', () => {
    const m = run(130, 1, { schema: { info: { ...regression, symbols: 256 } } })
    m.frame({ loss: 1 }, {})
    expect(judge('dataScale', m)).toMatchObject({
      measured: { input: 130 },
      advice: ['scaleData', 'batchNorm', 'learningRate']
    })
  })
})

describe('advice', () => {
  it('leaves out what is refused here, what is on and what changes nothing', () => {
    const advised = (experiment: Experiment): string[] => {
      const m = makeView(['dense', 'dense', 'dense'], { experiment, schema: { info: regression } })
      times(65, (i) => m.frame({ loss: 1 }, { deadShare: [i ? 1 : 0.3, i ? 1 : 0.3, 0] }))
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
  it('blames no step for units that were dead before the first one', () => {
    const m = makeView(['dense', 'dense', 'dense'], { experiment: net(), schema: { info: regression } })
    times(64, () => m.frame({ loss: 1 }, { deadShare: [1, 0, 0] }))
    expect(judge('dead', m)).toMatchObject({
      advice: ['activation', 'initializer', 'batchNorm'],
      choices: { activation: { to: { id: 'leakyRelu', alpha: 0.1 } } }
    })
  })
  it('raises no rate for a layer that no gradient reaches', () => {
    const m = makeView(['dense', 'dense', 'dense'], { experiment: net(), schema: { info: regression } })
    times(64, () => m.frame({ loss: 1 }, { updateRatio: 0, weightGradientNorm: 0, activationGradientRms: 0.3 }))
    const v = judge('notUpdating', m)!
    expect(v.advice).not.toContain('learningRate')
    expect(v.text.en).not.toContain('raise it')
  })
  it.each([
    ['whose rate is raised already', 1, [{ id: 'learningRate', factor: 10 }], /activation|fewerLayers|residual/],
    ['that a step has thrown far off, and whose start is good', 1e9, [], /^learningRate/]
  ])('advises something for a layer that stands still, %s', (_name, loss, remedies, first) => {
    const nodes = net({ batchSize: 1 }, { initializer: 'heNormal' })
    const m = makeView(['dense', 'dense', 'dense'], {
      experiment: { ...nodes, remedies },
      schema: {
        info: regression,
        baselines: [{ id: 'mean', name: { en: '', zh: '' }, metrics: { loss: 1, r2: 0 }, trainingLoss: 1 }]
      }
    })
    times(64, () => m.frame({ loss }, { updateRatio: 1e-12, weightGradientNorm: 1, activationGradientRms: 0.3 }))
    expect(judge('notUpdating', m)!.advice.join()).toMatch(first)
  })
})

describe('the remedy that scales the data', () => {
  const why = (e: Experiment, info = regression): string | undefined => remedyBlocked(e, { id: 'scaleData' }, info)?.en
  it('switches standardising on, and says when that is no help', () => {
    expect(applyRemedy(net(), { id: 'scaleData' }, regression).data.standardize).toBe(true)
    expect(why(net())).toBeUndefined()
    expect(why({ ...net(), data: { ...net().data, standardize: true } })).toContain('already')
    const ids = { ...regression, symbols: 6 }
    expect(why(net(), ids)).toBeUndefined()
    const { nodes } = net().network
    const words = parseExperiment({
      ...net(),
      network: { nodes: [{ id: 'words', kind: 'embedding', name: 'words' }, { kind: 'flatten', id: 'row' }, ...nodes] }
    })
    expect(why(words, ids)).toContain('ids of symbols, which words reads')
    expect(remedies.get('scaleData').doc.en).toContain('targets')
  })
})

describe('the output layer', () => {
  const end = (activation: string, more: Partial<RunSchema> = {}, hidden = 2): Made =>
    makeView([...new Array<string>(hidden).fill('dense'), { kind: 'dense', activation, outputShape: [1] }], {
      experiment: net({}, {}, activation),
      schema: { info: regression, data: { input: spread(1), target: spread(1) }, ...more }
    })
  it('that can’t give what the targets are is named at the first step, with the cure', () => {
    for (const activation of ['sigmoid', 'tanh', 'relu']) {
      const m = end(activation)
      m.frame({ loss: 2 }, {})
      const v = judge('outputLayer', m)!
      expect(v).toMatchObject({ severity: 'warn', layers: ['dense3'], measured: { low: -2, high: 2 } })
      expect(v.text.en).toContain('the targets are -2 … 2')
    }
    const linear = end('linear')
    linear.frame({ loss: 2 }, {})
    expect(judge('outputLayer', linear)).toBeUndefined()
  })
  it('is fine where targets keep within its range, but for noise', () => {
    for (const [activation, target] of [
      ['sigmoid', spread(0.5, { min: 0, max: 1 })],
      ['relu', spread(5, { min: -0.2, max: 20 })],
      ['softplus', spread(5, { min: 0.1, max: 20 })],
      ['tanh', spread(0.7, { min: -1, max: 1 })]
    ] as const) {
      const m = end(activation, { data: { input: spread(1), target } })
      m.frame({ loss: 1 }, { deadShare: 0 })
      expect([activation, judge('outputLayer', m)]).toEqual([activation, undefined])
    }
  })
  it('that the loss applies itself is named, and quiet once the network learns', () => {
    const info: DataInfo = { ...regression, task: 'binary' }
    const make = (): Made =>
      makeView(['dense', { kind: 'dense', activation: 'sigmoid' }], {
        experiment: { ...net(), training: { ...net().training, loss: { id: 'sigmoidCrossEntropy' } } },
        schema: { info, data: { input: spread(1), target: spread(1), classes: [0.5, 0.5] } }
      })
    const m = make()
    m.frame({ loss: 0.7, accuracy: 0.5 }, {})
    expect(judge('outputLayer', m)!.text.en).toContain('the loss applies sigmoid to it once more')
    const learnt = make()
    times(9, () => learnt.frame({ loss: 0.3, accuracy: 0.97 }, {}))
    expect(judge('outputLayer', learnt)).toBeUndefined()
  })
  const positive = { data: { input: spread(1), target: spread(1, { min: 0, max: 3, rms: 1 }) } }
  it('that is dead is to blame, and not the hidden layers that get no gradient', () => {
    const m = end('relu', positive)
    times(12, () => m.frame({ loss: 1 }, { deadShare: [0.4, 0.4, 1], activationGradientRms: 0, updateRatio: 0 }))
    expect(judge('outputLayer', m)).toMatchObject({
      severity: 'bad',
      measured: { deadShare: 1 },
      choices: { outputLayer: { to: { id: 'linear' } } }
    })
    for (const id of ['vanishing', 'notUpdating']) expect(judge(id, m)).toBeUndefined()
  })
  it('that is dead keeps hidden layers from blame before enough examples were seen to say so', () => {
    const m = makeView(['dense', 'dense', { kind: 'dense', activation: 'relu' }], {
      experiment: net({ batchSize: 2 }, {}, 'relu'),
      schema: { info: regression, ...positive }
    })
    times(40, (i) => {
      m.frame({ loss: 1 }, { deadShare: [0.4, 0.4, 1], activationGradientRms: 0, updateRatio: 0 })
      for (const id of ['vanishing', 'notUpdating']) expect(judge(id, m)).toBeUndefined()
      expect(judge('outputLayer', m) !== undefined).toBe(i >= 15)
    })
  })
  it('that is saturated, so that nothing passes back, is to blame; not while the loss falls', () => {
    const run = (loss: (i: number) => number): Made => {
      const m = makeView(['dense', { kind: 'dense', activation: 'sigmoid' }], {
        experiment: net({}, {}, 'sigmoid'),
        schema: { info: { ...regression, task: 'binary' }, data: { input: spread(1), target: spread(0.5) } }
      })
      times(12, (i) =>
        m.frame(
          { loss: loss(i), accuracy: 0.5 },
          {
            saturatedShare: [0, 1],
            activationGradientRms: [0, 0.7],
            preActivationGradientRms: [0, 1e-6],
            updateRatio: 0
          }
        )
      )
      return m
    }
    const m = run(() => 0.5)
    expect(judge('outputLayer', m)).toMatchObject({
      severity: 'bad',
      layers: ['dense2'],
      measured: { saturatedShare: 1 },
      advice: ['outputLayer', 'initializer']
    })
    for (const id of ['vanishing', 'notUpdating']) expect(judge(id, m)).toBeUndefined()
    expect(
      judge(
        'outputLayer',
        run((i) => 0.5 / (i + 1))
      )
    ).toBeUndefined()
  })
  it('that has gone to 0 without dying is as good as dead; without a hidden layer it keeps its bend', () => {
    const m = end('relu', positive, 0)
    times(30, () => m.frame({ loss: 1 }, { deadShare: 0, activationMean: 0.004, activationStd: 0.01 }))
    expect(judge('outputLayer', m)).toMatchObject({ choices: { outputLayer: { to: { id: 'leakyRelu' } } } })
  })
  it('of a batch of one or two is judged over many', () => {
    const experiment = net({ batchSize: 1 }, {}, 'relu')
    const m = makeView(['dense', { kind: 'dense', activation: 'relu' }], {
      experiment,
      schema: { info: regression, ...positive }
    })
    times(20, () => m.frame({ loss: 1 }, { deadShare: 1 }))
    expect(judge('outputLayer', m)).toBeUndefined()
    times(20, () => m.frame({ loss: 1 }, { deadShare: 1 }))
    expect(judge('outputLayer', m)).toBeDefined()
  })
})

describe('symmetry', () => {
  it('names the layers whose units are copies, and the start that suits their activation', () => {
    const m = makeView(['dense', 'dense', 'dense'], {
      activation: 'tanh',
      experiment: net({}, { initializer: 'zeros' }),
      schema: { info: regression }
    })
    m.view.twins = m.view.schema.layers.slice(0, 2)
    times(2, () => m.frame({ loss: 1 }, {}))
    expect(judge('symmetry', m)).toBeUndefined()
    m.frame({ loss: 1 }, {})
    const v = judge('symmetry', m)!
    expect(v).toMatchObject({ severity: 'bad', layers: ['dense1', 'dense2'], measured: { units: 64 } })
    expect(v.choices).toMatchObject({ initializer: { to: { id: 'glorotUniform' }, output: false } })
    m.view.twins = []
    expect(judge('symmetry', m)).toBeUndefined()
  })
})

describe('the learning rate', () => {
  const sgd = (learningRate: number, more = {}): Experiment => net({ optimizer: { id: 'sgd', learningRate }, ...more })
  const run = (learningRate: number, update: number, loss: (i: number) => number, more = {}, n = 12): Made => {
    const m = makeView(['dense', 'dense', 'dense'], {
      learningRate,
      experiment: sgd(learningRate, more),
      schema: { info: regression }
    })
    times(n, (i) => m.frame({ loss: loss(i) }, { updateRatio: update }))
    return m
  }
  it('too small: by what the whole run would change, and by how much to raise it', () => {
    const v = judge(
      'rateTooSmall',
      run(1e-6, 3e-7, () => 2.6)
    )!
    expect(v).toMatchObject({
      severity: 'bad',
      advice: ['learningRate'],
      choices: { learningRate: { factor: 30_000 } }
    })
    expect(v.text.en).toContain('0.006 % in all 200 steps')
  })
  it('is not too small where the loss falls, where it is usual, or where a schedule is still rising', () => {
    expect(
      judge(
        'rateTooSmall',
        run(1e-6, 3e-7, (i) => Math.exp(-i / 20))
      )
    ).toBeUndefined()
    expect(
      judge(
        'rateTooSmall',
        run(0.01, 3e-7, () => 2.6)
      )
    ).toBeUndefined()
    expect(
      judge(
        'rateTooSmall',
        run(1e-4, 3e-4, () => 2.6)
      )
    ).toBeUndefined()
    const low = makeView(['dense', 'dense'], {
      learningRate: 1e-4,
      experiment: sgd(1e-4),
      schema: { info: regression }
    })
    times(12, () => low.frame({ loss: 2.6, learningRate: 1e-8 }, { updateRatio: 1e-7 }))
    expect(judge('rateTooSmall', low)).toBeUndefined()
  })
  it('too large: told within three steps of where the loss runs off, with the step that did it', () => {
    const losses = [3600, 90_000, 150_000]
    const m = run(2, 1.4, (i) => losses[i]!, {}, 3)
    const v = judge('rateTooLarge', m)!
    expect(v).toMatchObject({ severity: 'bad', layers: ['dense1'], measured: { step: 0, start: 3600, loss: 150_000 } })
    expect(v.text.en).toContain('after step 0 changed dense1 by 1.4 of its size')
    expect(v.advice[0]).toBe('learningRate')
    expect(v.choices).toEqual({ learningRate: { factor: 0.04 } })
  })
  it('is not to blame where steps are small, nor for one unlucky example', () => {
    expect(
      judge(
        'rateTooLarge',
        run(2, 1e-3, (i) => 10 ** i)
      )
    ).toBeUndefined()
    expect(
      judge(
        'rateTooLarge',
        run(2, 0.5, (i) => (i === 11 ? 300 : 1), { batchSize: 1 })
      )
    ).toBeUndefined()
  })
  it('is not to blame for steps of weights that pass near 0', () => {
    expect(
      judge(
        'rateTooLarge',
        run(2, 0.7, (i) => (i >= 10 ? 2.4 : 1), {}, 14)
      )
    ).toBeDefined()
    const m = run(2, 1e-3, () => 1, {}, 10)
    times(4, () => m.frame({ loss: 2.4 }, { updateRatio: 0.7, weightNorm: 0.1 }))
    expect(judge('rateTooLarge', m)).toBeUndefined()
  })
  it('is to blame where a giant step spoils a sound gradient, though the loss has not risen', () => {
    const spoilt = (update: number, before: number, after: number): Made => {
      const m = makeView(['dense', 'dense', 'dense'], { experiment: sgd(2), schema: { info: regression } })
      const frame = (ratio: number): void =>
        m.frame({ loss: 1 }, { updateRatio: update, activationGradientRms: [ratio, 1, 1] })
      frame(before)
      times(12, () => frame(after))
      return m
    }
    for (const after of [4000, 1e-4]) {
      const m = spoilt(0.75, 2, after)
      const v = judge('rateTooLarge', m)!
      expect(v).toMatchObject({ severity: 'bad', layers: ['dense1'], measured: { step: 0, updateRatio: 0.75 } })
      expect(v.advice[0]).toBe('learningRate')
      // What follows from it is advised the same.
      expect(judge(after > 1 ? 'exploding' : 'vanishing', m)!.advice[0]).toBe('learningRate')
    }
    expect(judge('rateTooLarge', spoilt(0.9, 2, 5))).toBeUndefined()
    expect(judge('rateTooLarge', spoilt(0.01, 2, 4000))).toBeUndefined()
    // The start was none: no rate helps.
    const unsound = spoilt(0.9, 3000, 4000)
    expect(judge('rateTooLarge', unsound)).toBeUndefined()
    expect(judge('exploding', unsound)!.advice[0]).not.toBe('learningRate')
  })
  it('names itself in the advice of what follows from it', () => {
    const m = run(2, 0.4, (i) => (i < 6 ? 4 ** i : NaN), {}, 8)
    expect(judge('lossNaN', m)!.choices).toEqual({ learningRate: { factor: 0.1 } })
  })
})

describe('steps of one or two examples', () => {
  const run = (batchSize: number, frame: (i: number) => [Record<string, number>, object]): Made => {
    const m = makeView(['dense', 'dense', 'dense'], { experiment: net({ batchSize }), schema: { info: regression } })
    times(100, (i) => m.frame(...(frame(i) as Parameters<Made['frame']>)))
    return m
  }
  it('that are right by now send no gradient back, and that is no fault', () => {
    const m = run(1, (i) => [
      { loss: i % 7 ? 1e-4 : 3, accuracy: 1 },
      { deadShare: i % 3 ? 0.9 : 0.4, updateRatio: i % 5 ? 0 : 1e-9, activationGradientRms: [1e-5, 1, 1] }
    ])
    for (const rule of rules.all) expect([rule.id, rule.judge(m.view)?.text.en]).toEqual([rule.id, undefined])
  })
  it('find units that are dead in all of them', () => {
    const m = run(2, () => [{ loss: 2 }, { deadShare: [0.97, 0.5, 0] }])
    expect(judge('dead', m)!.layers).toEqual(['dense1'])
  })
})

describe('large steps', () => {
  it('count against what the weights once were: passing near 0 is no instability', () => {
    const run = (norm: (i: number) => number): Made => {
      const m = makeView(['dense', 'dense'], { experiment: net(), schema: { info: regression } })
      times(40, (i) => m.frame({ loss: 2 }, { updateRatio: 1, weightNorm: norm(i) }))
      return m
    }
    expect(
      judge(
        'unstable',
        run(() => 5)
      )
    ).toBeDefined()
    expect(
      judge(
        'unstable',
        run((i) => (i < 30 ? 5 : 0.2))
      )
    ).toBeUndefined()
  })
})

describe('the majority class', () => {
  const info: DataInfo = { inputShape: [3], targetShape: [1], task: 'binary', count: 100, classes: ['no', 'yes'] }
  const run = (accuracy: number, loss: number, classes = [0.94, 0.06]): Made => {
    const m = makeView(['dense', 'dense'], {
      experiment: { ...net(), training: { ...net().training, loss: { id: 'sigmoidCrossEntropy' } } },
      schema: { info, data: { input: spread(1), target: spread(1), classes } }
    })
    times(60, () => m.frame({ loss, accuracy }, {}))
    return m
  }
  it('is named where accuracy and loss are those of always answering it', () => {
    const v = judge('imbalance', run(0.935, 0.226))!
    expect(v).toMatchObject({
      severity: 'warn',
      // Plain steps of a thousandth are too short for the run.
      advice: ['classWeights', 'optimizer'],
      along: { classWeights: { on: [{ id: 'optimizer', learningRate: 0.001 }] } },
      measured: { majority: 0.94 }
    })
    expect(v.text.en).toContain('always answering “no”')
  })
  it('is no excuse where the inputs are made use of, nor where classes are balanced', () => {
    expect(judge('imbalance', run(0.99, 0.03))).toBeUndefined()
    expect(judge('imbalance', run(0.945, 0.12))).toBeUndefined()
    expect(judge('imbalance', run(0.5, 0.69, [0.5, 0.5]))).toBeUndefined()
  })
  it('of a class so rare that most batches hold none of it is told for as long as it lasts', () => {
    const kinds = ['dense', 'dense']
    const schema = (baselines: Baseline[]): Partial<RunSchema> => ({
      info,
      data: { input: spread(1), target: spread(1), classes: [0.99, 0.01] },
      baselines
    })
    const majority: Baseline = {
      id: 'majority',
      name: { en: 'always', zh: '总' },
      metrics: { accuracy: 0.99, loss: 0.056 },
      trainingLoss: 0.056
    }
    const long = (loss: number, accuracy: number): Verdict | undefined => {
      const m = makeView(kinds, {
        experiment: { ...net(), training: { ...net().training, loss: { id: 'sigmoidCrossEntropy' } } },
        schema: schema([majority])
      })
      times(200, (i) => m.frame({ loss: i % 3 ? 0.02 : 0.15, accuracy: i % 3 ? 1 : 0.97 }, {}))
      m.view.evaluations.push({ step: 199, metrics: { loss, accuracy } })
      return judge('imbalance', m)
    }
    expect(long(0.06, 0.99)?.text.en).toContain('“no”')
    // What is answered well by now, or better than by the majority.
    expect(long(0.01, 1)).toBeUndefined()
    expect(long(0.03, 0.99)).toBeUndefined()
  })
})

describe('a layer norm over a single unit', () => {
  const told = (kinds: (string | Partial<RunLayer>)[], more: Record<string, number> = {}): Made => {
    const m = makeView(kinds, { schema: { info: regression } })
    times(40, () => m.frame({ loss: 1, r2: 0, ...more }, { deadShare: 1 }))
    return m
  }
  const lone = { kind: 'layerNorm', outputShape: [1] }
  it('at the output is named at the first step, with the way out, and hidden layers are not', () => {
    const m = told(['dense', 'dense', { kind: 'dense', outputShape: [1] }, lone])
    expect(judge('constantLayer', m)).toMatchObject({ severity: 'bad', layers: ['layerNorm4'] })
    for (const id of ['dead', 'vanishing', 'notUpdating']) expect([id, judge(id, m)]).toEqual([id, undefined])
    const first = makeView(['dense', 'dense', { kind: 'dense', outputShape: [1] }, lone])
    first.frame({ loss: 1 }, {})
    expect(judge('constantLayer', first)?.text.en).toContain('the answer of the network')
    const e = net()
    const there = { ...e, network: { nodes: [...e.network.nodes, parseExperiment(normed).network.nodes[1]!] } }
    expect(remedyBlocked(there, { id: 'outputLayer', to: { id: 'linear' } }, regression)).toBeUndefined()
    expect(applyRemedy(there, { id: 'outputLayer', to: { id: 'linear' } }, regression).network.nodes).toEqual(
      e.network.nodes
    )
  })
  const normed = {
    network: {
      nodes: [
        { id: 'dense3', kind: 'dense', params: { units: 1 } },
        { id: 'end', kind: 'layerNorm', inputs: ['dense3'] }
      ]
    }
  }
  it('in the middle is named, too; one over more units is fine', () => {
    const middle = told(['dense', { kind: 'dense', outputShape: [1] }, lone, 'dense', 'dense'])
    expect(judge('constantLayer', middle)?.text.en).toContain('nothing of the inputs gets past it')
    expect(judge('constantLayer', told(['dense', 'layerNorm', 'dense']))).toBeUndefined()
  })
  it('is warned of before anything is trained', () => {
    const { problems } = planExperiment(parseExperiment(normed), { ...regression, targetShape: [1] })
    expect(problems.filter((p) => p.node === 'end').map((p) => [p.severity, p.message.en])).toEqual([
      ['warning', expect.stringContaining('a single unit')]
    ])
  })
})

describe('a network without a bend', () => {
  const guess: Baseline = {
    id: 'chance',
    name: { en: 'chance', zh: '随机' },
    metrics: { accuracy: 0.5, loss: 0.693 },
    trainingLoss: 0.693
  }
  const info: DataInfo = { inputShape: [2], targetShape: [1], task: 'binary', count: 200, classes: ['a', 'b'] }
  const run = (neighbours: number, loss: number, accuracy: number, activation = 'linear'): Made => {
    const m = makeView(['dense', 'dense', 'dense'], {
      activation,
      experiment: net({ loss: 'sigmoidCrossEntropy' }, { activation }),
      schema: {
        info,
        data: { input: spread(1), target: spread(1), classes: [0.5, 0.5], neighbours },
        baselines: [guess]
      }
    })
    times(60, () => m.frame({ loss, accuracy }, {}))
    for (const step of [0, 20, 40, 59]) m.view.evaluations.push({ step, metrics: { loss, accuracy } })
    return m
  }
  it('that stands at a guess where neighbours tell the target is told so, with its layers and a bend', () => {
    const v = judge('linearNetwork', run(0.97, 0.69, 0.52))!
    expect(v).toMatchObject({ severity: 'bad', layers: ['dense1', 'dense2'], measured: { neighbours: 0.97 } })
    expect(v.advice).toEqual(['hiddenLayer'])
    expect(v.text.en).toContain('an accuracy of 97 %')
  })
  it('is not to blame for noise, nor where it learns, nor where something bends', () => {
    expect(judge('linearNetwork', run(0.54, 0.69, 0.52))).toBeUndefined()
    expect(judge('linearNetwork', run(0.97, 0.3, 0.88))).toBeUndefined()
    expect(judge('linearNetwork', run(0.97, 0.69, 0.52, 'relu'))).toBeUndefined()
  })
  it('gets a bend by its remedy: in its hidden layers, or in one before the output', () => {
    const to = { id: 'hiddenLayer', to: { id: 'relu' }, units: 8 }
    const straight = net({}, { activation: 'linear' })
    const bent = applyRemedy(straight, to, regression)
    expect(bent.network.nodes.map((n) => (n as LayerNode).params['activation'])).toEqual([
      { id: 'relu' },
      { id: 'relu' },
      { id: 'linear' }
    ])
    const bare = parseExperiment({ network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1 } }] } })
    const [hidden, out] = applyRemedy(bare, to, regression).network.nodes as LayerNode[]
    expect([hidden!.inputs, hidden!.params['units'], out!.inputs]).toEqual([['input'], 8, [hidden!.id]])
    expect(remedyBlocked(net(), to, regression)?.en).toContain('bends already')
  })
})

describe('the slope of a critic', () => {
  const critic = (hooks: object[]): Made => {
    const m = makeView(['dense', 'dense'], {
      experiment: parseExperiment({
        data: { dataset: { id: 'swissRoll', generator: 'noise' } },
        network: { nodes: [{ id: 'out', kind: 'dense', params: { units: 1 } }] },
        training: { loss: 'wasserstein', hooks }
      }),
      schema: { info: { inputShape: [2], targetShape: [1], task: 'critic', count: 100 } }
    })
    m.frame({ loss: -3 }, {})
    return m
  }
  it('that nothing holds is told at the first step, and is fine under any limit', () => {
    expect(judge('slopeLimit', critic([]))).toMatchObject({ severity: 'warn' })
    expect(judge('slopeLimit', critic([]))!.advice).toEqual(['gradientPenalty', 'spectralNorm', 'weightClip'])
    for (const hook of [{ id: 'gradientPenalty' }, { id: 'weightClip', limit: 0.1 }])
      expect(judge('slopeLimit', critic([hook]))).toBeUndefined()
  })
})
