import { datasets, type Data } from '@shared/catalog/datasets'
import { defaultsOf } from '@shared/base/params'
import { lookup } from '@shared/experiment/lookup'
import { describe, expect, it } from 'vitest'
import { prepareData } from '../../src/trainer/data'
import { metricsOf, scoredRows } from '../../src/trainer/metrics'
import { at, netOf, runToEnd } from './support'

const load = (id: string, more: object = {}) =>
  datasets.get(id).load({ ...defaultsOf(datasets.get(id).fields, lookup), ...more }, { seed: 3 })

describe('sequence data', () => {
  it('of the adding problem: two marks, one in each half, and their sum', () => {
    const { x, y, count } = load('addingProblem', { count: 300, length: 11 })
    let squares = 0
    for (let i = 0; i < count; i++) {
      const marked = Array.from({ length: 11 }, (_, t) => t).filter((t) => x[(i * 11 + t) * 2 + 1] === 1)
      expect(marked).toHaveLength(2)
      expect(marked[0]!).toBeLessThan(6)
      expect(marked[1]!).toBeGreaterThanOrEqual(6)
      expect(y[i]).toBeCloseTo(x[(i * 11 + marked[0]!) * 2]! + x[(i * 11 + marked[1]!) * 2]!, 6)
      squares += (y[i]! - 1) ** 2 / count
    }
    expect(squares).toBeCloseTo(1 / 6, 1)
  })
  it('of temporal order: the class is what stands at the two places', () => {
    const { x, y, count, classes } = load('temporalOrder', { count: 80, length: 30 })
    for (let i = 0; i < count; i++) {
      const symbols = Array.from({ length: 30 }, (_, t) =>
        x.subarray((i * 30 + t) * 6, (i * 30 + t + 1) * 6).indexOf(1)
      )
      const told = symbols.flatMap((s, t) => (s < 2 ? [{ s, t }] : []))
      expect(told).toHaveLength(2)
      expect(told[0]!.t >= 3 && told[0]!.t < 6 && told[1]!.t >= 15 && told[1]!.t < 18).toBe(true)
      expect(classes![y.subarray(i * 4, i * 4 + 4).indexOf(1)]).toBe(told.map(({ s }) => 'AB'[s]).join(''))
    }
  })
  it('of copy memory: blanks, a sign, then the symbols in order', () => {
    const { x, y, count, inputShape, targetShape } = load('copyMemory', { count: 20, symbols: 4, items: 3, delay: 5 })
    expect([inputShape, targetShape]).toEqual([
      [11, 6],
      [11, 5]
    ])
    for (let i = 0; i < count; i++) {
      const given = Array.from({ length: 11 }, (_, t) => x.subarray((i * 11 + t) * 6, (i * 11 + t + 1) * 6).indexOf(1))
      const wanted = Array.from({ length: 11 }, (_, t) => y.subarray((i * 11 + t) * 5, (i * 11 + t + 1) * 5).indexOf(1))
      expect(given.slice(3)).toEqual([0, 0, 0, 0, 5, 0, 0, 0])
      expect(wanted).toEqual([...new Array(8).fill(0), ...given.slice(0, 3)])
    }
  })
  it.each([
    ['temporalOrder', { length: 30 }],
    ['copyMemory', { symbols: 4, items: 3, delay: 5 }]
  ])('of %s: ids are the places of the ones', (id, more) => {
    const [hot, ids] = ['oneHot', 'ids'].map((coding) => load(id, { count: 25, ...more, coding })) as [Data, Data]
    const width = hot.inputShape[1]!
    expect(ids.inputShape).toEqual([hot.inputShape[0], 1])
    expect([...ids.x]).toEqual(
      Array.from({ length: ids.x.length }, (_, i) => hot.x.subarray(i * width, (i + 1) * width).indexOf(1))
    )
    expect(ids.y).toEqual(hot.y)
    expect(hot.x.reduce((a, b) => a + b, 0)).toBe(ids.x.length)
    expect([ids.symbols, hot.symbols]).toEqual([width, undefined])
  })
  it('of sines: the target is the sine so many steps later', () => {
    const each = load('sineForecast', { count: 5, length: 20, horizon: 3, noise: 0, target: 'each' })
    for (let i = 0; i < 5; i++)
      for (let t = 0; t < 17; t++) expect(each.y[i * 20 + t]).toBeCloseTo(each.x[i * 20 + t + 3]!, 6)
    const last = load('sineForecast', { count: 5, length: 20, horizon: 3, noise: 0 })
    for (let i = 0; i < 5; i++) expect(last.y[i]).toBe(each.y[i * 20 + 19])
  })
  it('of digits: the very numbers of the pictures', () => {
    expect(load('digitRows').x).toEqual(load('digits').x)
    expect(load('digitRows', { step: 'pixel' }).inputShape).toEqual([64, 1])
  })
  it('is standardised feature by feature, over all steps', () => {
    const e = netOf('lastStep')
    const raw = prepareData({ ...e, data: { ...e.data, standardize: false } }, {}).train
    const { train } = prepareData(e, {})
    for (const f of [0, 1]) {
      const column = (v: Float32Array): number[] => Array.from(v).filter((_, i) => i % 2 === f)
      const [r, s] = [column(raw.x), column(train.x)]
      const mean = r.reduce((a, b) => a + b, 0) / r.length
      const std = Math.sqrt(r.reduce((a, b) => a + (b - mean) ** 2, 0) / r.length)
      s.forEach((v, i) => expect(v).toBeCloseTo((r[i]! - mean) / std, 5))
    }
  })
})

describe('a target at each time step', () => {
  it('is scored step by step, over the steps of the answer', async () => {
    const e = netOf('eachStep', { steps: 1, batchSize: 0 })
    const told = await runToEnd(e, { snapshots: [0] })
    const [out, target] = [at(told, 0, 'activations/out'), at(told, 0, 'batch/y')]
    const [steps, k] = [8, 4]
    const count = target.length / (steps * k)
    let right = 0
    let loss = 0
    for (let i = 0; i < count; i++)
      for (let t = 0; t < steps; t++) {
        const row = (v: ArrayLike<number>): number[] => Array.from({ length: k }, (_, c) => v[(i * steps + t) * k + c]!)
        const [o, y] = [row(out), row(target)]
        const z = Math.log(o.reduce((a, v) => a + Math.exp(v), 0))
        loss += (z - o[y.indexOf(1)]!) / (count * steps)
        if (t >= steps - 2 && o.indexOf(Math.max(...o)) === y.indexOf(1)) right++
      }
    const { table } = told
    const scalar = (name: string): number => table!.scalars[table!.scalarNames.indexOf(name)]!
    expect(scalar('loss')).toBeCloseTo(loss, 5)
    expect(scalar('accuracy')).toBeCloseTo(right / (2 * count), 6)
  })
  it('has metrics of each feature over all steps', () => {
    const info = { inputShape: [3, 2], targetShape: [3, 2], task: 'regression' as const, count: 2, timeAxis: true }
    const target = Float32Array.from([1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60])
    const output = target.map((v, i) => v + (i % 2 ? 2 : -1))
    const [o, t] = [scoredRows(info, output, 2), scoredRows(info, target, 2)]
    expect(t.count).toBe(6)
    const [mae, r2] = metricsOf('regression', o.values, t.values, t.count, Float64Array.of(1, 1), 0)
    expect(mae).toBeCloseTo(1.5, 6)
    expect(r2).toBeCloseTo(1 - (6 * 1 + 6 * 4) / (17.5 + 1750), 6)
  })
})
