/** Further forms of numbers, times, texts and files: read as what they are, remarked on, or refused by name. */
// cspell:disable
import { zipSync, strToU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const DAY = 86_400
const codes = (text: string): string[] => outcome(text).remarks.map((r) => r.code)
const told = (text: string | Uint8Array, more: object = {}): string =>
  outcome(text, more)
    .remarks.map((r) => r.message.en)
    .join('\n')
const refused = (text: string | Uint8Array): string =>
  outcome(text)
    .problems.map((p) => p.message.en)
    .join('\n')
const read = (cells: readonly string[], name = 'a'): number[] => columns(outcome(table(cells, name)))[name]!
const many = (n: number, of: (i: number) => string): string[] => Array.from({ length: n }, (_, i) => of(i))

describe('times of day in digits that lost their zeros', () => {
  it('are read where the name says so', () =>
    expect(read(['93005', '101500', '5', '235959'], 'HHMMSS')).toEqual([34_205, 36_900, 5, 86_399]))
  it('are read where so many numbers can hardly be anything else', () => {
    const clock = (i: number): string => String(700 + 100 * (i % 15) + ((i * 7) % 60))
    expect(read(many(20, clock), 'time').slice(0, 2)).toEqual([7 * 3600, 8 * 3600 + 7 * 60])
  })
  it('are numbers with a remark where a few may be either', () => {
    expect(read(['93005', '101500', '120000'], 'time')).toEqual([93_005, 101_500, 120_000])
    expect(told(table(['93005', '101500', '120000'], 'time'))).toMatch(/if it is the time of day 9:30:05, write it so/)
    expect(told(table(['930', '1015', '1200'], 'time'))).toMatch(/time of day 9:30,/)
  })
  it.each([
    ['what no clock shows', ['930', '1075', '1200']],
    ['round numbers', ['100', '200', '1200']]
  ])('and %s is numbers without a word', (_name, cells) => expect(codes(table(cells, 'time'))).not.toContain('clocks'))
})

describe('days as spreadsheets count them', () => {
  it('stay days, and the remark says which', () => {
    expect(read(['45291', '45292.5', '45300'], 'Order date')).toEqual([45_291, 45_292.5, 45_300])
    expect(told(table(['45291', '45292.5', '45300'], 'Order date'))).toMatch(/45291 is 2023-12-31/)
  })
  it('but other numbers, and other columns, are none', () => {
    expect(codes(table(['45291', '5', '45300'], 'date'))).not.toContain('dates')
    expect(codes(table(['45291', '45292', '45300'], 'price'))).not.toContain('dates')
  })
})

describe('a date is read', () => {
  it.each<[string, string[], number[]]>([
    ['with a French first', ['3 février 2024', '1er mai 2024'], [0, 88]],
    ['in Turkish', ['3 Şubat 2024', '1 Mayıs 2024'], [0, 88]],
    ['in Czech', ['3. února 2024', '1. května 2024'], [0, 88]],
    ['in Finnish', ['3. helmikuuta 2024', '1. toukokuuta 2024'], [0, 88]],
    ['in Hungarian', ['2024. február 3.', '2024. május 1.'], [0, 88]],
    ['in Korean', ['2024년 2월 3일', '2024년 5월 1일'], [0, 88]],
    ['in Hindi', ['3 फ़रवरी 2024', '1 मई 2024'], [0, 88]],
    ['in Arabic', ['3 فبراير 2024', '1 مايو 2024'], [0, 88]],
    ['with one zone that is several', ['2024-02-03 10:00 IST', '2024-02-04 10:00 IST'], [0, 1]]
  ])('%s', (_name, cells, days) => {
    expect(read(cells)).toEqual(rounded(days.map((d) => d * DAY)))
    expect(codes(table(cells))).toContain('dates')
  })
  it('of a week in digits, across the end of a year', () =>
    expect(read(['202405', '202352', '202401'], 'yearweek')).toEqual([35 * DAY, 0, 7 * DAY]))
  it('and refused where a zone is several, and others are another', () =>
    expect(refused(table(['2024-02-03 10:00 IST', '2024-02-04 10:00 CET']))).toMatch(/IST is the name of several/))
  it('and short years and other calendars are said', () => {
    expect(told(table(['13/10/30', '22/11/95'], 'born'))).toMatch(/two digits are those from 1970 to 2069/)
    expect(told(table(['13/10/2567', '22/11/2567'], 'born'))).toMatch(/Persian, Islamic or Buddhist/)
    expect(told(table(['13/10/2024', '22/11/2024'], 'born'))).not.toMatch(/digits|Persian/)
  })
})

describe('times as programs write them', () => {
  it('of day with points are none of a date', () =>
    expect(read(['10.00.00', '11.30.15', '12.00.00'], 'Time')).toEqual([36_000, 41_415, 43_200]))
  it('with an offset from Greenwich', () => {
    expect(read(['2024/01/01 10:30:12 AM GMT+1', '2024/01/02 10:30:12 AM GMT+2'])).toEqual([0, DAY - 3600])
    expect(read(['Fri Jan 05 2024 10:00:00 GMT+0100 (CET)', 'Sat Jan 06 2024 10:00:00 GMT+0100 (CET)'])).toEqual([
      0,
      DAY
    ])
  })
})

describe('numbers are read', () => {
  it.each<[string, string[], number[]]>([
    ['of years before Christ', ['44 BC', '753 BC', 'AD 14', '476'], [-44, -753, 14, 476]],
    ['of the same in German', ['44 v. Chr.', '14 n. Chr.', '753 v. Chr.'], [-44, 14, -753]],
    ['of spans with German units', ['1 Std. 30 Min.', '45 Min.', '2 Std.'], [5400, 2700, 7200]],
    ['of spans with days before a point', ['1.02:03:04', '0.12:00:00'], [93_784, 43_200]]
  ])('%s', (_name, cells, numbers) => expect(read(cells)).toEqual(numbers))
  it('or refused, with words for what they are', () => {
    expect(refused(table(['1F', 'A0', 'FF', '3C']))).toMatch(/looks hexadecimal \(1F\): write 0x/)
    expect(refused(table(['=B2*2', '=B3*2', '=SUM(B2:B4)']))).toMatch(/holds formulas such as "=B2\*2"/)
  })
  it('and what is too large for them is no code', () =>
    expect(told(table(['1e40', '2', '3']), { badRows: 'drop' })).not.toMatch(/object/))
  it('and the code that differs from its number is shown', () =>
    expect(told(table(['1.2', '1.10', '1.9'], 'version'))).toMatch(/1\.10, which is the number 1\.1:/))
  it('and a word before them is said to make words of them', () => {
    for (const cells of [
      ['from $10', 'from $20'],
      ['p<0.001', 'p=0.03'],
      ['T: 23.4', 'T: 24']
    ])
      expect(codes(table(cells))).toContain('wordsWithNumbers')
  })
  it('and names in each cell are refused', () => {
    expect(refused('x=1 y=2\nx=3 y=4\nx=5 y=6\n')).toMatch(/such as "x=3": write the names \(x, y\) in a first line/)
    expect(refused('T: 20.5 C, H: 40 %\nT: 21.5 C, H: 41 %\nT: 22 C, H: 45 %\n')).toMatch(/\(T, H\)/)
    expect(refused('a,b\nhttps://x/1,ftp://x/2\nhttps://x/2,ftp://x/3\n')).not.toMatch(/each cell/)
  })
  it('and marks of what is missing are offered', () => {
    for (const mark of ['0000-00-00', '9999-12-31'])
      expect(refused(table([mark, '2024-02-28', '2024-03-01']))).toMatch(`if "${mark}" marks a missing value`)
    expect(refused(table(['########', '12', '15']))).toMatch(/if "########" marks/)
    const ages = ['34', '-1', '45', '-1', '23', '56', '41', '38', '60']
    expect(codes(table(ages, 'age'))).toContain('sentinel')
    expect(codes(table(['0', '-1', '2', '-1', '3', '1', '4', '5', '2']))).not.toContain('sentinel')
  })
})

describe('texts that look alike stay apart, with a remark', () => {
  it.each([
    ['letters of another script', ['A', 'А']],
    ['dashes', ['a-b', 'a–b']],
    ['apostrophes', ["O'Neil", 'O’Neil']],
    ['a point', ['Yes', 'Yes.']]
  ])('%s', (_name, [one, other]) => {
    const { data, remarks } = outcome(`x,y\n${many(9, (i) => `${i},${[one, other, 'no'][i % 3]}`).join('\n')}\n`)
    expect(data!.classes).toHaveLength(3)
    expect(remarks.map((r) => r.code)).toContain('classesByCase')
  })
  it('one number written twice, of a target of classes', () =>
    expect(
      told(`x,y\n${many(9, (i) => `${i},${['01', '1', '02'][i % 3]}`).join('\n')}\n`, { task: 'classification' })
    ).toMatch(/"01" and "1" in column "y" are one number, written in two ways; they count as two/))
  it('ids of sequences', () => {
    const text = `id,t,v,y\nA1,1,0,1.5\nA1,2,1,1.5\na1,1,2,2.5\na1,2,3,2.5\nB,1,4,3.5\nB,2,5,3.5\n`
    const { data, remarks } = outcome(text, { lines: 'steps' })
    expect(data!.count).toBe(3)
    expect(remarks.find((r) => r.code === 'classesByCase')).toMatchObject({ column: 'id', path: 'data.dataset.series' })
  })
  it('but blanks around a word are cut off, which is said where it makes two one', () => {
    const text = `x,y\n${many(9, (i) => `${i},${['yes', ' yes', 'no'][i % 3]}`).join('\n')}\n`
    expect(outcome(text).data!.classes).toEqual(['no', 'yes'])
    expect(outcome(text).remarks.find((r) => r.code === 'blanksCutOff')).toMatchObject({ column: 'y' })
    expect(codes('x, y\n1, yes\n2, no\n3, yes\n')).not.toContain('blanksCutOff')
  })
})

describe('a file is opened, or its format named', () => {
  it.each([
    ['“ ”', 'n,t\n“a, b”,1.5\n“c, d”,2.5\n“a, b”,3.5\n'],
    ['« »', 'n;t\n«a, b»;1.5\n«c; d»;2.5\n'],
    ['„ “', 'n;t\n„a, b“;1.5\n„c; d“;2.5\n']
  ])('with cells in %s', (_name, text) => {
    expect(outcome(text).data!.featureNames![0]).toBe('n=a, b')
    expect(codes(text)).toContain('quotes')
  })
  it('in UTF-32 with the largest byte first', () => {
    const points = [0xfeff, ...[...'a,y\n1,2.5\n3,4.5\n'].map((c) => c.codePointAt(0)!)]
    const bytes = new Uint8Array(points.length * 4)
    points.forEach((p, i) => new DataView(bytes.buffer).setUint32(4 * i, p))
    expect(columns(outcome(bytes))).toEqual({ a: [1, 3], '*': [2.5, 4.5] })
  })
  it.each([
    ['[1, 2.5]\n[3, 4.5]\n[5, 6.5]\n', /a list as JSON or Python/],
    ['[(1, 2.5), (3, 4.5)]', /a list as JSON or Python/],
    ['array([[1, 2.5],\n       [3, 4.5]])', /a list as JSON or Python/],
    ['%%MatrixMarket matrix coordinate real general\n3 3 2\n1 1 2.5\n2 2 3.5\n', /sparse matrix/],
    ['1 | a:0.5 b:1.5\n-1 | a:0.25 c:2.5\n', /Vowpal Wabbit/],
    ['version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 12345\n', /git lfs pull/],
    ['INSERT INTO t VALUES (1,2.5);\nINSERT INTO t VALUES (3,4.5);\n', /is SQL/],
    ['ID;PWXL;N;E\nP;PGeneral\nC;Y1;X1;K"a"\nE\n', /SYLK/]
  ])('%s is refused', (text, name) => expect(refused(text)).toMatch(name))
  it.each([
    ['a header that begins so', 'ID;Preis\n1;2,5\n2;3,5\n'],
    ['times behind bars', '1 | 10:30 | 5\n2 | 11:30 | 6\n3 | 12:30 | 8\n'],
    ['a number in brackets', 'a,y\n[1],2.5\n[2],3.5\n'],
    ['a name of SQL', 'copy number,y\n1,2.5\n2,3.5\n']
  ])('but not %s', (_name, text) => expect(outcome(text).problems).toEqual([]))
  it.each<[string, string[], RegExp]>([
    ['a binary workbook', ['[Content_Types].xml', 'xl/workbook.bin'], /is a spreadsheet/],
    ['a sheet of Numbers', ['Index/Document.iwa', 'Metadata/Properties.plist'], /is a spreadsheet/],
    ['a document', ['[Content_Types].xml', 'word/document.xml'], /Word or PowerPoint/],
    ['a model of PyTorch', ['archive/data.pkl', 'archive/data/0'], /model of PyTorch or Keras/],
    ['a model of Keras', ['config.json', 'model.weights.h5'], /model of PyTorch or Keras/],
    ['pictures', ['cat/1.png', 'dog/2.JPG'], /a zip of pictures/]
  ])('and a zip is named that holds %s', (_name, names, message) =>
    expect(refused(zipSync(Object.fromEntries(names.map((n) => [n, strToU8('x')]))))).toMatch(message)
  )
})
