import { describe, expect, it } from 'vitest'
import { datasets, type DataContext, type DataInfo } from '@shared/catalog/datasets'
import { defaultsOf } from '@shared/base/params'
import { lookup } from '@shared/experiment/lookup'

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
