// cspell:ignore Soll Haben
/** Ranges, bounds, seasons, arrows and marks of accounts: numbers with a remark, or refused; never words in silence. */
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const codes = (cells: readonly string[], name = 'a'): string[] => outcome(table(cells, name)).remarks.map((r) => r.code)
const read = (cells: readonly string[], name = 'a', d = ','): number[] => columns(outcome(table(cells, name, d)))[name]!
const told = (cells: readonly string[], name = 'a'): string =>
  outcome(table(cells, name)).remarks.find((r) => r.column === name)!.message.en
const target = (cells: readonly string[]): string => `a,y\n${cells.map((c, i) => `${i * i},${c}`).join('\n')}\n`

describe('ranges are read as their middle', () => {
  it.each<[string, string[], number[]]>([
    ['with a hyphen', ['3-5', '10-20', '1-2'], [4, 15, 1.5]],
    ['with a dash', ['10–20', '20–30', '15 — 18'], [15, 25, 16.5]],
    ['with blanks', ['10 - 20', '5 - 6', '0 - 1'], [15, 5.5, 0.5]],
    ['in words', ['3 to 5', '5 to 10', 'between 1 and 2'], [4, 7.5, 1.5]],
    ['with a wave', ['10~20', '20～30', '1..2'], [15, 25, 1.5]],
    ['among numbers', ['3-5', '7', '12', '5-8'], [4, 7, 12, 6.5]],
    ['below zero', ['-5 to -3', '-3 to 0', '-1-1'], [-4, -1.5, 0]],
    ['with a unit at the end', ['1.5-2.5 kg', '2-3 kg'], [2, 2.5]],
    ['with a unit at both ends', ['5kg-10kg', '1kg-2kg'], [7.5, 1.5]],
    ['of what is counted', ['1-2 rooms', '3-4 rooms'], [1.5, 3.5]],
    ['per cent', ['5-10%', '10%-15%'], [7.5, 12.5]],
    ['in a currency', ['$1,000-$2,000', '$500-900'], [1500, 700]],
    ['in thousands', ['10-20k', '500-1k'], [15_000, 750]],
    ['half open', ['[10, 20)', '[20, 30)', '[30, 40]'], [15, 25, 35]],
    ['without an end', ['(0.5, 1.5]', '(1.5, inf]', '(-inf, 0.5]'], [1, 1.5, 0.5]],
    ['of years', ['2010-2015', '2015-2020', '2003-2005'], [2012.5, 2017.5, 2004]],
    ['the last of them open', ['0-17', '18-64', '65+'], [8.5, 41, 65]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(rounded(numbers))
    expect(codes(cells)).toEqual(['numbersDressed'])
  })
  it('also with decimal commas', () => expect(read(['1,5-2,5', '3-4'], 'a', ';')).toEqual([2, 3.5]))
  it('and counted in the remark', () =>
    expect(told(['3-5', '<2', '7', '5-8'])).toMatch(/3-5 was read as 4 \(the middle of 2 ranges; 1 bound /))
  it('but results of games, telephone numbers and lists stay words', () => {
    for (const cells of [
      ['3-1', '0-2', '1-1'],
      ['1 to 1', '2 to 1', '3 to 1'],
      ['13-05', '14-05', '15-06'],
      ['555-1234', '555-9876', '555-1111'],
      ['[1, 2]', '[2, 3]', '[3, 4]'],
      ['012-345', '012-346', '012-350']
    ])
      expect(outcome(table(cells)).data!.featureNames).toHaveLength(3)
    expect(outcome(table(['12-345', '13-345', '14-999'], 'zip')).data!.featureNames).toHaveLength(3)
  })
  it('and several units are refused', () =>
    expect(outcome(table(['5-10 kg', '5-10 lb'])).problems[0]!.message.en).toMatch(/several units \(kg, lb\)/))
  it('and a word among them is named', () =>
    expect(outcome(table(['3-5', '5-8', 'oops'])).problems[1]!.message.en).toMatch(
      /^line 4, column "a": "oops" is not a number/
    ))
  it('also as a target of numbers; classes keep their words, in order', () => {
    const file = target(['0-9', '10-19', '5-9', '10-19', '20-29', '5-9'])
    expect(columns(outcome(file, {}, 'regression'))['*']).toEqual([4.5, 14.5, 7, 14.5, 24.5, 7])
    expect(outcome(file, {}, 'classification').data!.classes).toEqual(['0-9', '5-9', '10-19', '20-29'])
  })
})

describe('bounds are read as the number', () => {
  it.each<[string, string[], number[]]>([
    ['below', ['<5', '10', '7'], [5, 10, 7]],
    ['above', ['50', '>100', '70'], [50, 100, 70]],
    ['everywhere', ['≤3', '≤5', '≤7'], [3, 5, 7]],
    ['in two signs', ['>= 65', '20', '=< 3'], [65, 20, 3]],
    ['with a blank and a unit', ['< 0.5 mg/l', '1.5 mg/l', '2 mg/l'], [0.5, 1.5, 2]],
    ['in words', ['less than 5', '7', 'more than 9'], [5, 7, 9]],
    ['behind', ['5 or more', '3', '65 and over'], [5, 3, 65]],
    ['per cent', ['<1%', '50%', '7%'], [1, 50, 7]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(rounded(numbers))
    expect(codes(cells)).toEqual(['numbersDressed'])
  })
  it('wherever the first of them stands', () => {
    const cells = Array.from({ length: 1500 }, (_, i) => (i === 1200 ? '<0.5' : String(i * 1.01)))
    expect(read(cells)[1200]).toBe(0.5)
    expect(told(cells)).toMatch(/1 cell in all/)
  })
  it('unless both sides of one number would become the same', () => {
    const cells = ['<=50K', '>50K', '<=50K', '>50K']
    expect(outcome(table(cells)).data!.featureNames).toEqual(['a=<=50K', 'a=>50K'])
    for (const meant of ['regression', 'classification', undefined] as const)
      expect(outcome(target(cells), {}, meant).data!.classes).toEqual(['<=50K', '>50K'])
  })
})

describe('seasons are the year they begin in', () => {
  it.each<[string, string[], number[], string]>([
    ['short', ['2010/11', '2011/12', '2012/13'], [2010, 2011, 2012], 'a'],
    ['all of which might be months', ['2009/10', '2010/11'], [2009, 2010], 'year'],
    ['with a hyphen', ['2010-11', '2013-14'], [2010, 2013], 'season'],
    ['with a dash', ['2010–11', '2013–14'], [2010, 2013], 'a'],
    ['long', ['1998-1999', '1999/2000'], [1998, 1999], 'a'],
    ['past a century', ['1999/00', '2000/01'], [1999, 2000], 'a'],
    ['of two digits under their name', ['98/99', '99/00', '00/01'], [1998, 1999, 2000], 'season'],
    ['of accounts', ['FY2010/11', 'FY2011/12'], [2010, 2011], 'a']
  ])('%s', (_name, cells, years, name) => {
    expect(read(cells, name)).toEqual(years)
    expect(codes(cells, name)).toEqual(['numbersDressed'])
  })
  it('and months stay months', () => {
    for (const cells of [
      ['2010/11', '2010/12', '2011/01'],
      ['2011/01', '2011/12']
    ])
      expect(codes(cells)).toEqual(['dates'])
    expect(codes(['2009/10', '2010/11'], 'month')).toEqual(['dates'])
  })
  it('also as the time of a series', () => {
    const file = 'season,v\n2011/12,2\n2010/11,1\n2013/14,4\n2012/13,3\n'
    const found = outcome(file, { lines: 'windows', length: 2, target: 'v', time: 'season' })
    expect([...found.data!.x]).toEqual([1, 2, 2, 3])
  })
})

describe('arrows are signs', () => {
  it.each<[string, string[], number[]]>([
    ['triangles', ['▲ 3.2', '▼ 1.1', '▲0.5'], [3.2, -1.1, 0.5]],
    ['behind', ['3.2 ▲', '1.1 ▼', '0.5▲'], [3.2, -1.1, 0.5]],
    ['with per cent and nought', ['▲3.2%', '▼1.1%', '0%'], [3.2, -1.1, 0]],
    ['pictures', ['⬆️ 3.2', '⬇ 1.1', '🔺2'], [3.2, -1.1, 2]],
    ['words', ['up 3', 'down 2', 'up 1'], [3, -2, 1]],
    ['with a minus that says the same', ['▲ 3', '▼ -2', '▼ 1'], [3, -2, -1]],
    ['down alone', ['▼ 3', '2', '1'], [-3, 2, 1]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(rounded(numbers))
    expect(codes(cells)).toEqual(['numbersDressed'])
  })
  it('but ▲ beside bare numbers alone may be a minus, as in Japan: refused', () => {
    for (const sign of ['▲', '△'])
      expect(outcome(table([`${sign}3.2`, '1.1', '2'])).problems[0]!.message.en).toMatch(/rise, or a minus/)
  })
})

describe('sides of an account are signs', () => {
  it.each<[string, string[], number[], string?]>([
    ['CR and DR', ['12.50 CR', '12.50 DR', '3.00 CR'], [12.5, -12.5, 3]],
    ['without a blank', ['1,200.00Cr', '300.00Dr', '15.00Cr'], [1200, -300, 15]],
    ['before it', ['DR 12.50', 'CR 3.00', 'DR $7'], [-12.5, 3, -7]],
    ['beside nought', ['12.50 CR', '0.00', '7.25 DR'], [12.5, 0, -7.25]],
    ['Soll and Haben', ['12,50 S', '3,00 H', '1.234,00 S'], [-12.5, 3, -1234], ';'],
    ['C and D', ['12.50 C', '3.00 D'], [12.5, -3]],
    ['brackets', ['(12.50)', '3', '(7)'], [-12.5, 3, -7]]
  ])('%s', (_name, cells, numbers, d = ',') => expect(read(cells, 'a', d)).toEqual(rounded(numbers)))
  it('but letters that name something are none', () =>
    expect(outcome(table(['D 3', 'C 2', 'D 5'])).data!.featureNames).toHaveLength(3))
  it('and an amount without a side is named', () =>
    expect(
      outcome(table(['12.50 CR', '3.00', '7.25 DR']))
        .problems.map((p) => p.message.en)
        .join()
    ).toMatch(/3\.00/))
})
