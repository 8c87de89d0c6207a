// Numbers with letters before them, and units that are written in several ways.
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const read = (cells: readonly string[], name = 'a'): number[] => columns(outcome(table(cells, name)))[name]!

describe('a number is read', () => {
  it.each<[string, string[], number[]]>([
    ['years of accounts', ['FY23/24', 'FY24/25', 'FY98/99'], [2023, 2024, 1998]],
    ['a sign in words', ['minus 5', 'plus 3', '4'], [-5, 3, 4]],
    ['degrees below zero in Chinese', ['零下5℃', '3℃', '零下2℃'], [-5, 3, -2]],
    ['minutes of degrees without their sign', ['N 48° 30.600', 'S 47° 15.000'], [48.51, -47.25]],
    ['thousands of millions', ['1.5G', '300M', '20K'], [1.5e9, 3e8, 2e4]],
    ['one currency in three spellings', ['€5', '6 EUR', '7 €', '8 Euro'], [5, 6, 7, 8]],
    ['dollars', ['$5', 'USD 6', 'US$ 7'], [5, 6, 7]],
    ['rupees', ['₹1,23,456', 'Rs. 500', '98,765 INR'], [123_456, 500, 98_765]]
  ])('%s', (_name, cells, numbers) => expect(read(cells)).toEqual(rounded(numbers)))
  it('in degrees, minutes and seconds with blanks between them', () => {
    const [north, south] = read(['N48 30 36', 'S47 15 00'], 'lat')
    expect(north).toBeCloseTo(48.51, 5)
    expect(south).toBe(-47.25)
  })
})
it('two currencies are refused', () =>
  expect(outcome(table(['USD 5', 'EUR 6'])).problems[0]!.message.en).toContain('several units (USD, EUR)'))
it('binary numbers are not told as hexadecimal alone', () => {
  const [told] = outcome(table(['0b101', '0b110'])).remarks.filter((r) => r.code === 'numbersDressed')
  expect(told!.message.en).toContain('0b101 was read as 5 (hexadecimal, binary or octal)')
})
it('numbers behind the same letters are told as words', () =>
  expect(outcome(table(['S12.5', 'S13.25', 'S9.0'])).remarks.map((r) => r.code)).toContain('wordsWithNumbers'))
it('numbers with a flag are no marks of missing values', () => {
  const { problems } = outcome(table(['5.5p', '6.1', '7.2e', '6.1', '7.2e']))
  expect(problems.map((p) => p.path)).not.toContain('data.dataset.marks')
})
