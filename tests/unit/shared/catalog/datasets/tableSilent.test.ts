// cspell:ignore Stdabw Mittelwert
/** Cells and rows that were once read wrong without a word. */
import { describe, expect, it } from 'vitest'
import { columns, outcome, table } from './outcome'

const DAY = 86_400
const codes = (cells: readonly string[], name = 'a'): string[] => outcome(table(cells, name)).remarks.map((r) => r.code)
const read = (cells: readonly string[], name = 'a'): number[] => columns(outcome(table(cells, name)))[name]!
const refusal = (cells: readonly string[], name = 'a'): string => outcome(table(cells, name)).problems[0]!.message.en

describe('a column is read as numbers with a remark', () => {
  it.each<[string, string, string[], number[], string]>([
    ['days of a year', 'date', ['2024032', '2024100', '2023365'], [32 * DAY, 100 * DAY, 0], 'dates'],
    ['the same with a hyphen', 'date', ['2024-032', '2023-365'], [32 * DAY, 0], 'dates'],
    ['dates in digits alone', 'date', ['31012024', '1022024'], [0, DAY], 'dates'],
    ['the same with the year first', 'date', ['240131', '240201', '231224'], [38 * DAY, 39 * DAY, 0], 'dates'],
    ['years of accounts', 'a', ['FY2023', 'FY2024'], [2023, 2024], 'numbersDressed'],
    ['the same in short', 'fy', ['FY23', "FY'24"], [2023, 2024], 'numbersDressed'],
    ['their quarters', 'a', ['FY24Q1', 'FY24Q2', 'Q4 FY2023'], [92 * DAY, 183 * DAY, 0], 'dates'],
    ['arrays of one number', 'a', ['[0.5]', '[ -1.25 ]', '[1e2]'], [0.5, -1.25, 100], 'numbersDressed'],
    ['stars before a note', 'a', ['1.5*** (0.10)', '0.25 (0.2)'], [1.5, 0.25], 'numbersDressed'],
    ['versions', 'version', ['1.5', '2.25'], [1.5, 2.25], 'codesAsNumbers'],
    ['hashes', 'a', ['3e8', '1e5'], [3e8, 1e5], 'codesAsNumbers'],
    ['what spreadsheets keep as text', 'a', ['="007"', '="012"'], [7, 12], 'codesAsNumbers']
  ])('%s', (_name, name, cells, numbers, code) => {
    expect(read(cells, name)).toEqual(numbers)
    expect(codes(cells, name)).toContain(code)
  })
  it('but numbers with an id’s name keep what they are', () =>
    expect(read(['2024032', '2024100'], 'order')).toEqual([2_024_032, 2_024_100]))
  it('and a power of ten with a sign is a number', () => expect(codes(['1e+05', '2e+03'])).toEqual([]))
})

describe('a column is refused with the choice', () => {
  it.each<[string, string, string[], RegExp]>([
    ['grades', 'a', ['1+', '2-', '3'], /is 2- a grade/],
    ['grades by their name', 'Note', ['1', '2-', '3'], /is 2- a grade/],
    ['dates in digits that may be either', 'date', ['01022024', '03042024'], /the day or the month first/],
    ['seconds beside milliseconds', 'timestamp', ['1706745600', '1706749200000'], /times since 1970 in several units/]
  ])('%s', (_name, name, cells, message) => expect(refusal(cells, name)).toMatch(message))
  it('but a minus behind amounts is one', () =>
    expect(read(['100.00-', '1250.00', '30.50-'])).toEqual([-100, 1250, -30.5]))
})

describe('lists in cells', () => {
  it.each<[string, string[]]>([
    ['names', ['red;green', 'red', 'green;blue', 'blue']],
    ['with bars', ['Action|Drama', 'Drama|Comedy', 'Comedy|Action', 'Drama']],
    ['JSON', ['{"x":1}', '{"x":2}', '{"x":3}']],
    ['arrays of words', ["['a', 'b']", "['b']", "['a']"]]
  ])('are told: %s', (_name, cells) => expect(codes(cells)).toContain('listsAsWords'))
  it('are told of a target, too', () => {
    const labels = ['red|green', 'green', 'red', 'blue|red']
    const text = 'a,y\n' + Array.from({ length: 24 }, (_, i) => `${i},${labels[i % 4]}\n`).join('')
    expect(outcome(text).remarks.find((r) => r.code === 'listsAsWords')).toMatchObject({ column: 'y', count: 4 })
  })
  it('but not names and places with a comma', () => {
    for (const cells of [
      ['Smith, John', 'Miller, Ann', 'Moore, John'],
      ['Berlin, Germany', 'Hamburg, Germany', 'Paris, France']
    ])
      expect(codes(cells)).not.toContain('listsAsWords')
  })
})

const rows = [3, 1, 4, 1.5, 5, 9, 2.5, 6].map((v, i) => `s${i},${v},${[2, 7, 1, 8, 2.5, 8, 1.5, 8][i]}`)
const below = (...more: string[]): string => `n,a,t\n${[...rows, ...more].join('\n')}\n`

describe('further statistics at the end', () => {
  it.each<[string, string[]]>([
    ['behind a mean', ['Mean,4,4.75', 'SEM,0.9,1.1', 'CV,0.6,0.7']],
    ['around a sum', ['N,8,8', 'Sum,32,38', 'Variance,7,10']],
    ['in German', ['Mittelwert,4,4.75', 'Stdabw.,2.7,3.2', 'Maximum,9,8']]
  ])('are left out: %s', (_name, more) => {
    const found = outcome(below(...more))
    expect(found.data!.count).toBe(8)
    expect(found.remarks.filter((r) => r.code === 'totalLines').reduce((a, r) => a + r.count!, 0)).toBe(more.length)
  })
  it('stay where nothing beside them is one', () => expect(outcome(below('N,8,8', 'SE,2,3')).data!.count).toBe(10))
  it('stay where the name comes above, too', () =>
    expect(outcome(below('N,1,2', 'Mean,4,4.75').replace('s0', 'N')).data!.count).toBeGreaterThan(8))
})

describe('a row of sums without a name', () => {
  const numbers = rows.map((r) => r.replace(/^s\d,/, ''))
  it('is left out where each of its numbers is one', () =>
    expect(outcome(`a,t\n${[...numbers, '32,38'].join('\n')}\n`)).toMatchObject({
      data: { count: 8 },
      remarks: [{ code: 'totalLines', line: 10 }]
    }))
  it('is none where one of them is not', () =>
    expect(outcome(`a,t\n${[...numbers, '32,38.5'].join('\n')}\n`).data!.count).toBe(9))
  it('is none below a border on the left', () =>
    expect(outcome('| a | t   |\n| 1 | 2.5 |\n| 2 | 3.5 |\n| 3 | 4.5 |\n').data!.count).toBe(3))
})

describe('a table on its side', () => {
  const side = (head: string): string =>
    `${head}\nage,23,45,31,52,38\nincome,2300,4500,3100,5200,3800\nheight,1.7,1.8,1.65,1.75,1.82\nsick,1,0,1,0,1\n`
  it.each(['feature,Ann,Bob,Cara,Dan,Eve', 'feature,p1,p2,p3,p4,p5'])('is told: %s', (head) =>
    expect(outcome(side(head)).remarks.map((r) => r.code)).toContain('onItsSide')
  )
  it('but not one of years or of months', () => {
    for (const text of [
      'country,2019,2020,2021\nA,83,83.1,83.2\nB,66,67.1,67.2\nC,0.5,0.6,0.7\n',
      'shop,jan,feb,mar,apr\nA,8300,8301,8200,8100\nB,66,67,61,65\nC,5,6,7,4\n'
    ])
      expect(outcome(text).remarks.map((r) => r.code)).not.toContain('onItsSide')
  })
})
it('a quote that swallows all rows is named with its line', () =>
  expect(outcome('a,b,t\n1,"x,2.5\n2,y,3.5\n3,"z",4\n').problems[0]!.message.en).toMatch(
    /^line 2: a quoted cell goes on/
  ))
