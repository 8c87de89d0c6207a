/** Numbers in several parts, in signs, or with something behind them: read with a remark, or left as words. */
// cspell:ignore Jahr Jahre Monat Monate
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const codes = (cells: readonly string[]): string[] => outcome(table(cells)).remarks.map((r) => r.code)
const read = (cells: readonly string[], more: object = {}): number[] => columns(outcome(table(cells), more))['a']!

describe('numbers of several parts or signs are read', () => {
  it.each<[string, string[], number[]]>([
    ['stars', ['★★★', '★', '★★★★★'], [3, 1, 5]],
    ['stars and their lack', ['★★★☆☆', '★★½☆☆', '☆☆☆☆☆'], [3, 2.5, 0]],
    ['stars of a telephone', ['⭐️⭐️', '⭐️', '⭐️⭐️⭐️'], [2, 1, 3]],
    ['prices', ['$$', '$', '$$$$'], [2, 1, 4]],
    ['pluses', ['+', '+++', '++'], [1, 3, 2]],
    ['numbers of Rome', ['II', 'IV', 'IX', 'XXXIX'], [2, 4, 9, 39]],
    ['the same in small letters', ['i', 'iii', 'vi'], [1, 3, 6]],
    ['the same in one character', ['Ⅰ', 'Ⅲ', 'Ⅻ'], [1, 3, 12]],
    ['numerals in circles', ['①', '⑫', '③'], [1, 12, 3]],
    ['degrees and minutes', ["52°30'N", "48°15'N", "40°45'S"], [52.5, 48.25, -40.75]],
    ['degrees to the second', ['48°30′36″ W', '2°15′0″ E', '0°0′36″ W'], [-48.51, 2.25, -0.01]],
    ['half of the globe first', ['N48.5', 'S33.25', 'N1'], [48.5, -33.25, 1]],
    ['feet and inches', ['5\'11"', '6\'0"', '5\'7"'], [71, 72, 67]],
    ['the same in words', ['5 ft 11 in', '6 ft', '5 ft 7 in'], [71, 72, 67]],
    ['minutes and seconds', ['1\'30"', '2\'05"'], [90, 125]],
    ['pounds and ounces', ['7 lb 4 oz', '8 lbs 1 oz'], [116, 129]],
    ['years and months', ['2 years 3 months', '1 year', '5 months'], [27, 12, 5]],
    ['the same in German', ['2 Jahre 3 Monate', '1 Jahr 1 Monat'].slice(0, 1).concat('5 Jahre 1 Monate'), [27, 61]],
    ['the same of ISO 8601', ['P1Y', 'P2Y6M', 'P1M'], [12, 30, 1]],
    ['eighths', ['1⅛', '2⅜', '⅞'], [1.125, 2.375, 0.875]],
    ['a fraction behind a hyphen', ['1-1/2', '2-3/4'], [1.5, 2.75]],
    ['powers of ten', ['10^3', '10^-2', '10^4'], [1000, 0.01, 10_000]],
    ['a power behind a decimal point', ['1.500D+03', '2.500D-02'], [1500, 0.025]],
    ['millions of a currency', ['$1.5bn', '$300m', '$20k'], [1.5e9, 3e8, 2e4]],
    ['binary numbers', ['0b101', '0b11'], [5, 3]],
    ['places', ['第1名', '第12名'], [1, 12]],
    ['arrows', ['↑5', '↓3.5'], [5, -3.5]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(rounded(numbers))
    expect(codes(cells)).toEqual(['numbersDressed'])
  })
  it('also powers of ten behind a decimal comma', () =>
    expect(read(['1,500E+03', '2,500E-02'])).toEqual(rounded([1500, 0.025])))
  it('also spans of time below a second', () => expect(read(['500 ms', '2 s', '1 min'])).toEqual(rounded([0.5, 2, 60])))
  it('and dates with a region behind their offset', () =>
    expect(read(['2024-01-01T10:00:00+01:00[Europe/Berlin]', '2024-01-02T10:00:00+01:00[Europe/Berlin]'])).toEqual([
      0, 86_400
    ]))
  it('and a cell of another kind is named', () =>
    expect(outcome(table(["52°30'N", "48°15'N", 'north'])).problems[1]!.message.en).toMatch(/^line 4, column "a"/))
})

describe('what stands behind a number is left out', () => {
  it.each<[string, string[], number[]]>([
    ['how exact it is', ['5.1 ± 0.2', '6.2 ± 0.1', '7'], [5.1, 6.2, 7]],
    ['the same with commas and a unit', ['5,1 ± 0,2 kg', '6,25±0,1 kg'], [5.1, 6.25]],
    ['the same in brackets', ['(5.1 ± 0.2)', '(6.2 +/- 0.1)'], [5.1, 6.2]],
    ['digits of doubt', ['5.12(3)', '-6.21(12)'], [5.12, -6.21]],
    ['a share', ['12 (34%)', '1,234 (5 %)'], [12, 1234]],
    ['where it lies', ['1.2 [1.0, 1.4]', '1.3 (1.1–1.5)'], [1.2, 1.3]],
    ['a word', ['12 (est.)', '13', '14'], [12, 13, 14]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(rounded(numbers))
    const found = outcome(table(cells)).remarks.find((r) => r.code === 'numbersDressed')
    expect(found?.message.en).toMatch(/what stands behind it left out/)
  })
  it('but a unit in brackets stays one', () =>
    expect(outcome(table(['5 (kg)', '6 (lb)'])).problems[0]!.message.en).toMatch(/several units \(kg, lb\)/))
})

describe('words that look like such numbers stay words', () => {
  it.each<[string, string[]]>([
    ['sizes', ['M', 'L', 'XL', 'M']],
    ['states', ['MD', 'DC', 'MD']],
    ['letters', ['C', 'D', 'I']],
    ['dashes', ['-', '--', '-']]
  ])('%s', (_name, cells) =>
    expect(outcome(table(cells), { marks: 'NA' }).data!.featureNames).toEqual(
      [...new Set(cells)].sort().map((c) => `a=${c}`)
    )
  )
  it('and Roman numbers of a target are classes', () =>
    expect(outcome('a,k\n1,I\n2,II\n3,III\n4,II\n', {}, 'classification').data!.classes).toEqual(['I', 'II', 'III']))
})

describe('digits that are names by what their column is called', () => {
  it.each(['zip', 'Postal_Code', 'phone', 'home phone', 'PLZ', '邮编'])('%s', (name) =>
    expect(outcome(table(['10001', '94105', '60601'], name)).remarks).toContainEqual(
      expect.objectContaining({ code: 'codesAsNumbers', column: name })
    )
  )
  it.each(['capacity', 'telemetry', 'a'])('but not %s', (name) =>
    expect(outcome(table(['10001', '94105', '60601'], name)).remarks).toEqual([])
  )
})
