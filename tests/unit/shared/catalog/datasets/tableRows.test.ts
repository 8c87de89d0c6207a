/** What is said of rows that are left out, filled in, repeated or contradict each other, and of a level that shifts. */
import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/catalog/datasets'
import { dataContext } from '@shared/catalog/datasets/parts/files'
import type { Remark } from '@shared/catalog/datasets/parts/remark'
import { defaultsOf } from '@shared/base/params'
import { lookup } from '@shared/experiment/lookup'
import { outcome } from './outcome'

const rows = (n: number, of: (i: number) => string): string =>
  `${Array.from({ length: n }, (_, i) => of(i)).join('\n')}\n`
const first = (text: string, code: string, more: object = {}): Remark | undefined =>
  outcome(text, more).remarks.find((r) => r.code === code)

describe('each row that is left out is told with its count, line and column', () => {
  it.each<[string, string, object, object, RegExp]>([
    [
      'without an input',
      'a,y\n1,2\n,3.5\nNA,4\n4,5.5\n5,6\n',
      { missing: 'drop' },
      { count: 2, line: 3, column: 'a' },
      /^2 rows were left out: an input is missing in "a" \(lines 3, 4\)$/
    ],
    [
      'without a target, although inputs are filled',
      'a,y\n1,2\n2,\n3,4\n4,5.5\n',
      { missing: 'mean' },
      { count: 1, line: 3, column: 'y' },
      /no value of the target in "y" \(line 3\)/
    ],
    [
      'with a word',
      `a,y\n${rows(20, (i) => `${i % 5 ? i : 'oops'},${i * 1.5}`)}`,
      { badRows: 'drop' },
      { count: 4, line: 2, column: 'a' },
      /"oops" is not a number in "a" \(lines 2, 7, 12, 17\)/
    ],
    [
      'with a number that is too large',
      `a,y\n${rows(20, (i) => `${i === 7 ? '1e40' : i},${i * 1.5}`)}`,
      { badRows: 'drop' },
      { count: 1, line: 9, column: 'a' },
      /"1e40" is too large/
    ],
    [
      'with several faults in several columns',
      `a,b,y\n${rows(20, (i) => `${i === 7 ? '1e40' : i},${i === 9 ? 'x' : i},${i * 1.5}`)}`,
      { badRows: 'drop' },
      { count: 2, line: 9 },
      /and the like, in "a", "b" \(lines 9, 11\)/
    ],
    [
      'of a series',
      'time,v\n1,2\n2,\n3,4\n4,5.5\n5,6\n6,7\n',
      { lines: 'windows', length: 2, target: 'v', missing: 'drop' },
      { count: 1, line: 3, column: 'v' },
      /\(line 3\)/
    ]
  ])('%s', (_name, text, more, context, words) => {
    const found = first(text, 'rowsDropped', more)!
    expect(found).toMatchObject(context)
    expect(found.message.en).toMatch(words)
  })
  it('and each value that is filled in, by column', () => {
    const { remarks } = outcome('a,b,y\n1,u,2\n,v,3.5\nNA,,4\n4,u,5.5\n5,v,6\n', { missing: 'mean' })
    expect(remarks.filter((r) => r.code === 'valuesFilled')).toMatchObject([
      { column: 'a', count: 2, line: 3, message: { en: expect.stringMatching(/its mean \(lines 3, 4\)/) } },
      { column: 'b', count: 1, line: 4, message: { en: expect.stringMatching(/shares of its categories \(line 4\)/) } }
    ])
  })
})

describe('inputs that tell nothing are named', () => {
  it.each<[string, string, object]>([
    ['numbers', `a,b,y\n${rows(9, (i) => `1,5,${i * 1.5}`)}`, {}],
    ['words', `a,y\n${rows(9, (i) => `x,${i * 1.5}`)}`, {}],
    ['with classes to tell', `a,y\n${rows(9, (i) => `5,${i % 2 ? 'u' : 'v'}`)}`, {}],
    ['once rows are left out', `a,y\n${rows(9, (i) => `${i ? 5 : ''},${i * 1.5}`)}`, { missing: 'drop' }],
    ['once gaps are filled', `a,y\n${rows(9, (i) => `${i ? 5 : ''},${i * 1.5}`)}`, { missing: 'mean' }],
    ['once what differs is left out', `a,y\n${rows(9, (i) => `${i ? 5 : 'x'},${i * 1.5}`)}`, { badRows: 'drop' }]
  ])('%s', (_name, text, more) =>
    expect(first(text, 'inputsConstant', more)!.message.en).toMatch(/^every input is the same in all rows \("a" is /)
  )
  it('empty ones are refused', () =>
    expect(outcome('a,b,y\n,,2\n,,3.5\n,,4\n').problems[0]!.message.en).toBe(
      'no input column holds a value: "a", "b" are empty in every row'
    ))
  it('but one that differs is enough', () =>
    expect(first(`a,b,y\n${rows(9, (i) => `1,${i},${i * 1.5}`)}`, 'inputsConstant')).toBeUndefined())
})

describe('rows are held against each other', () => {
  it('those that come again are counted', () => {
    const text = `a,b,y\n${rows(14, (i) => `${i % 10},${(i % 10) ** 2},${Math.sin(i % 10)}`)}`
    expect(first(text, 'rowsRepeated')).toMatchObject({ count: 4, line: 12 })
    expect(first(text, 'targetsContradict')).toBeUndefined()
  })
  it('so are those with words, as written', () => {
    const text = `a,b,y\n${rows(12, (i) => `${'xyz'[i % 3]},${i % 9},${(i % 9) * 1.5}`)}`
    expect(first(text, 'rowsRepeated')).toMatchObject({ count: 3 })
  })
  it('those of a few categories come again by nature', () => {
    const row = (i: number, b: number): string => `${'xyz'[i % 3]},${'uvw'[b % 3]},${(i % 3) + 10 * (b % 3)}`
    const text = `a,b,y\n${rows(90, (i) => row((i * 7) % 11, (i * 5) % 13))}`
    expect(first(text, 'rowsRepeated')).toBeUndefined()
    // Not where most are copies of ten rows, far more than the numbers beside them let expect.
    const copies = `a,b,y\n${rows(90, (i) => `${'xyz'[i % 3]},${i % 9 ? i : 0},${i % 9 ? i : 1}`)}`
    expect(first(copies, 'rowsRepeated')).toBeDefined()
  })
  it.each<[string, (i: number) => string, number]>([
    ['classes', (i) => `${i % 10},${i < 10 ? 'u' : 'v'}`, 8],
    ['numbers', (i) => `${i % 10},${i * 1.5}`, 8],
    ['three of one', (i) => `${i < 11 ? i : 10},${i % 2 ? 'u' : 'v'}`, 4]
  ])('those that differ in their target alone are, too: %s', (_name, of, count) =>
    expect(first(`a,y\n${rows(14, of)}`, 'targetsContradict')).toMatchObject({ column: 'y', count })
  )
  it('rows that differ are none', () => {
    const found = outcome(`a,b,y\n${rows(14, (i) => `${i % 7},${i % 2},${i * 1.5}`)}`).remarks.map((r) => r.code)
    expect(found).not.toContain('rowsRepeated')
    expect(found).not.toContain('targetsContradict')
  })
  it('rows that are left out count for nothing', () => {
    const text = `a,b,y\n${rows(14, (i) => `${i % 10},${i < 10 ? i : ''},${i * 1.5}`)}`
    expect(first(text, 'rowsRepeated', { missing: 'drop' })).toBeUndefined()
    expect(first(text, 'targetsContradict', { missing: 'drop' })).toBeUndefined()
  })
})

describe('a series whose validation part has another level', () => {
  const csv = datasets.get('csv')
  const shift = (of: (i: number) => number, held = 0.2, lines = 'windows'): Remark | undefined => {
    const text = `time,v\n${rows(60, (i) => `${i},${of(i)}`)}`
    const p = { ...defaultsOf(csv.fields, lookup), file: 't.csv', lines, length: 2, target: 'v' }
    return csv.remarks!(p, dataContext(1, { 't.csv': text }, 'regression', held)).find((r) => r.code === 'levelShifts')
  }
  it.each<[string, (i: number) => number]>([
    ['a jump', (i) => Math.sin(i) + (i < 45 ? 0 : 50)],
    ['a trend', (i) => i + Math.sin(i)],
    ['a fall', (i) => 100 - 2 * i],
    ['growth', (i) => 1.1 ** i]
  ])('is said: %s', (_name, of) => expect(shift(of)).toMatchObject({ column: 'v', count: 12, line: 50 }))
  it.each<[string, (i: number) => number]>([
    ['a wave', (i) => Math.sin(i)],
    ['noise', (i) => ((i * 7919) % 101) / 10],
    ['a jump long ago', (i) => Math.sin(i) + (i < 15 ? 0 : 5)]
  ])('but not of %s', (_name, of) => expect(shift(of)).toBeUndefined())
  it('nor where nothing is held out', () => expect(shift((i) => i, 0)).toBeUndefined())
})
