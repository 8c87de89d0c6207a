// Which columns of a table of steps tell the time: by their names, or because no other holds dates.
// cspell:ignore Messtag Zeitstempel
import { describe, expect, it } from 'vitest'
import { outcome } from './outcome'

const two = (n: number): string => String(n).padStart(2, '0')
/** A series of 24 lines, whose value counts them; and its values in the order that they are read in. */
const table = (names: string, times: (i: number) => string): string =>
  `${names};v\n` + Array.from({ length: 24 }, (_, i) => `${times(i)};${i + 0.5}\n`).join('')
const windows = { lines: 'windows', length: 1, target: 'v' }
const sorted = Array.from({ length: 23 }, (_, i) => i + 0.5)
/** Another day in each line, not in their order. */
const shuffled = (i: number): number => 1 + ((i * 7) % 24)

describe('the time', () => {
  it.each(['', 'when', 'Messtag'])('is the only column of dates where none has its name: "%s"', (name) => {
    const { data, remarks } = outcome(
      table(name, (i) => `2024-01-${two(shuffled(i))}`),
      windows
    )
    const order = Array.from({ length: 24 }, (_, i) => i).sort((a, b) => shuffled(a) - shuffled(b))
    expect([...data!.x]).toEqual(order.slice(0, 23).map((i) => i + 0.5))
    expect(remarks.find((r) => r.code === 'timeGuessed')).toMatchObject({
      column: name || 'column1',
      message: { en: expect.stringContaining('the only column of dates') }
    })
  })
  it('is no column of two, and none that is chosen as an input', () => {
    const span = table('begin;finish', (i) => `2024-01-${two(i + 1)};2024-02-${two(i + 1)}`)
    const chosen = table('when;b', (i) => `2024-01-${two(i + 1)};${i}`)
    for (const [text, more] of [
      [span, windows],
      [chosen, { ...windows, features: ['when', 'b'] }]
    ] as const)
      expect(outcome(text, more).remarks.map((r) => r.code)).toContain('fileOrder')
  })
  it('is not made of what has the unit of something else behind it', () => {
    const { data } = outcome(
      table('hour;min (°C)', (i) => `${i};${50 - i}`),
      windows
    )
    expect(data!.featureNames).toEqual(['min (°C)', 'v'])
    expect([...data!.x.filter((_, i) => i % 2)]).toEqual(sorted)
  })
  it.each([
    'Timestamp (UTC)',
    'Date (MM/DD/YYYY)',
    'Time [s]',
    'time_ms',
    'timestamp_utc',
    'valid_time',
    'Zeitstempel',
    '时间戳'
  ])('has its name beside a unit or a zone: %s', (name) => {
    const { data, remarks } = outcome(
      table(name, (i) => String(shuffled(i) - 1)),
      windows
    )
    expect(remarks.map((r) => r.code)).toContain('timeGuessed')
    expect(data!.x[0]).toBe(0.5)
    expect(data!.x[1]).not.toBe(1.5)
  })
  it.each<[string, string, (i: number) => string]>([
    ['a year and its day', 'year;doy', (i) => (i < 12 ? `2023;${354 + i}` : `2024;${i - 11}`)],
    ['a year, its day and the hour', 'YEAR;DOY;HR', (i) => `2024;${300 + (i >> 3)};${i % 8}`],
    ['short names', 'YEAR;MO;DY;HR', (i) => `2024;1;${1 + (i >> 3)};${i % 8}`],
    ['a week of a year as ISO counts them', 'iso_year;iso_week', (i) => `2024;${1 + i}`]
  ])('stands in several columns: %s', (_name, names, times) => {
    const { data, problems } = outcome(table(names, times), windows)
    expect(problems).toEqual([])
    expect(data!.featureNames).toEqual(['v'])
    expect([...data!.x]).toEqual(sorted)
  })
  it('goes on from the last day of a year to the first', () => {
    const { data } = outcome(
      table('doy', (i) => String(((i + 353) % 365) + 1)),
      windows
    )
    expect([...data!.x]).toEqual(sorted)
  })
})
describe('lines that do not stand in the order of their times', () => {
  const told = (times: (i: number) => string): unknown =>
    outcome(table('date', times), windows).remarks.find((r) => r.code === 'timesSorted')
  it('are told, as of dates that are written in two ways', () => {
    const halves = (i: number): string => (i < 12 ? `${two(i + 1)}/01/2024` : `01/${two(i + 1)}/2024`)
    expect(told(halves)).toMatchObject({ column: 'date', line: 14, count: 1 })
    const backwards = (i: number): string => `2024-01-${two(i === 20 ? 28 : 24 - i)}`
    expect(told(backwards)).toMatchObject({ line: 22, count: 1 })
  })
  it.each<[string, (i: number) => string]>([
    ['rise', (i) => `2024-01-${two(i + 1)}`],
    ['fall', (i) => `2024-01-${two(24 - i)}`]
  ])('are not where these only %s', (_name, times) => expect(told(times)).toBeUndefined())
})
it('halves of a year as statistical offices write them are times', () =>
  expect([
    ...outcome(
      table('period', (i) => `${2000 + (i >> 1)}-S${1 + (i % 2)}`),
      windows
    ).data!.x
  ]).toEqual(sorted))
describe('numbers that a spreadsheet cut short', () => {
  const lines = (cell: (i: number) => string, names = 'device,time,v,y'): string =>
    `${names}\n` + Array.from({ length: 24 }, (_, i) => `${cell(i)},${i},${i * 1.5},${i % 2}\n`).join('')
  const short = (i: number): string => ['4.91E+12', '4.92E+12'][i % 2]!
  it('are refused as what tells sequences apart, and as equal times', () => {
    const steps = outcome(lines(short), { lines: 'steps', series: 'device', target: 'y' })
    expect(steps.problems[0]).toMatchObject({ path: 'data.dataset.series' })
    expect(steps.problems[0]!.message.en).toContain('4.91E+12 a spreadsheet has kept the first digits only')
    const times = outcome(
      table('time', () => '1.7E+12'),
      windows
    )
    expect(times.problems[0]).toMatchObject({ path: 'data.dataset.time' })
    expect(times.problems[0]!.message.en).toContain('1.7E+12 a spreadsheet has kept the first digits only')
  })
  it('are told of ids, and not of amounts', () => {
    const told = (name: string): string[] =>
      outcome(lines(short, `${name},time,v,y`))
        .remarks.filter((r) => r.code === 'integersRounded')
        .map((r) => r.message.en)
    expect(told('device_id')[0]).toContain('kept the first digits only')
    expect(told('mass')[0]).not.toContain('kept the first digits only')
  })
})
