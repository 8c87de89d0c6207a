/** Kinds of files that are read with a remark, or refused with what, where and what to do: never in silence. */
// cspell:ignore Bür xbe nil Quartal
import { gzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const codes = (text: string | Uint8Array, more: object = {}): string[] => outcome(text, more).remarks.map((r) => r.code)
const PLAIN = 'a,b,t\n1,2,0.5\n3,5,1.75\n4,9,2.5\n'
const READ = { a: [1, 3, 4], b: [2, 5, 9], '*': [0.5, 1.75, 2.5] }

describe('a file in another format is refused by its name', () => {
  it.each<[string, string, RegExp]>([
    ['Excel', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0\0', /Excel workbook/],
    ['Parquet', 'PAR1\x15\0\x15\x80PAR1', /Parquet/],
    ['Arrow', 'ARROW1\0\0\xff\xff', /Arrow/],
    ['NumPy', '\x93NUMPY\x01\0v\0', /NumPy/],
    ['HDF5', '\x89HDF\r\n\x1a\n\0\0', /HDF5/],
    ['a pickle', '\x80\x04\x95\x10\0\0\0', /pickle/],
    ['SQLite', 'SQLite format 3\0', /SQLite/],
    ['PDF', '%PDF-1.4\n1 0 obj', /PDF/],
    ['PNG', '\x89PNG\r\n\x1a\n\0', /PNG/],
    ['bzip2', 'BZh91AY&SY\0\x01', /bzip2/],
    ['xz', '\xfd7zXZ\0\0\x04', /xz/],
    ['Zstandard', '\x28\xb5\x2f\xfd\x04\0', /Zstandard/],
    ['7-Zip', '7z\xbc\xaf\x27\x1c\0', /7-Zip/],
    ['tar', `${'a.csv'.padEnd(257, '\0')}ustar\0`, /tar/],
    ['IDX', '\0\0\x08\x03\0\0\0\x01', /IDX/],
    ['JSON', '[{"a":1,"t":2}]', /JSON/],
    ['lines of JSON', '{"a":1}\n{"a":2}\n', /JSON/],
    ['XML', '<?xml version="1.0"?>\n<rows/>\n', /XML/],
    ['HTML', '<table><tr><td>1</td></tr></table>', /HTML/],
    ['ARFF', '% made\n@relation x\n@attribute a numeric\n', /ARFF/],
    ['LIBSVM', '1 1:0.5 2:0.3\n0 1:0.2 2:0.7\n', /LIBSVM/]
  ])('%s', (_name, content, name) => {
    const { problems } = outcome(bytes(content))
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatchObject({ path: 'data.dataset.file' })
    expect(problems[0]!.message.en).toMatch(name)
    expect(problems[0]!.message.en).toMatch(/save the table as CSV$/)
  })
  it('also when it is packed', () => {
    expect(outcome(gzipSync(gzipSync(utf8(PLAIN)))).problems[0]!.message.en).toMatch(/gzip once more/)
    expect(outcome(zipSync({ 'x.zip': zipSync({ 'a.csv': utf8(PLAIN) }) })).problems[0]!.message.en).toMatch(
      /zip within/
    )
    expect(outcome(zipSync({ 'x.npy': utf8('x'), 'y.npy': utf8('y') })).problems[0]!.message.en).toMatch(/NumPy/)
  })
  it('but not a table whose first column has such a name', () =>
    expect(columns(outcome('PAR1,ORC,t\n1,2,0.5\n3,4,1.75\n'))['PAR1']).toEqual([1, 3]))
})

describe('a file that was written or packed in an odd way is read', () => {
  const wide = (text: string, big: boolean): Uint8Array =>
    Uint8Array.from(
      [...text].flatMap((c) =>
        big ? [c.charCodeAt(0) >> 8, c.charCodeAt(0) & 255] : [c.charCodeAt(0) & 255, c.charCodeAt(0) >> 8]
      )
    )
  it.each<[string, string | Uint8Array, string]>([
    ['UTF-16 LE without its mark', wide(PLAIN, false), 'encoding'],
    ['UTF-16 BE without its mark', wide(PLAIN, true), 'encoding'],
    ['a zip with notes beside the table', zipSync({ 'a.csv': utf8(PLAIN), 'README.md': utf8('x') }), 'unpacked'],
    ['semicolons', PLAIN.replaceAll(',', ';'), 'separator'],
    ['tabs', PLAIN.replaceAll(',', '\t'), 'separator'],
    ['bars', PLAIN.replaceAll(',', '|'), 'separator'],
    ['whole lines in quotes', PLAIN.replace(/^.+$/gm, '"$&"'), 'quotes'],
    [
      'a drawn table',
      PLAIN.replace(/^.+$/gm, '|$&|').replaceAll(',', '|').replace('\n', '\n|---|:-:|---|\n'),
      'comments'
    ],
    ['the header again', PLAIN.replace('3,', 'a,b,t\n3,'), 'repeatedHeader'],
    ['lines of separators', PLAIN.replace('3,', ',,\n3,') + ',,\n', 'emptyLines'],
    ['units below', PLAIN + 'kg,m,s\n', 'totalLines']
  ])('%s', (_name, file, code) => {
    expect(columns(outcome(file))).toMatchObject(READ)
    expect(codes(file)).toContain(code)
  })
  it.each<[string, string]>([
    ['Ctrl-Z at its end', PLAIN + '\x1a'],
    ['line separators of Unicode', PLAIN.replaceAll('\n', '\u2028')]
  ])('%s', (_name, file) => expect(columns(outcome(file))).toEqual(READ))
  it('with names of R between blanks', () => {
    const file = '"a" "b" "t"\n"1" 1 2 0.5\n"2" 3 5 1.75\n"3" 4 9 2.5\n'
    expect(columns(outcome(file))).toEqual({ row: [1, 2, 3], ...READ })
    expect(codes(file)).toEqual(['separator', 'rowNames'])
  })
  it('but a zero byte is refused at its line and character', () =>
    expect(outcome(bytes('a,t\n1,2\n3,\0\n')).problems[0]!.message.en).toMatch(
      /^line 3, character 3: there is binary data \(1 zero byte/
    ))
})

describe('cells that tell numbers in no known way are said to be words', () => {
  it.each<[string, string[]]>([
    ['ratios', ['1:2', '3:4', '16:9']],
    ['results', ['3-1', '0-2', '1-1']],
    ['complex numbers', ['1+2i', '3-4i', '2+1i']],
    ['sizes', ['5x10', '7x3', '2x2']],
    ['lists', ['[1,2]', '[2,3]', '[3,4]']],
    ['pressures', ['120/80', '130/85', '110/70']],
    ['marks and their lack', ['+', '++', '-']],
    ['numbers in words', ['one', 'two', 'three']],
    ['notes that tell classes', ['1 (manual)', '2 (automatic)', '3 (other)']],
    ['versions', ['1.2.3', '1.3.0', '2.0.1']],
    ['Chinese numerals', ['一', '二', '三']],
    ['a word before each', ['room 5', 'room 7', 'room 9']]
  ])('%s', (_name, cells) => {
    const found = outcome(table(cells))
    expect(found.data!.featureNames).toHaveLength(3)
    expect(found.remarks.find((r) => r.code === 'wordsWithNumbers')).toMatchObject({ column: 'a', count: 3 })
    expect(codes(table(cells), { categorical: ['a'] })).not.toContain('wordsWithNumbers')
  })
  it.each<[string, string[]]>([
    ['words', ['red', 'green', 'blue']],
    ['codes', ['A1', 'B2', 'C3']],
    ['names with a number', ['user1', 'user2', 'user3']]
  ])('and %s are not', (_name, cells) => expect(codes(table(cells))).not.toContain('wordsWithNumbers'))
})

describe('further numbers are read', () => {
  it.each<[string, string[], number[], string, string?]>([
    ['fractions among whole numbers', ['1/2', '3', '1 1/2', '2'], [0.5, 3, 1.5, 2], 'numbersDressed'],
    ['spans beyond a day', ['1:02:03', '25:00:00', '0:00:10'], [3723, 90000, 10], 'durations'],
    ['dates as C writes them', ['Mon Jan 29 10:00:00 2024', 'Tue Jan 30 10:00:00 2024'], [0, 86400], 'dates'],
    ['named zones', ['2024-01-31 10:00 EST', '2024-01-31 11:00 PST'], [0, 14400], 'dates'],
    ['months in digits', ['202311', '202312', '202401'], [0, 30 * 86400, 61 * 86400], 'dates', 'month'],
    ['seconds in digits', ['20240131100000', '20240131100130'], [0, 90], 'dates', 'timestamp']
  ])('%s', (_name, cells, values, code, name = 'a') => {
    expect(columns(outcome(table(cells, name)))[name]).toEqual(rounded(values))
    expect(codes(table(cells, name))).toContain(code)
  })
  it('and a date in the other order is named as such', () =>
    expect(outcome(table(['13/04/2024', '05/16/2024'])).problems[1]!.message.en).toMatch(
      /line 3, column "a": "05\/16\/2024" has the month first, other dates the day/
    ))
  it.each<[string, string[], RegExp]>([
    [
      'different numbers that become one',
      ['1000000.01', '1000000.02', '1000000.03'],
      /3 different numbers, of which .* keep 1 apart/
    ],
    ['small numbers that become 0', ['1e-50', '1', '2'], /1 cell becomes 0/]
  ])('and it is said of %s', (_name, cells, message) => {
    const said = outcome(table(cells)).remarks.find((r) => r.code === 'numbersMerged')
    expect(said).toMatchObject({ column: 'a' })
    expect(said!.message.en).toMatch(message)
  })
  it('and ids that no number tells apart are counted as texts', () =>
    expect(
      outcome(table(['123456789012345678', '123456789012345679', '3'])).remarks.find(
        (r) => r.code === 'integersRounded'
      )!.message.en
    ).toMatch(/3 different ones become 2/))
})

describe('missing values', () => {
  it('are said when a mark stands for them', () =>
    expect(outcome('a,t\n1,0.5\nNULL,1.5\n#N/A,2.5\n3,3.5\n', { missing: 'mean' }).remarks).toContainEqual(
      expect.objectContaining({ code: 'missingMarks', column: 'a', count: 2 })
    ))
  it('may be one number far off', () =>
    expect(
      outcome(table(['1.5', '-999', '2.5', '3', '3.5', '2'])).remarks.find((r) => r.code === 'sentinel')
    ).toMatchObject({ column: 'a', count: 1 }))
  it('may be what a refusal offers as marks', () =>
    expect(outcome(table(['1.5', '#DIV/0!', '2.5', 'None', 'nil', '3', '4'])).problems[1]).toMatchObject({
      path: 'data.dataset.marks',
      message: { en: expect.stringContaining('"#DIV/0!", "None", "nil"') }
    }))
})

describe('targets and categories', () => {
  const words = (n: number, of: (i: number) => string): string =>
    `a,t\n${Array.from({ length: n }, (_, i) => `${i},${of(i)}`).join('\n')}\n`
  it.each<[string, string, 'regression' | 'classification', string]>([
    ['words under a loss of numbers', words(20, (i) => (i % 2 ? 'cat' : 'dog')), 'regression', 'targetAsClasses'],
    ['a class with one example', words(20, (i) => (i ? 'usual' : 'rare')), 'classification', 'classesRare'],
    ['one number everywhere', words(20, () => '5.5'), 'regression', 'columnConstant'],
    ['classes of other characters', 'a,t\n1,B\u00e4r\n2,Ba\u0308r\n3,Ox\n', 'classification', 'classesByCase'],
    ['classes with another blank', 'a,t\n1,New York\n2,New\u00a0York\n3,Rome\n', 'classification', 'classesByCase']
  ])('are said to be odd: %s', (_name, text, meant, code) =>
    expect(outcome(text, {}, meant).remarks.find((r) => r.code === code)).toMatchObject({ column: 't' })
  )
  it('of inputs too', () =>
    expect(outcome('c,t\nCat,1.5\ncat,2.5\nox,3.5\n').remarks.find((r) => r.code === 'classesByCase')).toMatchObject({
      column: 'c'
    }))
  it('and a column that does not exist may be another', () =>
    expect(outcome('alpha,price\n1,2\n2,3\n', { target: 'prise' }).problems[0]!.message.en).toBe(
      'there is no column "prise"; did you mean "price"? There are: alpha, price'
    ))
})

describe('parts of a time', () => {
  const windows = { lines: 'windows', length: 2, target: 'v' }
  const series = (name: string, cells: string[]): string =>
    `${name},v\n${cells.map((c, i) => `${c},${i + 1}`).join('\n')}\n`
  it.each<[string, string]>([
    ['months past December', series('month', ['11', '12', '1', '2'])],
    ['hours past midnight', series('hour', ['22', '23', '0', '1'])],
    ['names of months', series('month', ['Nov', 'Dec', 'Jan', 'Feb'])],
    ['quarters past the fourth', series('quarter', ['Q3', 'Q4', 'Q1', 'Q2'])]
  ])('that begin again go on: %s', (_name, text) => {
    const found = outcome(text, windows)
    expect([...found.data!.x]).toEqual([1, 2, 2, 3])
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'timesBeginAgain', line: 4, count: 1 }))
  })
  it('in any other order are sorted', () =>
    expect([...outcome(series('day', ['3', '1', '2', '4']), windows).data!.x]).toEqual([2, 3, 3, 1]))
  it.each<[string, string]>([
    ['a quarter', 'year,quarter,v\n2023,3,1\n2023,4,2\n2024,1,3\n2024,2,4\n'],
    ['a named quarter', 'year,quarter,v\n2023,Q3,1\n2023,Q4,2\n2024,Q1,3\n2024,Q2,4\n'],
    ['a week', 'year,week,v\n2023,51,1\n2023,52,2\n2024,1,3\n2024,2,4\n']
  ])('are joined to the year: %s', (_name, text) => {
    const found = outcome(text, windows)
    expect([...found.data!.x]).toEqual([1, 2, 2, 3])
    expect(found.remarks.map((r) => r.code)).toEqual(['timeGuessed'])
  })
})

describe('several targets', () => {
  const numbers = 'a,y,z\n1,2,0.5\n3,5,1.75\n4,9,2.5\n'
  it('are numbers of a regression, whose names are kept', () => {
    const { data } = outcome(numbers, { target: 'y, z' })
    expect(data).toMatchObject({ task: 'regression', targetShape: [2], targetNames: ['y', 'z'], featureNames: ['a'] })
    expect([...data!.y]).toEqual([2, 0.5, 5, 1.75, 9, 2.5])
  })
  it('are shares of classes to a cross-entropy, which sum to 1 again where they were rounded', () => {
    const { data } = outcome('a,y,z,w\n1,0.333,0.333,0.333\n3,0.5,0.5,0\n', { target: 'y,z,w' }, 'classification')
    expect(data).toMatchObject({ task: 'multiclass', targetShape: [3], classes: ['y', 'z', 'w'] })
    expect([...data!.y]).toEqual(rounded([1 / 3, 1 / 3, 1 / 3, 0.5, 0.5, 0]))
  })
  it.each<[string, string, object, 'regression' | 'classification', string, RegExp]>([
    ['words', 'a,y,z\n1,2,x\n3,4,y\n', { target: 'y,z' }, 'regression', 'target', /"z" holds words/],
    ['shares of more than 1', numbers, { target: 'y,z' }, 'classification', 'task', /line 2: .* 2 \+ 0\.5 = 2\.5/],
    ['an input', numbers, { target: 'y,z', features: ['a', 'z'] }, 'regression', 'features', /"z" is the target/],
    ['sequences', numbers, { target: 'y,z', lines: 'windows', length: 1 }, 'regression', 'target', /one target/]
  ])('refuse %s', (_name, text, more, meant, field, message) => {
    const { problems } = outcome(text, more, meant)
    expect(problems[0]).toMatchObject({ path: `data.dataset.${field}` })
    expect(problems[0]!.message.en).toMatch(message)
  })
  it('leave out a row that lacks one of them', () => {
    const found = outcome('a,y,z\n1,2,0.5\n3,,1.75\n4,9,\n5,6,7\n', { target: 'y,z', missing: 'drop' })
    expect([...found.data!.y]).toEqual([2, 0.5, 6, 7])
    expect(found.remarks).toContainEqual(expect.objectContaining({ code: 'rowsDropped', count: 2 }))
  })
})
