import { describe, expect, it } from 'vitest'
import { datasets, type Data } from '@shared/catalog/datasets'
import { momentsOf, takeExamples } from '@shared/catalog/datasets/parts/sequence'
import { dataContext } from '@shared/catalog/datasets/parts/files'
import { clockOf, momentOf, writtenDate } from '@shared/catalog/datasets/table/dates'
import { lookup } from '@shared/experiment/lookup'
import { defaultsOf } from '@shared/base/params'
import { InputError } from '@shared/base/problems'

const csv = datasets.get('csv')
const params = (more: object = {}): Record<string, unknown> => ({
  ...defaultsOf(csv.fields, lookup),
  file: 't.csv',
  lines: 'steps',
  ...more
})
const context = (text: string) => dataContext(1, { 't.csv': text })
const load = (text: string, more: object = {}): Data => csv.load(params(more), context(text))
const remarks = (text: string, more: object = {}): string =>
  csv.remarks!(params(more), context(text))
    .map((p) => `${p.path} ${p.message.en}`)
    .join('\n')
const refused = (text: string, more: object = {}): string[] => {
  try {
    csv.describe(params(more), context(text))
  } catch (e) {
    if (!(e instanceof InputError)) throw e
    for (const p of e.problems) expect(p.message.zh).toBeTruthy()
    return e.problems.map((p) => `${p.path} ${p.message.en}`)
  }
  throw new Error('was not refused')
}
/** Sequences as lists of steps. */
const steps = (d: Data): number[][][] => {
  const [t, f] = d.inputShape as [number, number]
  return Array.from({ length: d.count }, (_, i) =>
    Array.from({ length: t }, (_, k) => [...d.x.subarray((i * t + k) * f, (i * t + k + 1) * f)])
  )
}
/** Two subjects, their lines mixed and out of order; the class is one for all lines of each. */
const MIXED = `subject,time,a,b,class
s1,3,13,-3,sick
s2,1,21,-1,well
s1,1,11,-1,sick
s2,3,23,-3,well
s1,2,12,-2,sick
s2,2,22,-2,well
s2,10,24,-4,well
`

describe('lines as steps of many sequences', () => {
  it('sorts the lines of each by time, as numbers, and tells one value of all', () => {
    const d = load(MIXED, { unequal: 'cut' })
    expect(d).toMatchObject({
      count: 2,
      inputShape: [3, 2],
      targetShape: [1],
      task: 'binary',
      classes: ['sick', 'well'],
      featureNames: ['a', 'b']
    })
    expect(steps(d)).toEqual([
      [
        [11, -1],
        [12, -2],
        [13, -3]
      ],
      [
        [22, -2],
        [23, -3],
        [24, -4]
      ]
    ])
    expect([...d.y]).toEqual([0, 1])
    expect(d.lengths).toBeUndefined()
    expect(csv.describe(params({ unequal: 'cut' }), context(MIXED))).toEqual((({ x: _x, y: _y, ...info }) => info)(d))
  })
  it('says what it guessed and did', () => {
    expect(remarks(MIXED, { unequal: 'cut' })).toMatch(
      /data\.dataset\.series .*"subject".*guessed[\s\S]*data\.dataset\.time sorted by "time"[\s\S]*of 1 of 2 sequences only the last 3 time steps/
    )
    expect(remarks(MIXED)).toMatch(/1 of 2 sequences are shorter than 4 time steps: zeros stand before them/)
    expect(remarks('id,a,y\n1,1,0\n1,2,0\n2,3,1\n2,4,1\n')).toMatch(/in the order they stand in/)
  })
  it('puts zeros before shorter ones, and says how long each is', () => {
    const d = load(MIXED)
    expect(steps(d)[0]).toEqual([
      [0, 0],
      [11, -1],
      [12, -2],
      [13, -3]
    ])
    expect([...d.lengths!]).toEqual([3, 4])
  })
  it('takes the last steps of longer ones, and leaves shorter ones out when they are cut', () => {
    expect(steps(load(MIXED, { length: 2 }))).toEqual([
      [
        [12, -2],
        [13, -3]
      ],
      [
        [23, -3],
        [24, -4]
      ]
    ])
    expect(refused(MIXED, { length: 4, unequal: 'cut' })[0]).toMatch(/"well" everywhere/)
    const three = MIXED + 's3,1,31,-1,sick\n'
    expect(load(three, { length: 3, unequal: 'cut' }).count).toBe(2)
    expect(remarks(three, { length: 3, unequal: 'cut' })).toMatch(/1 series were left out: shorter than 3 time step/)
  })
  it('takes columns by name, whatever they are called', () => {
    const text = 'who,when,v,y\nx,2,2,5.5\nx,1,1,5.5\ny,1,3,7.25\n'
    const d = load(text, { series: 'who', time: 'when', target: 'y' })
    expect(d).toMatchObject({ task: 'regression', inputShape: [2, 1] })
    expect(steps(d)).toEqual([
      [[1], [2]],
      [[0], [3]]
    ])
    expect([...d.y]).toEqual([5.5, 7.25])
    // Time may be an input when it is named as one.
    expect(load(text, { series: 'who', time: 'when', target: 'y', features: ['when', 'v'] })).toMatchObject({
      featureNames: ['when', 'v']
    })
  })
  it('codes words one-hot at every step, and fills a missing input with the mean when told', () => {
    const text = 'id,t,w,v,y\n1,1,red,1,a\n1,2,blue,,a\n2,1,red,5,b\n2,2,red,6,b\n'
    expect(load(text, { missing: 'mean' })).toMatchObject({
      featureNames: ['w=blue', 'w=red', 'v'],
      x: Float32Array.of(0, 1, 1, 1, 0, 4, 0, 1, 5, 0, 1, 6)
    })
    const dropped = load(text, { missing: 'drop' })
    expect([...dropped.lengths!]).toEqual([1, 2])
    expect(remarks(text, { missing: 'drop' })).toMatch(/1 row was left out: an input is missing/)
  })
  it('takes the value of the last line, or one ahead', () => {
    const text = 'id,t,v,y\n1,1,1,10\n1,2,2,20\n1,3,3,30\n2,1,4,40\n2,2,5,50\n2,3,6,60.5\n'
    const last = load(text, { aim: 'last' })
    expect(last).toMatchObject({ task: 'regression', featureNames: ['v'], inputShape: [3, 1] })
    expect([...last.y]).toEqual([30, 60.5])
    const ahead = load(text, { aim: 'ahead', horizon: 2 })
    expect(ahead).toMatchObject({ featureNames: ['v', 'y'], inputShape: [1, 2] })
    expect(steps(ahead)).toEqual([[[1, 10]], [[4, 40]]])
    expect([...ahead.y]).toEqual([30, 60.5])
  })
  it('needs a target only where it stands', () => {
    const text = 'id,t,v,y\n1,1,1,\n1,2,2,sick\n2,1,3,\n2,2,4,well\n3,1,5,\n3,2,6,\n'
    for (const aim of ['last', 'constant']) {
      expect(load(text, { aim, missing: 'drop' })).toMatchObject({
        count: 2,
        inputShape: [2, 1],
        y: Float32Array.of(0, 1)
      })
      expect(remarks(text, { aim, missing: 'drop' })).toMatch(/1 sequence was left out: no value of the target "y"/)
      expect(refused(text, { aim })[1]).toMatch(/line [67], column "y": the target is missing/)
    }
  })
  it('sorts dates', () => {
    const text = 'id,date,v,y\n1,2024-02-01,3,0.5\n1,2024-01-31,2,0.5\n1,2023-12-31 23:00,1,0.5\n2,2024-01-01,9,1.5\n'
    expect(steps(load(text))[0]).toEqual([[1], [2], [3]])
  })
  it('are suggested when a table looks like them', () => {
    expect(remarks(MIXED, { lines: 'examples' })).toMatch(/^data\.dataset\.lines "subject" and "time" look as if/)
    expect(remarks('id,age,y\n1,2,0\n2,3,1\n', { lines: 'examples' })).not.toMatch(/look as if/)
    expect(remarks('id,time,y\n1,2,0\n2,3,1\n', { lines: 'examples' })).not.toMatch(/look as if/)
  })
  it('gives the same bits each time', () => expect(load(MIXED)).toEqual(load(MIXED)))
})

describe('windows of one long series', () => {
  const series = 'time,v,w\n' + Array.from({ length: 30 }, (_, i) => `${i},${i * 1.5},${-i}`).join('\n')
  it('slide over it, and tell the next value', () => {
    const d = load(series, { lines: 'windows', length: 5, target: 'v' })
    expect(d).toMatchObject({
      count: 25,
      inputShape: [5, 2],
      task: 'regression',
      featureNames: ['v', 'w'],
      inOrder: true
    })
    expect(steps(d)[3]).toEqual([3, 4, 5, 6, 7].map((i) => [i * 1.5, -i]))
    expect([...d.y]).toEqual(Array.from({ length: 25 }, (_, i) => (i + 5) * 1.5))
  })
  it('have a stride and a horizon', () => {
    const d = load(series, { lines: 'windows', length: 5, target: 'v', horizon: 3, stride: 10 })
    expect([...d.y]).toEqual([7 * 1.5, 17 * 1.5, 27 * 1.5])
    expect(load(series, { lines: 'windows', length: 27, target: 'v', horizon: 3 }).count).toBe(1)
    expect(load(series, { lines: 'windows', target: 'v' }).inputShape).toEqual([20, 2])
  })
  it('may tell the value in their last line from the other columns', () => {
    const d = load(series, { lines: 'windows', length: 4, target: 'w', aim: 'last' })
    expect(d).toMatchObject({ count: 27, featureNames: ['v'] })
    expect(d.y[0]).toBe(-3)
  })
  it('never cross from one series into another', () => {
    const two =
      'id,t,v\n' +
      ['a', 'b'].flatMap((s, k) => Array.from({ length: 6 }, (_, i) => `${s},${i},${100.5 * k + i}`)).join('\n')
    const d = load(two, { lines: 'windows', length: 3, series: 'id', features: ['v'] })
    expect(d.count).toBe(6)
    for (const [i, window] of steps(d).entries())
      expect([...window.flat(), d.y[i]!].map((v) => v > 50)).toEqual(Array(4).fill(i > 2))
  })
})

describe('sequences are refused', () => {
  it.each<[string, string, object, RegExp]>([
    [
      'when a cell is not a number',
      MIXED.replace('22,-2', 'oops,-2') + Array.from({ length: 9 }, (_, i) => `s1,${20 + i},1,1,sick`).join('\n'),
      {},
      /line 7, column "a": "oops" is not a number/
    ],
    [
      'when a cell is missing and may not be',
      MIXED.replace('22,-2', ',-2'),
      { missing: 'error' },
      /line 7, column "a": the value is missing/
    ],
    [
      'when the target changes within one',
      MIXED.replace('s1,2,12,-2,sick', 's1,2,12,-2,well'),
      {},
      /^data\.dataset\.target line 6: "class" is well, and sick in line 4 of series "s1"/
    ],
    [
      'when a time is no number among numbers',
      MIXED.replace('s1,3', 's1,late'),
      {},
      /^data\.dataset\.time line 2, column "time": the time "late" is not a number/
    ],
    [
      'when a date may have the day or the month first',
      'id,date,v,y\n1,01/02/2024,1,0.5\n1,03/04/2024,2,0.5\n',
      {},
      /^data\.dataset\.dates column "date": 01\/02\/2024 may have the day or the month first/
    ],
    [
      'when there is no such day',
      'id,date,v,y\n1,2024-02-30,1,0.5\n1,2024-01-01,2,0.5\n',
      {},
      /line 2, .*"2024-02-30" is neither/
    ],
    [
      'when two lines of one have the same time',
      MIXED.replace('s1,3', 's1,2'),
      {},
      /^data\.dataset\.time lines 2 and 6 of series "s1" are both of time "2"/
    ],
    [
      'when they are longer than any',
      MIXED,
      { length: 5 },
      /^data\.dataset\.length is 5, but the longest series has 4 time steps: at most 4/
    ],
    [
      'when windows are longer than the series',
      't,v\n1,1\n2,2.5\n3,3\n',
      { lines: 'windows', length: 3 },
      /^data\.dataset\.length is 3, but the longest series has 2 time steps before its last 1/
    ],
    [
      'when the forecast reaches beyond all',
      't,v\n1,1\n2,2.5\n3,3\n',
      { lines: 'windows', horizon: 3 },
      /^data\.dataset\.horizon .*at most 2/
    ],
    ['when no column tells them apart', 'v,y\n1,2\n3,4\n', {}, /^data\.dataset\.series no column is called id/],
    [
      'when a column is not there',
      MIXED,
      { series: 'nobody' },
      /^data\.dataset\.series there is no column "nobody"; there are: subject, time/
    ],
    [
      'when id and time are one column',
      MIXED,
      { series: 'subject', time: 'subject' },
      /^data\.dataset\.time "subject" tells the sequences apart already/
    ],
    [
      'when the target is the id',
      MIXED,
      { series: 'subject', target: 'subject' },
      /^data\.dataset\.target "subject" says which sequence/
    ],
    [
      'when the last value is among the inputs',
      MIXED,
      { aim: 'last', target: 'b', features: ['a', 'b'] },
      /^data\.dataset\.features "b" is the target/
    ],
    [
      'when an id is missing and may not be',
      MIXED.replace('s1,3', ',3'),
      { missing: 'error' },
      /^data\.dataset\.series line 2, column "subject": the value is missing/
    ],
    ['when all are of one class', MIXED.replaceAll('well', 'sick'), {}, /"sick" everywhere/]
  ])('%s', (_name, text, more, why) => expect(refused(text, more).some((p) => why.test(p))).toBe(true))
  it('with the first of each kind, and how many more', () => {
    const text = 'id,t,v,y\n' + Array.from({ length: 30 }, (_, i) => `${i},1,1,0\n${i},2,1,1\n`).join('')
    const told = refused(text)
    expect(told).toHaveLength(2)
    expect(told[0]).toMatch(/^data\.dataset\.aim .*choose its value in the last line/)
    expect(told[1]).toMatch(/line 3: "y" is 1, and 0 in line 2 of series "0"; likewise in 29 more sequences/)
  })
})

describe('dates', () => {
  const timeOf = (text: string): number | undefined => {
    const written = writtenDate(text)
    const at = written && momentOf(written, 'dayFirst')
    const seconds = at ? at.seconds + Number(`0.${at.fraction || 0}`) : clockOf(text)
    return seconds === undefined ? undefined : seconds * 1000
  }
  it.each([
    ['2024-01-31', Date.UTC(2024, 0, 31)],
    ['2024/1/5', Date.UTC(2024, 0, 5)],
    ['2024-03', Date.UTC(2024, 2, 1)],
    ['2024年3月8日', Date.UTC(2024, 2, 8)],
    ['2024-01-31T08:30:15.5', Date.UTC(2024, 0, 31, 8, 30, 15, 500)],
    ['2024-01-31 08:30+02:00', Date.UTC(2024, 0, 31, 6, 30)],
    ['2024-01-31 08:30Z', Date.UTC(2024, 0, 31, 8, 30)],
    ['08:30:01', (8 * 60 + 30) * 60_000 + 1000]
  ])('%s is read', (text, time) => expect(timeOf(text)).toBe(time))
  it.each(['32.01.2024', '2024-13-01', '2023-02-29', 'Monday', '', '25:00'])('%s is not', (text) =>
    expect(timeOf(text)).toBeUndefined()
  )
})

describe('scaling of sequences', () => {
  // Two examples of 3 steps with 2 features; the first has one step of its own.
  const x = Float32Array.of(0, 0, 0, 0, 2, 10, 4, 10, 6, 10, 8, 10)
  const lengths = Int32Array.of(1, 3)
  it('is by feature, over all steps but the filling', () => {
    const { mean, std } = momentsOf(x, 2, 3, Int32Array.of(0, 1), lengths)
    expect([...mean]).toEqual([5, 10])
    expect([...std]).toEqual([Math.sqrt(5), 1])
    const out = takeExamples(x, 2, 3, Int32Array.of(1, 0), { mean, std }, lengths)
    const z = [-1, 1, 3, -3].map((v) => Math.fround(v / Math.sqrt(5)))
    expect([...out]).toEqual([z[0], 0, z[1], 0, z[2], 0, 0, 0, 0, 0, z[3], 0])
  })
  it('takes the training examples alone', () =>
    expect([...momentsOf(x, 2, 3, Int32Array.of(1), lengths).mean]).toEqual([6, 10]))
  it('of one step is that of a table', () => {
    const table = Float32Array.of(1, 5, 2, 5, 6, 5)
    const { mean, std } = momentsOf(table, 2, 1, Int32Array.of(0, 1, 2))
    expect([...mean]).toEqual([3, 5])
    expect(std[0]).toBeCloseTo(Math.sqrt(14 / 3), 12)
  })
})
