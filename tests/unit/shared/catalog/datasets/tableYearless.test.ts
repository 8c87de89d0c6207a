// Days that are written without their year: read as those of one, in the order of time; or refused.
// cspell:ignore Januar Februar
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded } from './outcome'

const DAY = 86_400
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** A table of 24 lines; v counts them. */
const table = (name: string, cell: (i: number) => string, d = ';'): string =>
  `${name}${d}v\n` + Array.from({ length: 24 }, (_, i) => `${cell(i)}${d}${i + 0.5}\n`).join('')
const read = (name: string, cell: (i: number) => string): number[] => columns(outcome(table(name, cell)))[name]!
/** The values of the series in the order of time. */
const series = (name: string, cell: (i: number) => string): number[] => {
  const { data, problems } = outcome(table(name, cell), { lines: 'windows', length: 1, target: 'v', time: name })
  expect(problems).toEqual([])
  return [...data!.x]
}
const inOrder = Array.from({ length: 23 }, (_, i) => i + 0.5)
/** Twelve days from the tenth of January, and of February. */
const day = (i: number): number => 10 + (i % 12)
const month = (i: number): number => (i < 12 ? 1 : 2)
const DAYS = Array.from({ length: 24 }, (_, i) => ((i % 12) + (i < 12 ? 0 : 31)) * DAY)

describe('days without a year', () => {
  it.each<[string, string, (i: number) => string]>([
    ['a month before them', 'date', (i) => `${MONTHS[month(i) - 1]} ${day(i)}`],
    ['a month behind them', 'a', (i) => `${day(i)} ${MONTHS[month(i) - 1]}`],
    ['a month behind a hyphen', 'a', (i) => `${day(i)}-${MONTHS[month(i) - 1]}`],
    ['a month in German', 'a', (i) => `${day(i)}. ${['Januar', 'Februar'][month(i) - 1]}`],
    ['points', 'a', (i) => `${day(i)}.0${month(i)}.`],
    ['a point, in a column of dates', 'Datum', (i) => `${day(i)}.0${month(i)}`],
    ['Chinese signs', '日期', (i) => `${month(i)}月${day(i)}日`]
  ])('are those of one year: %s', (_name, column, cell) => {
    expect(read(column, cell)).toEqual(rounded(DAYS))
    expect(series(column, cell)).toEqual(inOrder)
  })
  it('are told as such', () => {
    const { remarks } = outcome(table('date', (i) => `Jan ${i + 1}`))
    expect(remarks.find((r) => r.code === 'dates')).toMatchObject({ column: 'date', count: 24 })
    expect(remarks.find((r) => r.code === 'dates')!.message.en).toMatch(/Jan 2 was read as 86400 .* no year is written/)
  })
  it('go on from December to January', () => {
    const cell = (i: number): string => `${20 + (i % 12)}-${i < 12 ? 'Dec' : 'Jan'}`
    expect(series('date', cell)).toEqual(inOrder)
  })
  it('have times of day behind them', () =>
    expect(read('time', (i) => `Feb ${i < 8 ? ' ' : ''}${i + 2} 12:00:0${i % 2}`)).toEqual(
      rounded(Array.from({ length: 24 }, (_, i) => i * DAY + (i % 2)))
    ))
  it('may be the 29th of February', () =>
    expect(read('date', (i) => `Feb ${i + 6}`)).toEqual(rounded(Array.from({ length: 24 }, (_, i) => i * DAY))))
})
describe('a month with two digits', () => {
  it.each<[string, (i: number) => string]>([
    ['that rise from year to year', (i) => `${MONTHS[i % 12]} ${23 + Math.floor(i / 12)}`],
    ['behind a hyphen, as spreadsheets write months', (i) => `${MONTHS[(i * 5) % 12]}-${23 + Math.floor(i / 12)}`],
    ['that are no days', (i) => `${MONTHS[(i * 5) % 12]} ${98 + Math.floor(i / 12)}`]
  ])('is one of a year: %s', (_name, cell) => {
    const { remarks } = outcome(table('date', cell))
    expect(remarks.find((r) => r.code === 'dates')!.message.en).toContain('years of two digits')
  })
  it('is refused where the order of the lines does not tell', () =>
    expect(
      outcome(table('date', (i) => `${MONTHS[(i * 5) % 12]} ${23 + Math.floor(i / 12)}`)).problems[0]
    ).toMatchObject({
      path: 'data.dataset.features',
      message: { en: expect.stringContaining('may be a day without its year') }
    }))
})
it.each<[string, (i: number) => string]>([
  ['3/1', (i) => `3/${i + 1}`],
  ['10/01', (i) => `${day(i)}/0${month(i)}`],
  ['01-10', (i) => `0${month(i)}-${day(i)}`]
])('two numbers of a date are refused: %s', (first, cell) => {
  const [problem] = outcome(table('date', cell)).problems
  expect(problem!.message.en).toContain(`${first} has two of day, month and year`)
})
it('numbers with two decimals stay numbers in other columns, and other numbers in those of dates', () => {
  expect(read('price', (i) => `${day(i)}.0${month(i)}`)[1]).toBeCloseTo(11.01, 5)
  expect(read('date', (i) => `${2000 + i}.25`)[1]).toBe(2001.25)
})
