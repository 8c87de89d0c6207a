import { layerLabel } from '@shared/run/names'
import type { RunLayer } from '@shared/run/types'
import { describe, expect, it } from 'vitest'
import { rules, type Verdict } from '@shared/clinic/rules'
import { factorLine } from '@shared/clinic/rules/parts/factors'
import { Judge } from '@shared/clinic/judge'
import { makeView, profile, type Made } from './view'

const judge = (id: string, m: Made): Verdict | undefined => rules.get(id).judge(m.view)
const dense = (n: number): string[] => new Array<string>(n).fill('dense')
const times = (n: number, f: (i: number) => void): void => Array.from({ length: n }).forEach((_, i) => f(i))
/** All findings of a run made of these frames. */
function findings(m: Made, n: number, f: (i: number) => void): { kind: string; from: number; to: number }[] {
  const j = new Judge(m.view)
  times(n, (i) => {
    f(i)
    j.look()
  })
  return j.findings().map(({ kind, from, to }) => ({ kind, from, to }))
}
const quiet = (m: Made): void => {
  for (const r of rules.all) expect([r.id, r.judge(m.view)?.text.en]).toEqual([r.id, undefined])
}

describe('vanishing', () => {
  it('names first and last hidden layer, gain and number of layers', () => {
    const m = makeView(dense(21), { activation: 'sigmoid' })
    const gradient = [...profile(20, 0.25, 8.1e-2), 0.5]
    const z = (slope: number): number[] => gradient.map((g) => slope * g)
    const found = (slope: number, made = m): Verdict => {
      times(9, () => made.frame({ loss: 2.3 }, { activationGradientRms: gradient, preActivationGradientRms: z(slope) }))
      return judge('vanishing', made)!
    }
    const v = found(0.24)
    expect(v.text.en).toBe(
      'dense1 receives an RMS gradient of 2.9e-13; dense20, the last hidden layer, 0.081: measured × 0.25 per layer over 19 layers; slope f′ × 0.24 is small, weights × 1.04 are not.'
    )
    expect(v.text.zh).toContain('每层 × 0.25，共 19 层；斜率 f′ × 0.24 偏小，权重 × 1.04 不小')
    // The other factor, and both.
    expect(found(1).text.en).toContain('weights × 0.25 are small, slope f′ × 1 is not')
    expect(found(0.5).text.en).toContain('slope f′ × 0.5 and weights × 0.5 are both small')
    // Against what theory expects, where it says something of both ends.
    const predicted = makeView(
      dense(21).map((kind, i) => ({ kind, theoryProfile: 0.22 ** (20 - i) })),
      { activation: 'sigmoid' }
    )
    const { text, measured } = found(0.24, predicted)
    expect(text.en).toContain('over 19 layers, in theory × 0.22 at the start; slope f′ × 0.24 is small')
    expect(measured['theory']).toBeCloseTo(0.22, 10)
    // In one line: where it is, by the numbers of the layers.
    expect(factorLine(measured, predicted.view.schema.layers)).toEqual({
      en: 'dense1 receives an RMS gradient of 2.9e-13: × 0.25 per layer (theory × 0.22) in layers 1–20; slope f′ × 0.24 is small, weights × 1.04 are not.',
      zh: 'dense1 收到的梯度 RMS 为 2.9e-13：第 1–20 层每层 × 0.25（理论 × 0.22）；斜率 f′ × 0.24 偏小，权重 × 1.04 不小。'
    })
    expect(v).toMatchObject({
      severity: 'bad',
      measured: { ratio: expect.closeTo(0.25 ** 19, 15) },
      advice: ['batchNorm', 'activation', 'residual', 'fewerLayers', 'initializer']
    })
    expect(v.layers[0]).toBe('dense1')
    expect(v.layers).not.toContain('dense20')
  })
  it('does not depend on the scale of the loss', () => {
    for (const scale of [1e-20, 1, 1e20]) {
      const m = makeView(dense(11))
      times(5, () => m.frame({}, { activationGradientRms: profile(11, 0.5, scale) }))
      expect(judge('vanishing', m)).toBeDefined()
      const healthy = makeView(dense(11))
      times(5, () => healthy.frame({}, { activationGradientRms: profile(11, 0.9, scale) }))
      quiet(healthy)
    }
  })
  it('ReLU with Xavier, 20 and 30 layers deep', () => {
    for (const n of [20, 30]) {
      const m = makeView(dense(n + 1))
      times(5, () => m.frame({}, { activationGradientRms: [...profile(n, Math.sqrt(0.5)), 1] }))
      expect(judge('vanishing', m)?.advice[0]).toBe('initializer')
    }
  })
  it('does not rest on one batch, unless there is no doubt', () => {
    const m = makeView(dense(4))
    m.frame({}, { activationGradientRms: [8e-4, 1e-2, 0.5, 1] })
    m.frame({}, { activationGradientRms: [3e-2, 0.1, 0.5, 1] })
    m.frame({}, { activationGradientRms: [2e-2, 0.1, 0.5, 1] })
    quiet(m)
    const sure = makeView(dense(30))
    sure.frame({}, { activationGradientRms: profile(30, 0.25) })
    expect(judge('vanishing', sure)).toBeDefined()
  })
  it('an output layer that starts at zero sends back nothing for a step, and is fine', () => {
    const m = makeView(dense(4))
    expect(
      findings(m, 60, (i) =>
        m.frame(
          { loss: 1 / (1 + i) },
          { activationGradientRms: i ? [0.9 * i, i, i, 1] : [0, 0, 0, 1], updateRatio: i ? 1e-3 : [0, 0, 0, 1e-3] }
        )
      ).map((f) => f.kind)
    ).toEqual(['healthy'])
  })
  it('a gradient that is exactly 0 for good is found', () => {
    const m = makeView(dense(6))
    times(5, () => m.frame({}, { activationGradientRms: [0, 0, 0, 0, 0, 1] }))
    expect(judge('vanishing', m)).toMatchObject({ severity: 'bad', measured: { gradient: 0 } })
    const part = makeView(dense(6))
    times(5, () => part.frame({}, { activationGradientRms: [0, 0, 0, 0.1, 0.2, 1] }))
    expect(judge('vanishing', part)!.text.en).toContain('exactly 0 from dense3 down')
  })
  it('a gradient that dies down as the loss does is convergence', () => {
    const m = makeView(dense(11))
    expect(
      findings(m, 400, (i) =>
        m.frame(
          { loss: Math.exp(-i / 10), accuracy: 1 - Math.exp(-i / 10) },
          { activationGradientRms: profile(11, 0.95, Math.exp(-i / 8)), updateRatio: 1e-2 * Math.exp(-i / 10) }
        )
      ).map((f) => f.kind)
    ).toEqual(['healthy'])
  })
  it('is a warning where the network does its task all the same', () => {
    const m = makeView(dense(11))
    times(9, () => m.frame({ accuracy: 0.95 }, { activationGradientRms: profile(11, 0.5) }))
    expect(judge('vanishing', m)!.severity).toBe('warn')
  })
  it('looks past NaN, and does not judge without numbers', () => {
    const m = makeView(dense(11))
    times(5, () => m.frame({}, { activationGradientRms: profile(11, 0.5) }))
    m.frame({ loss: NaN }, { activationGradientRms: NaN })
    expect(judge('vanishing', m)).toBeDefined()
    const nan = makeView(dense(11))
    times(5, () => nan.frame({ loss: NaN }, { activationGradientRms: NaN }))
    expect(judge('vanishing', nan)).toBeUndefined()
  })
  it('needs two hidden layers', () => {
    const m = makeView(dense(2))
    times(9, () => m.frame({}, { activationGradientRms: [1e-9, 1] }))
    expect(judge('vanishing', m)).toBeUndefined()
  })
  it('counts only layers with a kernel, and takes what is behind the last one for the output', () => {
    const m = makeView(['dense', 'batchNorm', 'activation', 'dense', 'batchNorm', 'activation', 'dense', 'activation'])
    times(5, () => m.frame({}, { activationGradientRms: [1e-4, 1, 1, 1, 1, 1, 50, 50] }))
    const v = judge('vanishing', m)!
    expect(v.text.en).toContain('dense4 (layer 2), the last hidden layer, 1: measured × 1.0e-4 per layer over 1 layer.')
    expect(v.advice).not.toContain('batchNorm')
  })
})

describe('exploding', () => {
  it('ReLU with n·Var(W) = 4, 20 layers', () => {
    const m = makeView(dense(21))
    times(5, () => m.frame({}, { activationGradientRms: [...profile(20, Math.SQRT2), 1] }))
    const v = judge('exploding', m)!
    expect(v).toMatchObject({
      severity: 'bad',
      threshold: { ratio: 200 },
      advice: ['initializer', 'batchNorm', 'activation', 'clipByGlobalNorm', 'fewerLayers']
    })
    expect(v.measured.ratio).toBeCloseTo(724, 0)
    expect(v.layers[0]).toBe('dense1')
    expect(judge('vanishing', m)).toBeUndefined()
  })
  it('batch norm with ReLU, 50 deep: skips are the advice, not more norms', () => {
    const m = makeView([...new Array<string[]>(50).fill(['dense', 'batchNorm', 'activation']).flat(), 'dense'])
    const rms = profile(50, 1.21).flatMap((g) => [g, g, g])
    times(5, () => m.frame({}, { activationGradientRms: [...rms, 1] }))
    const v = judge('exploding', m)!
    expect(v.advice[0]).toBe('residual')
    expect(v.advice).not.toContain('batchNorm')
  })
  it('not the ratio that grows while a net learns well', () => {
    const m = makeView(dense(6))
    expect(
      findings(m, 300, (i) =>
        m.frame(
          { loss: Math.exp(-i / 60), accuracy: 1 - Math.exp(-i / 60) },
          { activationGradientRms: [...profile(5, (1 + (119 * i) / 300) ** 0.25), 1] }
        )
      ).map((f) => f.kind)
    ).toEqual(['healthy'])
  })
  it('stays found when it was there from the start', () => {
    const m = makeView(dense(21))
    const found = findings(m, 120, () => m.frame({}, { activationGradientRms: [...profile(20, Math.SQRT2), 1] }))
    expect(found).toEqual([{ kind: 'exploding', from: 2, to: 119 }])
  })
  it('a gradient that is infinite while the loss is a number', () => {
    const m = makeView(dense(4))
    times(3, () => m.frame({}, {}))
    m.frame({}, { activationGradientRms: [Infinity, 1e30, 1e10, 1] })
    expect(judge('exploding', m)!.text.en).toBe('The gradient at dense1 is ∞: too large for 32-bit numbers.')
  })
  it('a residual branch with a small scale is no explosion: the sum behind it is looked at', () => {
    // dense1 → [dense2 → add3] → [dense4 → add5] → dense6, branch scale 0.001
    const m = makeView([
      'dense',
      'dense',
      { kind: 'add', inputs: ['dense2', 'dense1'] },
      'dense',
      { kind: 'add', inputs: ['dense4', 'add3'] },
      'dense'
    ])
    times(9, () => m.frame({}, { activationGradientRms: [1, 1e-3, 1, 1e-3, 1, 1] }))
    quiet(m)
    const bad = makeView([
      'dense',
      'dense',
      { kind: 'add', inputs: ['dense2', 'dense1'] },
      'dense',
      { kind: 'add', inputs: ['dense4', 'add3'] },
      'dense'
    ])
    times(9, () => bad.frame({}, { activationGradientRms: [1e4, 1, 1e2, 1e-3, 1, 1] }))
    expect(judge('exploding', bad)!.text.en).toContain(
      'dense1 receives an RMS gradient of 10000; add5 (after layer 3), the last hidden layer, 1:'
    )
  })
  it('says which factor is large', () => {
    const m = makeView(dense(11))
    const gradient = profile(11, 3)
    times(9, () =>
      m.frame({}, { activationGradientRms: gradient, preActivationGradientRms: gradient.map((g) => 0.7 * g) })
    )
    const { text, measured } = judge('exploding', m)!
    expect(text.en).toContain('× 3 per layer over 9 layers; weights × 4.29 are large, slope f′ × 0.7 is not.')
    expect(measured).toMatchObject({ slope: expect.closeTo(0.7, 6), weights: expect.closeTo(3 / 0.7, 6), steps: 9 })
  })
  it('healthy starts within 1e-2 … 1e2 are quiet both ways', () => {
    for (const r of [1e-2, 0.1, 1, 10, 100]) {
      const m = makeView(dense(6))
      times(9, () => m.frame({}, { activationGradientRms: [...profile(5, r ** 0.25), 1] }))
      quiet(m)
    }
  })
})

describe('loss and weights', () => {
  it('loss NaN: since when, and where it comes from', () => {
    const m = makeView(dense(3))
    times(7, (i) => m.frame({ loss: 2 ** i, gradientNorm: 10 ** i }, {}))
    m.frame({ loss: Infinity }, { activationNonFinite: [0, 3, 3] })
    times(4, () => m.frame({ loss: NaN }, { activationNonFinite: 4 }))
    const v = judge('lossNaN', m)!
    expect(v.text.en).toBe(
      'The loss is ∞ from step 7 on, first in the output of dense2; before, the gradient’s global norm grew from 1 to 1.0e6; learning rate 0.1.'
    )
    expect(v).toMatchObject({
      layers: ['dense2', 'dense3'],
      measured: { step: 7 },
      advice: ['learningRate', 'clipByGlobalNorm', 'initializer', 'batchNorm']
    })
    m.frame({ loss: 1 }, {})
    expect(judge('lossNaN', m)).toBeUndefined()
  })
  it('loss NaN at the start is no matter of the step size', () => {
    const m = makeView(dense(3))
    m.frame({ loss: NaN }, {})
    expect(judge('lossNaN', m)!.advice).toEqual(['initializer', 'batchNorm', 'fewerLayers'])
  })
  it('keeps the step at which it began, however long ago', () => {
    const m = makeView(dense(3))
    const j = new Judge(m.view)
    times(3000, (i) => {
      m.frame(
        { loss: i < 150 ? 1 : NaN },
        i < 150 ? {} : { weightNonFinite: [i < 200 ? 0 : 5, 7, 0], activationNonFinite: [0, 1, 1] }
      )
      j.look()
    })
    const by = (kind: string): string | undefined => j.findings().find((f) => f.kind === kind)?.text.en
    expect(by('lossNaN')).toContain('from step 150 on, first in the output of dense2')
    expect(by('weightsNaN')).toBe(
      '12 weights are NaN or infinite, from step 150 on, first in dense2; now in dense1, dense2. Learning rate at that step: 0.1.'
    )
  })
  it('weights NaN counts them', () => {
    const m = makeView(dense(3))
    times(4, () => m.frame({}, {}))
    expect(judge('weightsNaN', m)).toBeUndefined()
    m.frame({ loss: NaN }, { weightNonFinite: [0, 2, 0] })
    expect(judge('weightsNaN', m)).toMatchObject({ layers: ['dense2'], measured: { step: 4, weights: 2 } })
  })
})

describe('not updating', () => {
  const run = (ratio: (i: number) => number | number[], loss: (i: number) => number, n = 40): Made => {
    const m = makeView(dense(4))
    times(n, (i) => m.frame({ loss: loss(i) }, { updateRatio: ratio(i) }))
    return m
  }
  it('a learning rate of zero, or as good as zero', () => {
    for (const r of [0, 1e-12])
      expect(
        judge(
          'notUpdating',
          run(
            () => r,
            () => 2.3
          )
        )
      ).toMatchObject({ layers: ['dense1', 'dense2', 'dense3', 'dense4'], advice: ['learningRate'] })
  })
  it('the layers that stand still, by name', () => {
    const v = judge(
      'notUpdating',
      run(
        () => [1e-13, 1e-9, 1e-4, 1e-3],
        () => 2.3
      )
    )!
    expect(v.layers).toEqual(['dense1', 'dense2'])
    expect(v.text.en).toContain('2 of 4 layers (dense1, dense2)')
    expect(v.text.en).toContain('1.0e-13')
  })
  it('not a net that has learnt and comes to rest', () => {
    expect(
      judge(
        'notUpdating',
        run(
          (i) => 1e-2 * Math.exp(-i),
          (i) => 0.5 + Math.exp(-i)
        )
      )
    ).toBeUndefined()
    expect(
      judge(
        'notUpdating',
        run(
          (i) => (i < 20 ? 1e-2 : 0),
          (i) => Math.exp(-i)
        )
      )
    ).toBeUndefined()
  })
  it('but a net that stops dead with a high loss', () =>
    expect(
      judge(
        'notUpdating',
        run(
          (i) => (i < 5 ? 1e-1 : 0),
          () => 2.3
        )
      )
    ).toBeDefined())
  it('not one or two idle steps', () =>
    expect(
      judge(
        'notUpdating',
        run(
          (i) => (i % 10 === 0 ? 0 : 1e-4),
          () => 1
        )
      )
    ).toBeUndefined())
})

describe('unstable', () => {
  const run = (loss: (i: number) => number, n: number, update: number | number[] = 1e-3): Made => {
    const m = makeView(dense(3), { learningRate: 5 })
    times(n, (i) => m.frame({ loss: loss(i) }, { updateRatio: update }))
    return m
  }
  it('a loss that runs away', () => {
    const v = judge(
      'unstable',
      run((i) => (i < 10 ? 2 : 2 * 2 ** (i - 9)), 16)
    )!
    expect(v.text.en).toBe('The loss has risen to 32 from 2 at the start, at a learning rate of 5.')
    expect(v.advice[0]).toBe('learningRate')
  })
  it('progress thrown away', () =>
    expect(
      judge(
        'unstable',
        run((i) => (i < 30 ? Math.exp(-i / 5) : 0.8), 40)
      )!.text.en
    ).toContain('is back at 0.8'))
  it('not the noise of small batches, nor one spike', () => {
    expect(
      judge(
        'unstable',
        run((i) => 0.5 + 0.45 * Math.sin(i * 1.7), 60)
      )
    ).toBeUndefined()
    for (let n = 30; n < 40; n++)
      expect(
        judge(
          'unstable',
          run((i) => (i === 32 ? 50 : Math.exp(-i / 10)), n)
        )
      ).toBeUndefined()
  })
  it('not single examples, answered by chance, where others are answered ever better', () => {
    const single = (held: (i: number) => number): Verdict | undefined => {
      const m = makeView(dense(3), { schema: { trainCount: 1 } })
      times(400, (i) => {
        if (i % 10 === 0) m.view.evaluations.push({ step: i, metrics: { loss: held(i) } })
        m.frame({ loss: i < 50 ? 1 : i < 90 ? 0.04 : 0.7 }, { updateRatio: 1e-3 })
      })
      return judge('unstable', m)
    }
    expect(single((i) => 1.3 * Math.exp(-i / 300))).toBeUndefined()
    expect(single((i) => (i < 200 ? 1.3 - i / 200 : 1.3))?.text.en).toContain('is back at')
  })
  it('steps as large as the weights, when the loss does not fall', () => {
    expect(
      judge(
        'unstable',
        run(() => 2.3, 20, [0.9, 1e-3, 1e-3])
      )
    ).toMatchObject({ severity: 'warn', layers: ['dense1'] })
    expect(
      judge(
        'unstable',
        run((i) => Math.exp(-i / 10), 20, [0.9, 1e-3, 1e-3])
      )
    ).toBeUndefined()
  })
})

describe('dead and saturated', () => {
  const run = (values: Record<string, number[]>, units = 64, n = 6): Made => {
    const m = makeView(dense(4), { units })
    times(n, () => m.frame({}, values))
    return m
  }
  it('half a layer is no fault, most of it is', () => {
    expect(judge('dead', run({ deadShare: [0.5, 0.6, 0.7, 0] }))).toBeUndefined()
    expect(judge('dead', run({ deadShare: [0.5, 0.8, 0.9, 0] }))).toMatchObject({
      severity: 'warn',
      layers: ['dense3', 'dense2']
    })
    expect(judge('dead', run({ deadShare: [1, 0.2, 0.2, 0] }))).toMatchObject({ severity: 'bad', layers: ['dense1'] })
  })
  it('asks for more in narrow layers', () => {
    expect(judge('dead', run({ deadShare: [0.85, 0.2, 0.2, 0] }, 8))).toBeUndefined()
    expect(judge('dead', run({ deadShare: [1, 0.2, 0.2, 0] }, 8))).toBeDefined()
  })
  it('saturated layers that hardly pass any gradient, but not the output', () => {
    const passes = { preActivationGradientRms: [0.06, 0.06, 0.5, 0.5] }
    expect(judge('saturated', run({ saturatedShare: [0.2, 0.6, 0.1, 0.1], ...passes }))).toMatchObject({
      severity: 'warn',
      layers: ['dense2'],
      measured: { passes: expect.closeTo(0.06, 5) }
    })
    expect(judge('saturated', run({ saturatedShare: [0.95, 0.6, 0.1, 0.1], ...passes }, 64, 12))).toMatchObject({
      severity: 'bad',
      layers: ['dense1', 'dense2']
    })
    expect(
      judge('saturated', run({ saturatedShare: [0.2, 0.2, 0.2, 1], deadShare: [0.1, 0.1, 0.1, 1] }))
    ).toBeUndefined()
  })
  it('not where a quarter of the gradient passes, nor where the network learns', () => {
    const shares = { saturatedShare: [0.76, 0.51, 0.1, 0.1] }
    expect(
      judge('saturated', run({ ...shares, preActivationGradientRms: [0.27, 0.4, 0.5, 0.5] }, 64, 40))
    ).toBeUndefined()
    const m = makeView(dense(4))
    times(20, () => m.frame({ accuracy: 0.82 }, { ...shares, preActivationGradientRms: 0.03 }))
    expect(judge('saturated', m)).toBeUndefined()
  })
  it('not on a glance', () => expect(judge('dead', run({ deadShare: [1, 1, 1, 0] }, 64, 3))).toBeUndefined())
})

describe('names', () => {
  const layer = (index: number, kind: string, name: string, main: boolean): RunLayer => ({
    index,
    id: `x.${index}.${kind}`,
    node: `x/${kind}`,
    kind,
    name,
    outputShape: [4],
    paramCount: 0,
    main,
    inputs: []
  })
  const net = [
    layer(0, 'dense', 'Dense 1', true),
    layer(1, 'dense', 'Dense', true),
    layer(2, 'batchNorm', 'Batch norm', false),
    layer(3, 'dense', 'Mine', true),
    layer(4, 'dense', 'Output', true)
  ]
  it('are those of the canvas, with the number of the heatmap’s row, and translated unless somebody made them up', () => {
    expect(net.map((l) => layerLabel(net, l).en)).toEqual([
      'Dense 1',
      'Dense (layer 2)',
      'Batch norm (after layer 2)',
      'Mine (layer 3)',
      'Output (layer 4)'
    ])
    expect(net.map((l) => layerLabel(net, l).zh)).toEqual([
      '全连接 1',
      '全连接（第 2 层）',
      '批归一化（第 2 层之后）',
      'Mine（第 3 层）',
      '输出（第 4 层）'
    ])
  })
})
