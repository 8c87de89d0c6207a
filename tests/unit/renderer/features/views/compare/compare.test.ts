import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { vanishingExperiment } from '@shared/clinic/templates/parts/opening'
import { applyRemedy, effectiveExperiment, type Experiment } from '@shared/experiment'
import type { DataInfo } from '@shared/catalog/datasets'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf, type Spec } from '@shared/base/params'
import { remedies } from '@shared/clinic/remedies'
import {
  BEYOND,
  difference,
  DifferenceFrames,
  differenceReach,
  figuresOf,
  matchLayers,
  NOTHING,
  pairOf,
  sameStart,
  settingRows,
  verdictOf
} from '@shared/run/compare'
import { FrameTable, MISSING, type FrameSource } from '@shared/run/frameTable'
import type { RunLayer, RunSchema } from '@shared/run/types'
import type { Text } from '@shared/base/text'
import { barTicks } from '@/charts/heatmap/colourBar'
import { againstText } from '@/features/views/compare/words'
import { apart } from '@shared/clinic/settingWords'

const digits: DataInfo = { inputShape: [64], targetShape: [10], task: 'multiclass', count: 1797 }
const choice = (id: string, more: Record<string, unknown> = {}): Spec => ({
  id,
  ...defaultsOf(remedies.get(id).fields, lookup),
  ...more
})
const named = (...ids: string[]): { id: string; name: string }[] =>
  ids.map((id) => ({ id, name: id.replace(/.*\./, '') }))
const told = (a: { id: string }[], b: { id: string }[], pairs: ReturnType<typeof matchLayers>): string[] =>
  pairs.map(
    (p) => `${p.a === undefined ? '–' : a[p.a]!.id} ${p.b === undefined ? '–' : b[p.b]!.id}${p.by ? ` ${p.by}` : ''}`
  )

describe('matching layers', () => {
  it('takes the same ids, and leaves the surplus of a deeper net alone', () => {
    const [a, b] = [named('d1', 'h.0.d', 'h.1.d', 'h.2.d', 'out'), named('d1', 'h.0.d', 'out')]
    // h.1.d and h.2.d have no counterpart between h.0.d and out.
    expect(told(a, b, matchLayers(a, b))).toEqual(['d1 d1 id', 'h.0.d h.0.d id', 'h.1.d –', 'h.2.d –', 'out out id'])
    expect(told(b, a, matchLayers(b, a))).toEqual(['d1 d1 id', 'h.0.d h.0.d id', '– h.1.d', '– h.2.d', 'out out id'])
  })
  it('then the same names, then the same place from the input', () => {
    const a = [...named('x1', 'x2', 'x3'), { id: 'o', name: 'Output' }]
    const b = [...named('y1', 'y2'), { id: 'z', name: 'Output' }]
    expect(told(a, b, matchLayers(a, b))).toEqual(['x1 y1 position', 'x2 y2 position', 'x3 –', 'o z name'])
  })
  it('says every layer once, in order, whatever the nets are', () => {
    const list = fc
      .uniqueArray(fc.integer({ min: 0, max: 12 }), { maxLength: 9 })
      .map((ids) => ids.map((i) => ({ id: `l${i}`, name: `n${i % 3}` })))
    fc.assert(
      fc.property(list, list, (a, b) => {
        const pairs = matchLayers(a, b)
        expect(pairs.flatMap((p) => (p.a === undefined ? [] : [p.a]))).toEqual([...a.keys()])
        expect(pairs.flatMap((p) => (p.b === undefined ? [] : [p.b]))).toEqual([...b.keys()])
        for (const p of pairs) expect(p.by !== undefined).toBe(p.a !== undefined && p.b !== undefined)
        for (const p of pairs) if (p.by === 'id') expect(a[p.a!]!.id).toBe(b[p.b!]!.id)
        // As many as can be are paired by place, so nothing is left over on both sides of one gap.
        if (a.length && b.length) expect(pairs.some((p) => p.by)).toBe(true)
      })
    )
  })
})

describe('the difference of two values', () => {
  it('is the power of ten between magnitudes, or plain subtraction', () => {
    expect(difference(1e-13, 1e-3, true)).toBeCloseTo(10, 12)
    expect(difference(-0.5, 0.05, true)).toBeCloseTo(-1, 12)
    // Beyond what the quotient itself could hold.
    expect(difference(1e-300, 1e300, true)).toBeCloseTo(600, 9)
    expect(difference(0.25, 0.75, false)).toBe(0.5)
  })
  it('keeps NaN, infinities and exact zeros apart', () => {
    for (const factor of [true, false]) {
      expect(difference(NaN, 1, factor)).toBeNaN()
      expect(difference(1, NaN, factor)).toBeNaN()
      expect(difference(0, 0, factor)).toBe(0)
      expect(difference(Infinity, Infinity, factor)).toBe(0)
      expect(difference(1, Infinity, factor)).toBe(Infinity)
      expect(difference(Infinity, 1, factor)).toBe(-Infinity)
    }
    expect(difference(0, 1e-30, true)).toBe(BEYOND)
    expect(difference(1e-30, 0, true)).toBe(-BEYOND)
  })
  it('changes its sign with the order', () => {
    const float = fc.float({ noNaN: true })
    fc.assert(
      fc.property(
        float,
        float,
        fc.boolean(),
        (a, b, f) => void expect(difference(a, b, f) + 0).toBe(-difference(b, a, f) + 0)
      )
    )
  })
})

const frames = (steps: number[], rows: number[][]): FrameSource & { add(step: number, row: number[]): void } => {
  const all = { steps: [...steps], rows: [...rows] }
  return {
    width: rows[0]!.length,
    get length() {
      return all.steps.length
    },
    get steps() {
      return Int32Array.from(all.steps)
    },
    get values() {
      return Float32Array.from(all.rows.flat())
    },
    get lastStep() {
      return all.steps[all.steps.length - 1]
    },
    add(step, row) {
      all.steps.push(step)
      all.rows.push(row)
    }
  }
}
const bitsOf = (f: Float32Array): Uint32Array => new Uint32Array(f.buffer, f.byteOffset, f.length)

describe('differences of two runs', () => {
  it('mean what the charts call missing', () => expect(NOTHING).toBe(MISSING))
  it('are taken at the steps both recorded, and follow as the runs grow', () => {
    const a = frames(
      [0, 1, 2, 3, 4],
      [
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1],
        [1, 1]
      ]
    )
    const b = frames(
      [0, 2],
      [
        [10, 0.1],
        [100, 0.01]
      ]
    )
    const d = new DifferenceFrames(
      a,
      b,
      [
        { a: 0, b: 0 },
        { a: 1, b: 1 },
        { a: -1, b: 1 }
      ],
      true
    )
    expect([...d.steps]).toEqual([0, 2])
    expect(d.reach).toBeCloseTo(2, 6)
    ;[1, -1, NaN, 2, -2, NaN].forEach((x, i) =>
      Number.isNaN(x) ? expect(bitsOf(d.values)[i]).toBe(NOTHING) : expect(d.values[i]).toBeCloseTo(x, 6)
    )
    b.add(4, [1000, 0])
    expect([...d.steps]).toEqual([0, 2, 4])
    expect(d.lastStep).toBe(4)
    expect(d.values[6]).toBeCloseTo(3, 6)
    expect(d.values[7]).toBe(-BEYOND)
    // Something against exactly zero doesn't stretch the scale.
    expect(d.reach).toBeCloseTo(3, 6)
    b.add(6, [1, 1])
    expect(d.length).toBe(3)
  })
  it('hold over more frames than they began with', () => {
    const n = 300
    const steps = Array.from({ length: n }, (_, i) => i)
    const d = new DifferenceFrames(
      frames(
        steps,
        steps.map(() => [1])
      ),
      frames(
        steps,
        steps.map((s) => [2 + s])
      ),
      [
        { a: 0, b: 0 },
        { a: 0, b: -1 }
      ],
      false
    )
    expect(d.length).toBe(n)
    expect([...d.values].filter((_, i) => i % 2 === 0)).toEqual(steps.map((s) => s + 1))
    expect([...bitsOf(d.values)].filter((_, i) => i % 2)).toEqual(steps.map(() => NOTHING))
  })
  it('are shown on a scale with round ends', () => {
    expect([0, 0.3, 1, 1.1, 9.2, 12].map((r) => differenceReach(r, 'log'))).toEqual([1, 1, 1, 2, 10, 12])
    expect(differenceReach(0.2, 'share')).toBe(1)
    expect([0, 0.3, 7, 10, 12].map((r) => differenceReach(r, 'linear'))).toEqual([1, 0.5, 10, 10, 20])
  })
})

const layer = (index: number, id: string, main: boolean, from: string): RunLayer => ({
  index,
  id,
  node: id,
  kind: 'dense',
  name: id,
  outputShape: [1],
  paramCount: 2,
  main,
  inputs: [from]
})
const schema: RunSchema = {
  layers: [layer(0, 'a', true, 'input'), layer(1, 'n', false, 'a'), layer(2, 'b', true, 'n')],
  columns: [0, 1, 2].map((l) => ({ layer: l, statistic: 'activationGradientRms' })),
  scalars: ['loss', 'accuracy'],
  info: digits,
  trainCount: 1,
  validationCount: 1,
  paramCount: 6,
  compiled: true,
  versions: {}
}
describe('figures', () => {
  it('are those of the last recorded step and the newest evaluation', () => {
    const table = new FrameTable(schema, {
      steps: Int32Array.of(0, 5),
      values: Float32Array.of(9, 9, 9, 0.25, 7, 2),
      scalars: Float32Array.of(3, 0.1, 0.5, 0.75)
    })
    const run = {
      frames: table,
      schema,
      evaluations: [
        { step: 0, metrics: { loss: 4, accuracy: 0 } },
        { step: 4, metrics: { loss: 0.75, accuracy: 0.5 } }
      ],
      progress: { state: 'stopped' as const, step: 6, steps: 9 }
    }
    expect(figuresOf(run)).toMatchObject({
      step: 5,
      done: 6,
      planned: 9,
      loss: 0.5,
      validationLoss: 0.75,
      accuracy: 0.5,
      accuracyOf: 'validation',
      firstGradient: 0.25,
      firstToLast: 0.125,
      brokeAt: undefined,
      paramCount: 6,
      layers: 2
    })
    expect(figuresOf({ ...run, evaluations: [] })).toMatchObject({
      accuracy: 0.75,
      accuracyOf: 'training',
      validationLoss: undefined
    })
  })
  it('say when the loss broke, and nothing of a run that recorded nothing', () => {
    const table = new FrameTable(schema, {
      steps: Int32Array.of(0, 1, 2),
      values: new Float32Array(9),
      scalars: Float32Array.of(1, 0, NaN, 0, NaN, 0)
    })
    const progress = { state: 'failed' as const, step: 3, steps: 9 }
    expect(figuresOf({ frames: table, schema, evaluations: [], progress }).brokeAt).toBe(1)
    expect(figuresOf({ frames: table, schema, evaluations: [], progress }).firstToLast).toBeNaN()
    expect(figuresOf({ evaluations: [], progress })).toMatchObject({
      step: undefined,
      loss: undefined,
      firstToLast: undefined,
      layers: undefined,
      done: 3
    })
  })
  it('are those of any recorded step', () => {
    const table = new FrameTable(schema, {
      steps: Int32Array.of(0, 5),
      values: Float32Array.of(9, 9, 3, 0.25, 7, 2),
      scalars: Float32Array.of(3, 0.1, 0.5, 0.75)
    })
    const run = {
      frames: table,
      schema,
      evaluations: [
        { step: 2, metrics: { loss: 4, r2: 0.1 } },
        { step: 6, metrics: { loss: 0.75, r2: 0.5 } }
      ],
      progress: { state: 'finished' as const, step: 6, steps: 6 }
    }
    expect(figuresOf(run, 4)).toMatchObject({
      step: 0,
      loss: 3,
      validationLoss: 4,
      r2: 0.1,
      firstGradient: 9,
      firstToLast: 3,
      done: 6
    })
    expect(figuresOf(run, 5)).toMatchObject({ step: 5, loss: 0.5, validationLoss: 4 })
    expect(figuresOf(run, 9)).toMatchObject({ step: 5, validationLoss: 0.75, r2: 0.5 })
    expect(figuresOf(run, -1)).toMatchObject({
      step: undefined,
      loss: undefined,
      validationLoss: undefined,
      firstGradient: undefined,
      layers: 2
    })
  })
})
describe('the verdict', () => {
  const of = (loss: number | undefined, firstGradient?: number) => ({
    ...figuresOf({ evaluations: [], progress: { state: 'finished', step: 1, steps: 1 } }),
    loss,
    firstGradient
  })
  it('names the lower loss, unless the two are near each other or cannot be compared', () => {
    expect(verdictOf(of(2.3), of(1.2), true).lower).toBe('b')
    expect(verdictOf(of(1.2), of(2.3), true).lower).toBe('a')
    expect(verdictOf(of(1), of(1.04), true).lower).toBe('same')
    expect(verdictOf(of(-1), of(-2), true).lower).toBe('b')
    expect(verdictOf(of(2.3), of(1.2), false).lower).toBeUndefined()
    expect(verdictOf(of(2.3), of(undefined), true).lower).toBeUndefined()
  })
  it('lets a loss that is no number lose', () => {
    expect(verdictOf(of(NaN), of(9), true).lower).toBe('b')
    expect(verdictOf(of(9), of(Infinity), true).lower).toBe('a')
    expect(verdictOf(of(NaN), of(NaN), true).lower).toBeUndefined()
  })
  it('holds the gradients at the first layer against each other', () => {
    expect(verdictOf(of(1, 1e-14), of(1, 4e-3), true).gradient).toBeCloseTo(4e11, -6)
    expect(verdictOf(of(1, 0), of(1, 0), true).gradient).toBeNaN()
    expect(verdictOf(of(1), of(1, 1), true).gradient).toBeUndefined()
  })
})
describe('words that tell runs of one experiment apart', () => {
  const en = (t: Text | undefined): string => t?.en ?? ''
  const words = (...all: Experiment[]) => apart(all, en, (key) => key)
  const base = vanishingExperiment(20)
  const at = (learningRate: number, ...remedies: Spec[]): Experiment => ({
    ...base,
    remedies,
    training: { ...base.training, optimizer: { ...base.training.optimizer, learningRate } }
  })
  it('begin with the remedies, and take as many settings as are needed', () => {
    expect(words(base, { ...base, remedies: [choice('activation')] })).toEqual(['No remedy', '+ Swap activation'])
    expect(words(at(0.1), at(0.5))).toEqual(['Learning rate 0.1', 'Learning rate 0.5'])
    expect(words(at(0.1), at(0.1, choice('activation')), at(0.5, choice('activation')))).toEqual([
      'No remedy · Learning rate 0.1',
      '+ Swap activation · Learning rate 0.1',
      '+ Swap activation · Learning rate 0.5'
    ])
  })
  it('say in what settings the same remedy differs', () => {
    const [a, b] = words(
      { ...base, remedies: [choice('clipByGlobalNorm', { maxNorm: 1 })] },
      { ...base, remedies: [choice('clipByGlobalNorm', { maxNorm: 5 })] }
    )
    expect(a).toMatch(/^\+ .* \(.* 1\)$/)
    expect(b).toMatch(/^\+ .* \(.* 5\)$/)
  })
  it('are none where nothing differs', () => {
    expect(words(base, base)).toEqual([undefined, undefined])
    expect(words(base)).toEqual([undefined])
  })
})
describe('the second of a pair against the first', () => {
  it('is a difference, points of a percentage, or a factor', () => {
    expect(againstText(2.32, 1.22, 'minus')).toBe('− 1.10')
    expect(againstText(0.1, 0.934, 'points')).toBe('+ 83.4 pt')
    expect(againstText(1e-13, 4.2e-4, 'factor')).toBe('× 4.2e9')
    expect(againstText(4.2e-4, 1e-13, 'factor')).toBe('÷ 4.2e9')
    expect(againstText(20, 20, 'minus')).toBe('=')
    expect(againstText(1000, 80_000, 'minus')).toBe('+ 79,000')
    expect(againstText(NaN, 1, 'factor')).toBe('')
    expect(againstText('finished', 'stopped', 'minus')).toBe('')
  })
  it('stands at the colour bar as a factor', () => {
    const ticks = barTicks('linear', [-14, 14], 200, (v) =>
      v === 0 ? 'equal' : `${v > 0 ? '×' : '÷'}1e${Math.abs(v)}`
    )
    expect(ticks.map((k) => k.text)).toEqual(['÷1e14', '÷1e7', 'equal', '×1e7', '×1e14'])
    expect(barTicks('linear', [-14, 14], 200).map((k) => k.text)[4]).toBe('14.0')
  })
})

describe('settings that differ', () => {
  const deep = vanishingExperiment(20)
  const rows = (...all: Experiment[]) =>
    settingRows(
      all,
      all.map((e) => effectiveExperiment(e, digits).experiment)
    )
  const find = (list: ReturnType<typeof rows>, key: string) => list.find((r) => r.key === key)!

  it('are none for equal experiments, whatever they are called', () => {
    expect(rows(deep, { ...deep, name: 'other' })).toEqual([])
    expect(rows(deep)).toEqual([])
    expect(rows()).toEqual([])
  })
  it('say one thing once, however many layers it holds for', () => {
    const list = rows(deep, { ...deep, remedies: [choice('activation')] })
    expect(list.map((r) => r.key)).toEqual(['remedies', 'param.activation', 'param.initializer'])
    expect(find(list, 'param.activation').nodes).toEqual(['dense1', 'hidden/dense'])
    expect(find(list, 'param.activation').values).toEqual([
      expect.objectContaining({ id: 'sigmoid' }),
      expect.objectContaining({ id: 'relu' })
    ])
  })
  it('count layers that were put in, and depth', () => {
    const list = rows(
      deep,
      { ...deep, remedies: [choice('batchNorm')] },
      { ...deep, remedies: [choice('fewerLayers', { keep: 0.5 })] }
    )
    const bn = find(list, 'layers.batchNorm').values as number[]
    expect(bn[0]).toBe(0)
    expect(bn[1]).toBeGreaterThan(10)
    expect(bn[2]).toBe(0)
    const depth = find(list, 'layers.dense').values as number[]
    expect(depth[0]).toBe(20)
    expect(depth[2]).toBeLessThan(20)
    expect(find(list, 'times').nodes).toEqual(['hidden'])
  })
  it('name rewired layers as connections', () => {
    const list = rows(deep, { ...deep, remedies: [choice('residual')] })
    expect(find(list, 'layers.add').values[0]).toBe(0)
    const c = list.find((r) => r.key === 'connections')
    if (c) expect(c.values[0]).toBe(0)
  })
  it('tell training settings, and a remedy that acts in each step as the remedy', () => {
    const list = rows(deep, {
      ...deep,
      seed: 7,
      training: { ...deep.training, steps: 10 },
      remedies: [choice('clipByGlobalNorm')]
    })
    expect(list.map((r) => r.key)).toEqual(['remedies', 'training.steps', 'seed'])
    expect(find(list, 'seed').values).toEqual([deep.seed, 7])
    expect(sameStart([deep, { ...deep, seed: 7 }])).toEqual({ seed: false, data: true, steps: true, loss: true })
  })
  it('tell a hook that belongs to the experiments themselves', () => {
    const hooked = { ...deep, training: { ...deep.training, hooks: [choice('clipByValue')] } }
    expect(rows(deep, hooked).some((r) => r.key.startsWith('training.hooks'))).toBe(true)
  })
})

describe('an A/B pair', () => {
  const deep: Experiment = { ...vanishingExperiment(20), remedies: [choice('activation'), choice('clipByValue')] }
  it('is the experiment without and with what is switched on', () => {
    const { a, b } = pairOf(deep)
    expect(a).toEqual({ ...deep, remedies: [] })
    expect(b).toEqual(deep)
  })
  it('or without and with one remedy, all others equal', () => {
    const { a, b } = pairOf(deep, choice('batchNorm'))
    expect(a).toEqual(deep)
    expect(b.remedies.map((r) => r.id)).toEqual(['activation', 'clipByValue', 'batchNorm'])
    const on = pairOf(deep, deep.remedies[0])
    expect(on.a.remedies.map((r) => r.id)).toEqual(['clipByValue'])
    expect(on.b).toEqual(deep)
    expect(sameStart([on.a, on.b])).toEqual({ seed: true, data: true, steps: true, loss: true })
    expect(
      settingRows(
        [on.a, on.b],
        [on.a, on.b].map((e) => effectiveExperiment(e, digits).experiment)
      ).map((r) => r.group)
    ).not.toContain('seed')
  })
  it('leaves the experiment as it was', () => {
    const before = JSON.stringify(deep)
    pairOf(deep, choice('batchNorm'))
    applyRemedy(deep, choice('batchNorm'), digits)
    expect(JSON.stringify(deep)).toBe(before)
  })
})
