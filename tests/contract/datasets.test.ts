import { describe, expect, it } from 'vitest'
import { datasets, type DataContext, type DataInfo } from '@shared/catalog/datasets'
import { defaultsOf } from '@shared/base/params'
import { losses } from '@shared/catalog/losses'
import { lookup } from '@shared/experiment/lookup'
import { baselinesOf } from '../../src/trainer/baseline'
import { metricNames, metricsOf, scoredRows } from '../../src/trainer/metrics'

const CSV =
  'age,city,income,label\n' +
  Array.from(
    { length: 40 },
    (_, i) => `${20 + i},${['Rome', 'Oslo', 'Lima'][i % 3]},${1000 + i * 7.5},${i % 2 ? 'yes' : 'no'}`
  ).join('\n')
/** 20 images of 4 × 4 bytes, and labels of five classes for them. */
const IDX: Record<string, Uint8Array> = {
  images: Uint8Array.from([
    0,
    0,
    8,
    3,
    0,
    0,
    0,
    20,
    0,
    0,
    0,
    4,
    0,
    0,
    0,
    4,
    ...Array.from({ length: 320 }, (_, i) => (i * 37) % 256)
  ]),
  labels: Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 20, ...Array.from({ length: 20 }, (_, i) => i % 5)])
}
const ctx = (seed: number): DataContext => ({ seed, readFile: (name) => IDX[name] ?? CSV })
/** What an entry needs beyond its defaults. */
const needs: Record<string, Record<string, unknown>> = {
  csv: { file: 'people.csv' },
  idx: { images: 'images', labels: 'labels' }
}
const SPREAD = { min: 0, max: 1, rms: 1, largest: 1, feature: 0 }
const size = (s: number[]): number => s.reduce((a, b) => a * b, 1)
const bits = (a: Float32Array): Buffer => Buffer.from(a.buffer, a.byteOffset, a.byteLength)

/** Defaults, and each other choice by itself; of what is made from files, the defaults. */
const cases = datasets.all.flatMap((d) => {
  const base = { ...defaultsOf(d.fields, lookup), ...needs[d.id] }
  const others = Object.entries(d.fields).flatMap(([k, f]) =>
    f.type === 'choice' && !needs[d.id] ? f.options.filter((o) => o.id !== f.default).map((o) => ({ [k]: o.id })) : []
  )
  return [{}, ...others].map(
    (own) =>
      [`${d.id} ${Object.entries(own).join(' ').replace(',', ': ')}`.trim(), d.id, d, { ...base, ...own }] as const
  )
})
describe.each(cases)('dataset %s', (_name, id, dataset, params) => {
  const data = dataset.load(params, ctx(7))

  it('describes what it loads', () => {
    const { x, y, ...info } = data
    expect(dataset.describe(params, ctx(7))).toEqual(info satisfies DataInfo)
    expect(x).toHaveLength(info.count * size(info.inputShape))
    expect(y).toHaveLength(info.count * size(info.targetShape))
    if (info.featureNames)
      expect(info.featureNames).toHaveLength(info.timeAxis ? info.inputShape[1]! : size(info.inputShape))
    if (info.timeAxis) expect(info.inputShape).toHaveLength(2)
    // Ids: each of them there is, and no other.
    if (info.symbols !== undefined && id !== 'csv')
      expect([...new Set(x)].sort((a, b) => a - b)).toEqual(Array.from({ length: info.symbols }, (_, i) => i))
    // A target at each time step, or one.
    if (info.targetShape.length > 1) expect(info.timeAxis && info.targetShape[0]).toBe(info.inputShape[0])
    if (info.scoredSteps !== undefined) expect(info.scoredSteps).toBeLessThanOrEqual(info.targetShape[0]!)
  })
  it('has a baseline for every loss, or is a critic’s', () => {
    const { x, y, lengths: _, ...info } = data
    const part = { x, y, count: info.count }
    const outputs = info.targetShape[info.targetShape.length - 1]!
    const scale = new Float64Array(outputs).fill(1)
    for (const loss of losses.all.filter((l) => l.tasks.includes(info.task))) {
      const rows = (v: Float32Array): number[][] =>
        Array.from({ length: v.length / outputs }, (_row, r) => [...v.subarray(r * outputs, (r + 1) * outputs)])
      const score = (o: Float32Array, t: Float32Array, count: number): Record<string, number> => {
        const [a, b] = [scoredRows(info, o, count), scoredRows(info, t, count)]
        const values = metricsOf(info.task, a.values, b.values, b.count, scale, loss.squashes === 'sigmoid' ? 0 : 0.5)
        return {
          loss: loss.reference(rows(o), rows(t), defaultsOf(loss.fields, lookup)),
          ...Object.fromEntries(metricNames(info).map((name, i) => [name, values[i]!]))
        }
      }
      const prepared = {
        info,
        train: part,
        validation: part,
        targetScale: scale,
        spread: { input: SPREAD, target: SPREAD },
        ...(info.lastValue !== undefined && { lastValue: { scale: 1, shift: 0 } })
      }
      const list = baselinesOf(prepared, part, { loss, params: defaultsOf(loss.fields) }, 10, score)
      if (info.task === 'critic') {
        expect(list).toEqual([])
        continue
      }
      expect(list.length).toBeGreaterThan(0)
      for (const b of list) for (const v of [...Object.values(b.metrics), b.trainingLoss]) expect(v).not.toBeNaN()
      const own = list.find(
        (b) => b.id === (info.task !== 'regression' ? 'majority' : loss.constant ? 'constant' : 'mean')
      )!
      if (own.id === 'mean') expect(own.metrics['r2']).toBeCloseTo(0, 2)
      else if (own.id === 'constant') {
        // No other constant has less loss, the mean neither.
        const less = score(new Float32Array(part.y.length), part.y, part.count)['loss']!
        expect(own.metrics['loss']).toBeLessThanOrEqual(less * 1.001)
      } else expect(own.metrics['accuracy']).toBeGreaterThanOrEqual(0.999 / Math.max(2, outputs))
      if (id === 'addingProblem' && loss.id === 'meanSquaredError') expect(own.metrics['loss']).toBeCloseTo(1 / 6, 1)
    }
  })
  it('holds nothing but finite numbers', () => {
    expect(data.x.every(Number.isFinite)).toBe(true)
    expect(data.y.every(Number.isFinite)).toBe(true)
  })
  it('has targets that suit its task', () => {
    const width = data.targetShape[data.targetShape.length - 1]!
    const rows = Array.from({ length: data.y.length / width }, (_, i) => [
      ...data.y.subarray(i * width, (i + 1) * width)
    ])
    if (data.task === 'regression') return
    expect(!!dataset.generator).toBe(data.task === 'critic')
    // The generated points, which are the other class, are made while training.
    if (data.task === 'critic') return expect(new Set(data.y)).toEqual(new Set([1]))
    expect(data.classes).toHaveLength(data.task === 'binary' ? 2 : width)
    expect(rows.every((r) => r.every((v) => v === 0 || v === 1))).toBe(true)
    if (data.task === 'multiclass') expect(rows.every((r) => r.reduce((a, b) => a + b, 0) === 1)).toBe(true)
    const seen = new Set(rows.map((r) => r.join()))
    expect(seen.size).toBe(data.task === 'binary' ? 2 : width)
  })
  it('repeats by seed, bit for bit', () => {
    const again = dataset.load(params, ctx(7))
    expect(bits(again.x).equals(bits(data.x))).toBe(true)
    expect(bits(again.y).equals(bits(data.y))).toBe(true)
  })
  it('gives arrays of its own at each load', () => {
    const first = dataset.load(params, ctx(7))
    first.x.fill(-1)
    first.classes?.push('spoilt')
    const second = dataset.load(params, ctx(7))
    expect(bits(second.x).equals(bits(data.x))).toBe(true)
    expect(second.classes).toEqual(data.classes)
  })
  it('says what it is in both languages', () => {
    for (const t of [dataset.name, dataset.doc, ...Object.values(dataset.fields).map((f) => f.label)])
      expect(t.en && t.zh).toBeTruthy()
  })
})
