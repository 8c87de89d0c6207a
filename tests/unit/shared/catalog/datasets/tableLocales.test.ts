/** Numbers, words and shapes as people of many places write them: each read as it is meant, and never in silence. */
// cspell:disable
import { describe, expect, it } from 'vitest'
import { columns, outcome, rounded, table } from './outcome'

const codes = (text: string, more: object = {}): string[] => outcome(text, more).remarks.map((r) => r.code)
const said = (text: string, code: string): string | undefined =>
  outcome(text).remarks.find((r) => r.code === code)?.message.en
const DAY = 86_400

describe('a number in its dress', () => {
  it.each<[string, string[], number[]]>([
    ['so many and more', ['10,000+', '1,000,000+', '500+'], [10_000, 1_000_000, 500]],
    ['points of a rating', ['4.1/5', '3.5/5', '4/5'], [0.82, 0.7, 0.8]],
    ['Indian sizes', ['42 Lac', '1.40 Cr', '85 Lac'], [4_200_000, 14_000_000, 8_500_000]],
    ['the Indian dash for no paise', ['1200/-', '500/-', '75/-'], [1200, 500, 75]],
    ['a size before a currency', ['1,5 Mrd. €', '300 Mio. €', '2,25 Mrd. €'], [1.5e9, 3e8, 2.25e9]],
    ['a letter before a currency', ['1.5k €', '300 €', '2k€'], [1500, 300, 2000]],
    ['a size before a word', ['1.5 million people', '300 thousand people'], [1.5e6, 3e5]],
    ['Chinese sizes before a unit', ['5万元', '1.5亿元', '3000元', '2千万元'], [50_000, 1.5e8, 3000, 2e7]],
    ['halves of the globe', ['52.5 N', '33.9 S', '10.25 N'], [52.5, -33.9, 10.25]],
    ['the same with degrees', ['87.6° W', '13.4° E', '0.1°W'], [-87.6, 13.4, -0.1]],
    ['one half of it only', ['87.6° W', '122.4° W'], [-87.6, -122.4]],
    ['characters that are not seen', ['\u200b5', '7\u2060', '\u00ad9'], [5, 7, 9]]
  ])('%s', (_name, cells, numbers) => {
    expect(columns(outcome(table(cells)))['a']).toEqual(rounded(numbers))
    expect(codes(table(cells))).toContain('numbersDressed')
  })
  it.each<[string, string[], number[]]>([
    ['thousands of metres stay metres', ['5 千米', '7 千米'], [5, 7]],
    ['newtons stay positive', ['5 N', '7 N'], [5, 7]],
    ['a plus before a number', ['+5', '+7.5'], [5, 7.5]]
  ])('and %s', (_name, cells, numbers) => expect(columns(outcome(table(cells)))['a']).toEqual(numbers))
})

describe('yes and no in another language', () => {
  it.each(['vero falso', 'tak nie', 'evet hayır', 'ano ne', 'igen nem', 'はい いいえ', '예 아니오', 'да нет'])(
    '%s',
    (both) => {
      const [yes, no] = both.split(' ') as [string, string]
      const text = table([yes, no, yes])
      expect(columns(outcome(text))['a']).toEqual([1, 0, 1])
      expect(codes(text)).toContain('booleans')
    }
  )
  it('is two words where they are directions', () =>
    expect(outcome(table(['N', 'NE', 'N'])).data!.featureNames).toEqual(['a=N', 'a=NE']))
})

describe('a date with the month in another language', () => {
  it.each<[string, string[]]>([
    ['Russian', ['31 января 2024', '1 февраля 2024 г.']],
    ['Italian', ['31 gennaio 2024', '1 febbraio 2024']],
    ['Portuguese', ['31 de janeiro de 2024', '1 de fevereiro de 2024']],
    ['Spanish', ['31 de enero de 2024', '1 de febrero del 2024']],
    ['Dutch', ['31 januari 2024', '1 februari 2024']],
    ['Polish', ['31 stycznia 2024', '1 lutego 2024']],
    ['an era of Japan', ['令和6年1月31日', '令和6年2月1日']],
    ['the era of Taiwan', ['民國113年1月31日', '民國113年2月1日']]
  ])('%s', (_name, cells) => {
    expect(columns(outcome(table(cells)))['a']).toEqual([0, DAY])
    expect(codes(table(cells))).toContain('dates')
  })
  it('or with an M before it', () =>
    expect(columns(outcome(table(['2024M01', '2024M02'])))['a']).toEqual(rounded([0, 31 * DAY])))
  it('is no number of a unit where the month is not known', () => {
    const text = table(['5 Zzz 2024', '6 Zzz 2024'])
    expect(outcome(text).data!.featureNames).toHaveLength(2)
    expect(codes(text)).toContain('wordsWithNumbers')
  })
})

describe('words of which most tell numbers', () => {
  it.each<[string, string[], string]>([
    ['beside a state', ['off', '12 °C', '13 °C', 'off', 'off', 'off'], '"12 °C"'],
    ['beside a guess', ['unsure', '5%', '7%', 'unsure', 'unsure'], '"5%"'],
    ['dates beside a word', ['never', '2024-01-31', '2024-02-01', 'never', 'never'], '"2024-01-31"']
  ])('%s are said to be words', (_name, cells, shown) =>
    expect(said(table(cells), 'wordsWithNumbers')).toContain(`cells such as ${shown} were taken as words`)
  )
})

describe('blanks before a quote', () => {
  it.each<[string, string]>([
    ['commas', 'name, city, y\n1, "Rome, IT", 3.5\n2, "Oslo, NO", 4.5\n'],
    ['tabs', 'name\tcity\ty\n1\t "Rome, IT"\t3.5\n2\t "Oslo, NO"\t4.5\n'],
    ['single quotes', "name, city, y\n1, 'Rome, IT', 3.5\n2, 'Oslo, NO', 4.5\n"],
    ['the start of a line', 'city, name, y\n "Rome, IT", 1, 3.5\n "Oslo, NO", 2, 4.5\n']
  ])('open a cell all the same: %s', (_name, text) => {
    const { data } = outcome(text)
    expect([...data!.featureNames!].sort()).toEqual(['city=Oslo, NO', 'city=Rome, IT', 'name'])
    expect([...data!.y]).toEqual([3.5, 4.5])
  })
  it('stay within a cell', () =>
    expect(outcome('c,y\n"a, ""b""",0.5\n"a,""b""",1.5\n').data!.featureNames).toEqual(['c=a, "b"', 'c=a,"b"']))
})

describe('a header', () => {
  it('is no first row of words with a mark of missing values', () => {
    const found = outcome('?,yes,red,low\n5,yes,red,high\n6,no,red,low\n7,no,blue,high\n', { missing: 'drop' })
    expect(found.data!.count).toBe(3)
    expect(found.remarks.map((r) => r.code)).toContain('noHeader')
  })
  it('that may be a row of words is told', () => {
    const text = 'Braund,male,S\nCumings,female,C\nHeikkinen,female,S\nAllen,male,S\n'
    expect(outcome(text).remarks).toContainEqual(expect.objectContaining({ code: 'headerGuessed', line: 1 }))
    expect(outcome(text, { header: 'no' }).data!.count).toBe(4)
    expect(codes('name,sex,port\nBraund,male,S\nCumings,female,C\n')).not.toContain('headerGuessed')
  })
  it('one name short is refused where the first numbers name no rows', () => {
    expect(outcome('x,y\n1,5,2\n2,5,3\n1,7,4\n').problems[0]!.message.en).toBe(
      'line 1 has 2 fields, all others 3: a title, a comment, or a missing name?'
    )
    expect(codes('x,y\n1,5,2.5\n2,5,3.5\n3,7,4.5\n')).toContain('rowNames')
  })
})

describe('numbers that are none', () => {
  const many = (name: string, of: (i: number) => string | number, n = 12): string =>
    `${name},b,t\n${Array.from({ length: n }, (_, i) => `${of(i)},${(i * 5) % 7},${i * 1.25 + 0.5}`).join('\n')}\n`
  it.each<[string, string]>([
    ['Id', many('Id', (i) => i + 1)],
    ['patient_id', many('patient_id', (i) => 1000 + i * 7)],
    ['customerID', many('customerID', (i) => 90 - i)],
    ['column1', many('', (i) => i)]
  ])('tell rows apart, and it is said: %s', (name, text) =>
    expect(outcome(text).remarks).toContainEqual(expect.objectContaining({ code: 'rowIds', column: name }))
  )
  it('tell rows apart as a target', () =>
    expect(
      outcome(
        many('id', (i) => i * 3),
        { target: 'id' },
        'regression'
      ).remarks.map((r) => r.code)
    ).toContain('rowIds'))
  it.each<[string, string]>([
    ['another name', many('x', (i) => i)],
    ['numbers that come again', many('id', (i) => i % 5)],
    ['fractions', many('id', (i) => i + 0.5)],
    ['few rows', many('id', (i) => i, 5)],
    ['a name that ends alike', many('paid', (i) => i)]
  ])('but not with %s', (_name, text) => expect(codes(text)).not.toContain('rowIds'))
  it.each<[string, (i: number) => number]>([
    ['nines with decimals', (i) => (i % 4 ? i + 0.5 : -99.99)],
    ['nines before decimals', (i) => (i % 4 ? i + 0.5 : 999.9)],
    ['any number far off that comes again', (i) => (i % 5 ? i + 0.5 : -200)]
  ])('mark missing values, and it is said: %s', (_name, of) =>
    expect(outcome(many('a', of, 20)).remarks).toContainEqual(
      expect.objectContaining({ code: 'sentinel', column: 'a' })
    )
  )
  it('do not where they lie near the others', () =>
    expect(codes(many('a', (i) => (i % 5 ? i + 0.5 : -8), 20))).not.toContain('sentinel'))
  it.each(['k.A.', 'NODATA', '(blank)', '(null)', 's/d', 'no value'])('are offered as marks: %s', (mark) =>
    expect(outcome(table(['1.5', mark, '2.5', '3'])).problems[1]).toMatchObject({
      path: 'data.dataset.marks',
      message: { en: expect.stringContaining(JSON.stringify(mark)) }
    })
  )
})
