// cspell:ignore EGFR BRCA
/** Cells that programs wrapped, spoilt or dressed in ways of their own, and lines that they put below the names. */
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const codes = (text: string): string[] => outcome(text).remarks.map((r) => r.code)
const read = (cells: readonly string[], name = 'a'): number[] => columns(outcome(table(cells, name)))[name]!
const again = (cells: readonly string[], n = 24): string[] =>
  Array.from({ length: n }, (_, i) => cells[i % cells.length]!)

describe('the text of a value of a program is read as the value', () => {
  it.each<[string, string[], number[]]>([
    ['a scalar of NumPy', ['np.float64(0.5)', 'np.int64(7)'], [0.5, 7]],
    ['a tensor', ['tensor(0.5)', "tensor(0.75, device='cuda:0')"], [0.5, 0.75]],
    ['a tensor that learns', ['tensor([0.5], grad_fn=<AddBackward0>)', 'tensor(2)'], [0.5, 2]],
    ['a decimal', ["Decimal('1.5')", "Decimal('2.25')"], [1.5, 2.25]],
    ['bytes', ["b'1.5'", "b'2'"], [1.5, 2]]
  ])('%s', (_name, cells, numbers) => {
    expect(read(cells)).toEqual(numbers)
    expect(codes(table(cells))).toContain('numbersDressed')
  })
  it('yes and no in bytes, and of NumPy', () => {
    expect(read(["b'yes'", "b'no'", "b'no'"])).toEqual([1, 0, 0])
    expect(read(['np.bool_(True)', 'np.bool_(False)'])).toEqual([1, 0])
  })
  it.each<[string, string[], number[]]>([
    ['of .NET', ['/Date(1234567890000)/', '/Date(1234567950000+0100)/'], [0, 60]],
    ['of .NET in JSON', ['\\/Date(1234567890000)\\/', '\\/Date(1234567950000)\\/'], [0, 60]],
    ['of JavaScript', ['new Date(1234567890000)', 'new Date(1234567890500)'], [0, 0.5]],
    ['of pandas', ["Timestamp('2024-01-05 10:00:00')", "Timestamp('2024-01-05 10:01:00')"], [0, 60]],
    ['of MongoDB', ['ISODate("2024-01-05T10:00:00Z")', 'ISODate("2024-01-05T10:01:00Z")'], [0, 60]],
    ['of Python', ['datetime.datetime(2024, 1, 5, 10, 0)', 'datetime.datetime(2024, 1, 5, 10, 1)'], [0, 60]],
    ['of a day in Python', ['datetime.date(2024, 1, 5)', 'datetime.date(2024, 1, 6)'], [0, 86_400]]
  ])('a date %s', (_name, cells, seconds) => {
    expect(read(cells)).toEqual(rounded(seconds))
    expect(codes(table(cells))).toContain('dates')
  })
  it.each([
    ['points', ['POINT (13.4 52.5)', 'POINT (2.35 48.85)']],
    ['colours', ['rgb(1, 2, 3)', 'rgb(4, 5, 6)']],
    ['colours in digits', ['#ff00aa', '#00ff00', '#000000']],
    ['arrays', ['array([1, 2])', 'array([3, 4])']]
  ])('%s stay words, with a remark', (_name, cells) => {
    expect(outcome(table(again(cells))).data!.featureNames!.length).toBe(cells.length)
    expect(codes(table(again(cells)))).toContain('wordsWithNumbers')
  })
})

describe('words that a spreadsheet spoilt are told', () => {
  it.each([
    ['names of genes', ['TP53', 'BRCA1', '2-Sep', '1-Mar', 'EGFR', 'MYC'], 2],
    ['a date with its year', ['TP53', 'EGFR', '2024-09-02', 'MYC'], 1],
    ['an error', ['+cell', 'TP53', 'MYC', '#NAME?'], 1],
    ['a German day', ['DEC1', 'TP53', 'MYC', '01. Mrz'], 1]
  ])('%s', (_name, cells, count) => {
    const found = outcome(table(again(cells)))
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'datesAmongWords', column: 'a', count }))
    const target = outcome(
      `x,gene\n${again(cells, 40)
        .map((c, i) => `${i * 0.37},${c}`)
        .join('\n')}\n`
    )
    expect(target.remarks).toContainEqual(expect.objectContaining({ code: 'datesAmongWords', column: 'gene' }))
  })
  it('and not words that tell nothing of the kind', () =>
    expect(codes(table(again(['A-1', 'B-2', 'Sep', 'Mar'])))).not.toContain('datesAmongWords'))
})

describe('a date among numbers and ranges is no mark of a missing value, but spoilt', () => {
  it.each([
    ['a range', ['0-9', 'Oct-19', '20-29', '30-39']],
    ['a German day', ['1.1', '1.2', '01. Mrz', '1.4']],
    ['a number', ['1.5', '2.5', '01.05.2024', '3.5']],
    ['a month', ['1.5', '2.5', 'Jan 70', '3.5']]
  ])('%s', (_name, cells) => {
    const said = outcome(table(again(cells))).problems.map((p) => p.message.en)
    expect(said.join('\n')).toMatch(/looks like a date that a spreadsheet made of a number or a range/)
    expect(said.join('\n')).not.toMatch(/missing marks/)
  })
  it.each([
    ['a number without its unit', ['5%', '7%', '8']],
    ['a decimal point among commas', ['1,5', '2.5', '3,5']]
  ])('nor is %s', (_name, cells) =>
    expect(
      outcome(table(again(cells)))
        .problems.map((p) => p.message.en)
        .join()
    ).not.toMatch(/missing marks/)
  )
})

it.each([
  ['1920x1080', '1280x720'],
  ['800x1006', '640x1024'],
  ['1x100', '2x105']
])('the size of a picture is no power of ten: %s, %s', (...cells) =>
  expect(outcome(table(again(cells))).data!.featureNames).toEqual(cells.map((c) => `a=${c}`).sort())
)

describe('letters before numbers are codes until something says that they are degrees', () => {
  it.each([
    ['stages of sleep', ['N1', 'N2', 'N3', 'W1']],
    ['samples', ['S1', 'S2', 'S3']],
    ['diagnoses of one chapter', ['E11.9', 'E10.1', 'E14.0']],
    ['diagnoses of two', ['N18.3', 'S72.0', 'N17.9']],
    ['weeks', ['W1', 'W2', 'W53']]
  ])('%s', (_name, cells) => {
    const found = outcome(table(again(cells)))
    expect(found.data!.featureNames).toEqual(cells.map((c) => `a=${c}`).sort())
    expect(found.remarks.map((r) => r.code)).not.toContain('numbersDressed')
  })
  it.each<[string, string[], number[]]>([
    ['latitude', ['N48', 'S33'], [48, -33]],
    ['a', ['E13.405', 'W0.128'], [13.405, -0.128]],
    ['a', ['N48°', 'N52°'], [48, 52]]
  ])('of column %s, %o are degrees', (name, cells, numbers) => expect(read(cells, name)).toEqual(rounded(numbers)))
})

describe('other dress', () => {
  it.each<[string, string[], number[]]>([
    ['years of a job', ['< 1 year', '1 year', '3 years', '10+ years'], [1, 1, 3, 10]],
    ['degrees in one sign', ['20 ℃', '22.5 ℃'], [20, 22.5]],
    ['kilograms in one sign', ['20㎏', '22.5㎏'], [20, 22.5]],
    ['feet and inches without a sign behind them', ["5'7", "6'2", "5'11"], [67, 74, 71]],
    ['nothing beside money', ['0', '$1.99', '$4.99', '0', '0'], [0, 1.99, 4.99, 0, 0]],
    ['nothing beside shares', ['0', '5%', '7.5%'], [0, 5, 7.5]],
    ['plus and minus nothing', ['+5', '-3', '±0'], [5, -3, 0]],
    ['yes and no beside 1 and 0', ['yes', 'no', '1', '0'], [1, 0, 1, 0]]
  ])('%s', (_name, cells, numbers) => expect(read(cells)).toEqual(rounded(numbers)))
  it('0 is not 0 degrees', () => expect(outcome(table(['0', '5 °C', '7 °C'])).problems).not.toEqual([]))
  it('a letter beside 0 and 1 is no truth', () =>
    expect(
      outcome(table(again(['0', 'T', '1'])))
        .problems.map((p) => p.message.en)
        .join()
    ).toMatch(/"T" is not a number/))
  it('59:10 beside 1:02:03 is asked about', () => {
    const [problem] = outcome(table(['1:02:03', '59:10', '2:30'])).problems
    expect(problem!.message.en).toMatch(/59 minutes and 10 seconds, or 59 hours and 10 minutes/)
    expect(outcome(table(['1:02:03', '9:10', '2:30'])).problems).toHaveLength(1)
    expect(read(['08:30', '08:30:15'])).toEqual([30_600, 30_615])
  })
})

describe('blanks inside of cells', () => {
  it.each([
    ['telephone numbers', ['+1 555 123 4567', '+1 555 765 4321']],
    ['numbers of two parts', ['030 1234567', '040 7654321']],
    ['cards', ['4111 1111 1111 1111', '5500 0000 0000 0004']]
  ])('do not separate: %s', (_name, cells) => {
    const found = outcome(table(again(cells)))
    expect(found.data!.featureNames).toEqual(cells.map((c) => `a=${c}`))
    const bare = outcome(table(again(cells)).replace(/^.*\n/, ''))
    expect(bare.data!.featureNames).toEqual(cells.map((c) => `column1=${c}`))
  })
})

describe('lines below the names', () => {
  const rows = Array.from(
    { length: 20 },
    (_, i) => `2024-01-${String(i + 1).padStart(2, '0')},${20 + i},${1 + (i % 5)}`
  )
  it('of Qualtrics: questions and their ids', () => {
    const ids = ['startDate', 'QID1_TEXT', 'QID2'].map((id) => `"{""ImportId"":""${id}""}"`).join()
    const found = outcome(`StartDate,Q1,Q2\nStart Date,How old?,How happy (1-5)?\n${ids}\n${rows.join('\n')}\n`)
    expect(found.data!.count).toBe(20)
    expect(columns(found)['Q1']!.slice(0, 2)).toEqual([20, 21])
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'secondHeader', line: 2, count: 2 }))
  })
  it.each([
    ['continuous\tcontinuous\tdiscrete', '\t\tclass'],
    ['c\tcontinuous\td', 'meta\t\tclass']
  ])('of Orange: types and roles (%s)', (types, roles) => {
    const body = Array.from({ length: 20 }, (_, i) => `${i}.5\t${i * 2.5}\t${'abc'[i % 3]}`).join('\n')
    const found = outcome(`u\tv\tw\n${types}\n${roles}\n${body}\n`)
    expect(found.data).toMatchObject({ count: 20, classes: ['a', 'b', 'c'] })
    expect(found.remarks.find((r) => r.code === 'secondHeader')!.message.en).toMatch(/the class is "w"/)
  })
})

it('another text in each row is told as ids are', () => {
  const found = outcome(table(Array.from({ length: 12 }, (_, i) => `name ${'abcdefghijkl'[i]}`)))
  expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'rowIds', column: 'a' }))
  expect(codes(table(again(['u', 'v', 'w'])))).not.toContain('rowIds')
})
