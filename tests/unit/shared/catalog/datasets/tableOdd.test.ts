/** Odd ways to write numbers, dates and tables: read as what they are with a remark, or refused with the choice. */
// cspell:ignore Gesamtergebnis
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const DAY = 86_400
const codes = (text: string): string[] => outcome(text).remarks.map((r) => r.code)
const read = (cells: readonly string[], more: object = {}): number[] => columns(outcome(table(cells), more))['a']!

describe('a mark beside a number is left out', () => {
  it.each<[string, string[], number[]]>([
    ['a dash for no cents', ['5,-', '1.234,-', '7,-'], [5, 1234, 7]],
    ['the same behind a point and a currency', ['CHF 5.-', 'CHF 7.–', 'CHF 8.--'], [5, 7, 8]],
    ['a sign of rounding', ['~5', '10', '≈ 20'], [5, 10, 20]],
    ['a word of rounding', ['ca. 5', 'ca. 7', 'approx. 9'], [5, 7, 9]],
    ['a footnote', ['5*', '6', '7†'], [5, 6, 7]],
    ['a reference', ['1,234[1]', '2,345', '3,456[2]'], [1234, 2345, 3456]],
    ['a rarer currency', ['Rp 1.234.567', 'Rp 2.345.678', 'Rp 999'], [1_234_567, 2_345_678, 999]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(numbers)
    expect(codes(table(cells))).toContain('numbersDressed')
  })
})

describe('a date is read', () => {
  it.each<[string, string[], number[]]>([
    ['with a month that begins like a day of the week', ['March 1, 2024', 'Mar 3, 2024', 'Apr 1, 2024'], [0, 2, 31]],
    ['of such a month in Spanish', ['Dic 5 2024', 'Dic 6 2024', 'Mar 7 2025'], [0, 1, 92]],
    ['of a month alone', ['March 2024', 'April 2024', 'May 2024'], [0, 31, 61]],
    ['behind such a day of the week', ['mar. 5 mars 2024', 'mer. 6 mars 2024', 'jeu. 7 mars 2024'], [0, 1, 2]],
    ['in digits with a time', ['20240105T103000Z', '20240106T1030Z', '20240107T103000Z'], [0, 1, 2]],
    ['of a web server', ['[10/Oct/2000:13:55:36 -0700]', '[11/Oct/2000:13:55:36 -0700]'], [0, 1]],
    ['with a short year first', ['24-01-31', '24-02-01', '23-12-31'], [31, 32, 0]],
    ['the same between slashes', ['24/01/31', '24/02/01', '23/12/31'], [31, 32, 0]],
    ['with a year that is no day', ['99-12-31', '99-12-30', '99-1-5'], [360, 359, 0]],
    ['with a short year last', ['31/01/24', '01/02/24', '31/12/23'], [31, 32, 0]],
    ['the same between hyphens', ['31-01-24', '01-02-24', '31-12-23'], [31, 32, 0]],
    ['in halves of the day', ['2024-01-05 上午8:00', '2024-01-06 上午8:00', '2024-01-06 下午8:00'], [0, 1, 1.5]]
  ])('%s', (_name, cells, days) => {
    expect(read(cells)).toEqual(rounded(days.map((d) => d * DAY)))
    expect(codes(table(cells))).toContain('dates')
  })
  it('or refused where the year may be first or last, until one is chosen', () => {
    const cells = ['20-01-20', '20-01-21', '21-01-20']
    expect(outcome(table(cells)).problems[0]).toMatchObject({
      path: 'data.dataset.dates',
      message: { en: expect.stringMatching(/the day or the year first/) }
    })
    expect(read(cells, { dates: 'yearFirst' })).toEqual(rounded([0, DAY, 366 * DAY]))
    expect(read(cells, { dates: 'dayFirst' })).toEqual(rounded([0, 366 * DAY, DAY]))
  })
  it('and keeps microseconds', () =>
    expect(read(['2024-01-31 10:00:00.123456', '2024-01-31 10:00:00.123457'])[1]).toBeCloseTo(1e-6, 12))
})

describe('a time of day is read', () => {
  it.each<[string, string[], number[]]>([
    ['in halves of the day', ['上午8:30', '下午3:15', '凌晨12:05'], [8.5, 15.25, 5 / 60]],
    ['by the hour', ['8点半', '15点', '23点15分'], [8.5, 15, 23.25]]
  ])('%s', (_name, cells, hours) => {
    expect(read(cells)).toEqual(rounded(hours.map((h) => h * 3600)))
    expect(codes(table(cells))).toContain('clocks')
  })
  it('in digits alone, past midnight', () => {
    const found = outcome('time,v\n2200,1\n2300,2\n0000,3\n0100,4\n', { lines: 'windows', length: 2, target: 'v' })
    expect([...found.data!.x]).toEqual([1, 2, 2, 3])
    expect(found.remarks.map((r) => r.code)).toContain('pastMidnight')
  })
})

describe('what stands around a table', () => {
  it.each([
    ['a longer word for total', 'a;b;y\nx;2;3\nz;3;4,5\nx;4;7\nGesamtergebnis;9;14,5\n'],
    ['a total of an unknown name', 'a,b,y\nx,"1,000",3\nz,"2,000",4.5\nx,"4,000",7\nAll stores,"7,000",14.5\n']
  ])('is left out: %s', (_name, text) => {
    const found = outcome(text)
    expect(found.data!.count).toBe(3)
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'totalLines', line: 5 }))
  })
  it('is not the last row of a table, though it is the sum of a column', () =>
    expect(outcome('a,b,y\nx,1,3\nz,0,4.5\nx,0,7\nw,1,9\n').data!.count).toBe(4))
  it('is refused where it may be the names: decimal commas in a file that commas separate', () => {
    expect(outcome('a,y\n1,5,2,5\n2,5,3,5\n').problems[0]!.message.en).toBe(
      'line 1 has 2 fields, all others 4: a title, a comment, or a missing name?'
    )
    expect(outcome('a,y\n1,5,2,5\n2,5,3,6\n', { header: 'no' }).data!.count).toBe(2)
  })
})

describe('a class that lies far from all others', () => {
  const classes = (labels: readonly number[]): string =>
    ['x,label', ...Array.from({ length: 30 }, (_, i) => `${i * 1.5},${labels[i % labels.length]}`)].join('\n') + '\n'
  const told = (labels: readonly number[]): [string | undefined, number | undefined, number | undefined][] =>
    outcome(classes(labels), {}, 'classification')
      .remarks.filter((r) => r.code === 'classApart')
      .map((r) => [r.column, r.line, r.count])
  it.each<[string, number[], number]>([
    ['behind them', [0, 1, 2, 0, 1, 255], 7],
    ['below 0', [0, 1, -1, 2, 0, 1], 4],
    ['behind two', [1, 2, 1, 2, 99, 1], 6]
  ])('is said, with its first line: %s', (_name, labels, line) => {
    expect(told(labels)).toEqual([['label', line, 5]])
  })
  it.each<[string, number[]]>([
    ['grades', [1, 2, 3, 4, 5, 6]],
    ['three answers', [-1, 0, 1]],
    ['codes with gaps', [10, 20, 30]],
    ['two classes', [0, 255]]
  ])('is none among %s', (_name, labels) => expect(told(labels)).toEqual([]))
})

describe('values far from all others', () => {
  const rows = (far: Record<number, string>, n = 60): string =>
    `a,t\n${Array.from({ length: n }, (_, i) => `${(i % 7) + 1}.5,${far[i] ?? `${(i % 11) + 20}.25`}`).join('\n')}\n`
  it('are a remark with column, lines and range, the target’s as such', () => {
    const { remarks } = outcome(rows({ 9: '21250', 30: '27250' }))
    const told = remarks.find((r) => r.code === 'valuesFar')!
    expect(told).toMatchObject({ column: 't', line: 11, count: 2 })
    expect(told.message.en).toContain('the target "t": 2 of 60 values lie far from all others (lines 11, 32: 21250')
    expect(told.message.en).toContain('the others 20.25 … 30.25')
  })
  it('are none where there is no such value', () => expect(codes(rows({}))).not.toContain('valuesFar'))
})
