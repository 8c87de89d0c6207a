/** Spans of dates and of times of day, clocks that are put back and forward, and time zones. */
// cspell:ignore Uhrzeit
import { describe, expect, it } from 'vitest'
import { columns, outcome, table } from './outcome'

const DAY = 86_400
const read = (cells: readonly string[]): number[] => columns(outcome(table(cells)))['a']!
const refusal = (cells: readonly string[]): string => outcome(table(cells)).problems[0]!.message.en

describe('spans of time are read as their middle', () => {
  it.each<[string, string[], number[]]>([
    ['of dates', ['01.02.2024–03.02.2024', '05.02.2024–09.02.2024'], [DAY, 6 * DAY]],
    ['of ISO dates', ['2024-02-01 - 2024-02-03', '2024-02-05 - 2024-02-07'], [DAY, 5 * DAY]],
    ['as ISO 8601 has them', ['2024-02-01/2024-02-03', '2024-02-05/2024-02-07'], [DAY, 5 * DAY]],
    ['in words', ['2024-02-01 to 2024-02-03', '2024-02-05 to 2024-02-07'], [DAY, 5 * DAY]],
    ['of which the first end is short', ['01.-03.02.2024', '30.01.-03.02.2024'], [3 * DAY, 2 * DAY]],
    ['with a date among them', ['2024-02-01/2024-02-03', '2024-02-05'], [DAY, 4 * DAY]],
    ['of times of day', ['08:00-09:30', '09:30-11:00'], [31_500, 36_900]],
    ['past midnight', ['22:00–01:00', '20:00–22:00'], [84_600, 75_600]],
    ['in halves of a day', ['8am-5pm', '10-11:30 am'], [45_000, 38_700]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(numbers)
    expect(outcome(table(cells)).remarks[0]!.message.en).toContain('the middle of each span')
  })
  it('and keep the order of the day in doubt', () =>
    expect(refusal(['01/02/2024 - 03/02/2024', '04/02/2024 - 05/02/2024'])).toMatch(/the day or the month first/))
  it('and name one that ends before it begins', () =>
    expect(outcome(table(['2024-02-03/2024-02-01', '2024-02-05/2024-02-07'])).problems[1]!.message.en).toMatch(
      /^line 2, column "a": "2024-02-03\/2024-02-01" is not a span of this column/
    ))
  it('but classes keep their words', () =>
    expect(
      outcome('a,y\n1,08:00-09:30\n2,09:30-11:00\n3,08:00-09:30\n4,09:30-11:00\n', {}, 'classification').data!.classes
    ).toEqual(['08:00-09:30', '09:30-11:00']))
  it('and times of day with a zone are none', () =>
    expect(outcome(table(['08:30:00-05:00', '09:30:00-05:00'])).remarks[0]!.code).toBe('wordsWithNumbers'))
})

describe('pairs of long numbers', () => {
  it('are ids where nothing says that they are ranges', () => {
    for (const cells of [
      ['12345-67890', '12345-67891', '23456-78901'],
      ['1234-67891', '12345-67890', '23456-78901']
    ])
      expect(outcome(table(cells)).remarks[0]!.code).toBe('wordsWithNumbers')
  })
  it('are ranges where they are cut at round numbers, go on, are years, or ascend too often for chance', () => {
    for (const cells of [
      ['10000-19999', '20000-29999', '30000-49999'],
      ['12345-23456', '23456-34567', '34567-45678'],
      ['2010-2014', '2013-2018', '1997-2003'],
      Array.from({ length: 12 }, (_, i) => `${12_345 + i * 777}-${67_890 + i * 321}`)
    ])
      expect(outcome(table(cells)).remarks[0]!.message.en).toContain('the middle of')
  })
})

describe('times of day with points', () => {
  const order = (name: string, cells: readonly string[]): { y: number[]; codes: string[] } => {
    const text = `${name};v\n${cells.map((c, i) => `${c};${i}`).join('\n')}\n`
    const read = outcome(text, { lines: 'windows', length: 2, target: 'v' }, 'regression')
    return { y: [...read.data!.y], codes: read.remarks.map((r) => r.code) }
  }
  it('are told by their names and zeros', () => {
    expect(columns(outcome(table(['8.05', '9.30', '13.15'], 'Uhrzeit')))['Uhrzeit']).toEqual([29_100, 34_200, 47_700])
    expect(columns(outcome(table(['08.05', '09.30', '13.15'], 'time')))['time']).toEqual([29_100, 34_200, 47_700])
  })
  it('and are numbers where neither tells, the point was chosen, or one is no time', () => {
    expect(columns(outcome(table(['8.25', '9.50', '13.25'], 'time')))['time']).toEqual([8.25, 9.5, 13.25])
    expect(columns(outcome(table(['08.25', '09.50'], 'time'), { decimal: '.' }))['time']).toEqual([8.25, 9.5])
    expect(columns(outcome(table(['08.25', '09.75'], 'time')))['time']).toEqual([8.25, 9.75])
  })
  it('keep the order of the file past midnight', () => {
    for (const cells of [
      ['22.00', '23.00', '00.00', '01.00', '02.00'],
      ['22.30', '23.30', '0.30', '1.30', '2.30']
    ])
      expect(order('zeit', cells)).toEqual({ y: [2, 3, 4], codes: expect.arrayContaining(['pastMidnight']) })
    // Nothing falls from the evening to the morning.
    expect(order('time', ['2.50', '1.50', '4.50', '3.50', '5.50']).y).toEqual([3, 2, 4])
  })
})

/** Local times of a place from an hour on. @param at hours since 1970 at which its clocks change @param by hours */
const clocks = (from: number, at: number, by: [number, number], n: number, minutes = 60): string[] =>
  Array.from({ length: n }, (_, i) => {
    const utc = from + (i * minutes) / 60
    return new Date((utc + by[utc < at ? 0 : 1]) * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
  })
const autumn = Date.UTC(2024, 9, 27, 1) / 3_600_000
const spring = Date.UTC(2024, 2, 31, 1) / 3_600_000
const windows = { lines: 'windows', length: 2, target: 'v' }
const series = (cells: readonly string[], name = 'time'): string =>
  `${name},v\n${cells.map((c, i) => `${c},${i * 1.5}`).join('\n')}\n`
const values = (text: string): number[] =>
  [...outcome(text, windows).data!.x].filter((_, i) => i % 2 === 0).map((v) => v / 1.5)
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

describe('clocks that are put back and forward', () => {
  it.each<[string, string[], number]>([
    ['an hour that comes twice', clocks(autumn - 6, autumn, [2, 1], 20), 8],
    ['the same in quarters of an hour', clocks(autumn - 3, autumn, [2, 1], 40, 15), 14],
    ['an hour that is skipped', clocks(spring - 6, spring, [1, 2], 20), 8]
  ])('leave the lines in order: %s', (_name, cells, line) => {
    const { remarks } = outcome(series(cells), windows)
    expect(remarks).toContainEqual(expect.objectContaining({ code: 'clocksChanged', line, count: 1 }))
    expect(remarks.map((r) => r.code)).not.toContain('timeGaps')
    expect(values(series(cells))).toEqual(upTo(cells.length - 2))
  })
  it('also in a file that has the newest line first', () => {
    const cells = clocks(autumn - 6, autumn, [2, 1], 20).reverse()
    expect(values(series(cells))).toEqual(upTo(20).reverse().slice(0, 18))
  })
  it('also where date and time stand apart', () => {
    const cells = clocks(autumn - 6, autumn, [2, 1], 20).map((c) => c.replace(' ', ','))
    expect(values(series(cells, 'date,time'))).toEqual(upTo(18))
  })
  it('but the same time twice at another hour is refused', () => {
    const cells = clocks(autumn - 12, autumn - 6, [2, 1], 20)
    expect(outcome(series(cells), windows).problems.at(-1)!.message.en).toMatch(/are both of time/)
  })
  it('and lines that were sorted by the clock are, with what to do', () =>
    expect(outcome(series(clocks(autumn - 3, autumn, [2, 1], 40, 15).sort()), windows).problems[0]!.message.en).toMatch(
      /write the times with their zone/
    ))
})

describe('time zones in one column', () => {
  it('become one, with a remark', () => {
    const cells = ['2024-10-27T02:30:00+02:00', '2024-10-27T02:30:00+01:00', '2024-10-27T03:30:00+01:00']
    expect(read(cells)).toEqual([0, 3600, 7200])
    expect(outcome(table(cells)).remarks[0]!.message.en).toContain('such as +02:00 and +01:00, all made those of UTC')
  })
  it('are refused where some times have none', () =>
    expect(refusal(['2024-10-27T02:30:00Z', '2024-10-27 02:30:00'])).toMatch(
      /2024-10-27T02:30:00Z has a time zone \(UTC\) and 2024-10-27 02:30:00 has none/
    ))
  it('may be missing beside dates without a time', () =>
    expect(read(['2024-10-27T00:00Z', '2024-10-28'])).toEqual([0, DAY]))
})

describe('a time as other programs write it is read', () => {
  it.each<[string, string[], number[]]>([
    ['of Java, with its zone', ['Fri Jan 05 10:00:00 CET 2024', 'Sat Jan 06 10:00:00 CET 2024'], [0, DAY]],
    ['with its region', ['2024-01-05 10:00:00 America/New_York', '2024-01-06 10:00:00 America/New_York'], [0, DAY]],
    ['of Oracle', ['05-JAN-24 10.00.00.000000 AM', '06-JAN-24 10.00.00.000000 PM'], [0, 1.5 * DAY]],
    ['by week and short year', ['W10/24', 'W11/24'], [0, 7 * DAY]],
    ['in French, beside hours alone', ['9h30', '15h45', '12h'], [34_200, 56_700, 43_200]],
    ['in German, as it is said', ['9 Uhr', '15 Uhr 30'], [32_400, 55_800]],
    ['in German, with a point', ['8.05 Uhr', '9.30 Uhr', '13.15.30 Uhr'], [29_100, 34_200, 47_730]],
    ['in Swedish, Danish and Finnish', ['kl. 8.05', 'kl 13:15', 'klo 9.30'], [29_100, 47_700, 34_200]],
    ['as offsets of UTC', ['-01:30', '+02:00', '00:15'], [-5400, 7200, 900]],
    ['in minutes and seconds', ["1'30", "2'45"], [90, 165]]
  ])('%s', (_name, cells, seconds) => expect(read(cells)).toEqual(seconds))
  it('without a word of short years where they have four digits', () =>
    expect(
      outcome(table(['Fri Jan 05 10:00:00 CET 2024', 'Sat Jan 06 10:00:00 CET 2024'])).remarks[0]!.message.en
    ).not.toMatch(/two digits/))
  it('but regions that differ are refused', () =>
    expect(refusal(['2024-01-05 10:00:00 America/New_York', '2024-01-06 10:00:00 Europe/Berlin'])).toMatch(
      /America\/New_York is the name of several time zones/
    ))
})
