// cspell:disable, because it holds broken words, and names of cars and people
/** Blanks as separator in every arrangement, separators that are not known, packed files with more behind them. */
import { gzipSync, strToU8, zlibSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { columns, outcome } from './outcome'

const READ = { a: [1, 22, 3], b: [10, 5, 300], '*': [100.5, 20.25, 1.5] }

describe('blanks separate', () => {
  it.each<[string, string]>([
    ['in aligned columns', 'a    b     y\n1   10 100.5\n22   5 20.25\n3  300   1.5\n'],
    ['with blanks before the lines', '   a   b     y\n   1  10 100.5\n  22   5 20.25\n   3 300   1.5\n'],
    ['with blanks behind them', 'a b y  \n1 10 100.5 \n22 5 20.25   \n3 300 1.5\n'],
    ['mixed with tabs', 'a\tb y\n1 10\t100.5\n22\t5 20.25\n3 300 1.5\n'],
    ['that do not break', 'a\u00a0b\u00a0y\n1\u00a010\u00a0100.5\n22\u00a05\u00a020.25\n3\u00a0300\u00a01.5\n'],
    ['as wide as a letter', 'a\u3000b\u3000y\n1\u300010\u3000100.5\n22\u30005\u300020.25\n3\u3000300\u30001.5\n'],
    ['below a comment', '# by me on 2024-01-01, in a hurry\na b y\n1 10 100.5\n22 5 20.25\n3 300 1.5\n'],
    ['below a title', 'Results of my long experiment\na b y\n1 10 100.5\n22 5 20.25\n3 300 1.5\n'],
    ['with decimal commas', 'a b y\n1 10 100,5\n22 5 20,25\n3 300 1,5\n']
  ])('%s', (_name, text) => {
    const found = outcome(text)
    expect(columns(found)).toEqual(READ)
    expect(found.remarks.map((r) => r.code)).toContain('separator')
  })
  it('also where the last column alone stands behind a tab, in quotes', () => {
    const text =
      '18.0   8   307.0  3504.\t"chevrolet chevelle"\n15.0   8   350.0  3693.\t"buick skylark"\n17.5   6   318.0  3436.\t"chevrolet chevelle"\n'
    const found = columns(outcome(text, { target: 'column1', features: ['column2', 'column4'] }, 'regression'))
    expect(found).toEqual({ column2: [8, 8, 6], column4: [3504, 3693, 3436], '*': [18, 15, 17.5] })
  })
  it('wide gaps alone, where single ones stand in words', () => {
    const text =
      'full name       height  y\nAnna Bell       1.75    65.5\nBob             1.5     80.25\nCarl von Ost    2       90.5\n'
    const found = outcome(text)
    expect(found.data!.featureNames).toEqual([
      'full name=Anna Bell',
      'full name=Bob',
      'full name=Carl von Ost',
      'height'
    ])
    expect([...found.data!.y]).toEqual([65.5, 80.25, 90.5])
  })
  it('but thousands keep theirs', () => {
    for (const d of [';', '\t'])
      expect(columns(outcome(`a${d}y\n1 234${d}2.5\n2 345${d}3.5\n3 456${d}4.75\n`))['a']).toEqual([1234, 2345, 3456])
  })
  it('an empty cell among them is told as what it may be', () =>
    expect(
      outcome('a     b     y\n1    10   100.5\n22        20.25\n3   300   1.5\n4     7   3.25\n').problems[0]
    ).toMatchObject({
      path: 'data.dataset.delimiter',
      message: { en: expect.stringMatching(/2 to 3 pieces with blanks between them.*a cell may be empty/) }
    }))
})

describe('a separator that is not known is named', () => {
  it.each([':', '^', '~', '，', '#'])('%s', (sign) =>
    expect(
      outcome(['a b y', '1 3 4.5', '2 4 5.5', '3 5 6'].join('\n').replaceAll(' ', sign)).problems[0]
    ).toMatchObject({
      path: 'data.dataset.delimiter',
      message: { en: expect.stringContaining(`each line has 2 ${JSON.stringify(sign)}`) }
    })
  )
})

describe('a comma inside', () => {
  it.each<[string, string, number[]]>([
    ['one semicolon in each line', 'a,b,y\n1;2,3,4.5\n2;3,4,5.5\n3;4,5,6\n', [3, 4, 5]],
    ['as many as there are commas', 'a,b,c,y\nx;y;z,3,1,4.5\nx;z;z,4,1,5.5\ny;z;z,5,1,6\n', [3, 4, 5]],
    ['a bar in each line', 'a,b,y\nx|y,3,4.5\nx|z,4,5.5\ny|z,5,6\n', [3, 4, 5]],
    ['a tab in each line', 'a,b,y\nx\ty,3,4.5\nx\tz,4,5.5\ny\tz,5,6\n', [3, 4, 5]],
    ['a semicolon in the names alone', 'a;x,b,y\n1,3,4.5\n2,4,5.5\n3,5,6\n', [3, 4, 5]]
  ])('file of commas holds %s', (_name, text, numbers) => expect(columns(outcome(text))['b']).toEqual(numbers))
})

describe('numbers that a separator may have cut', () => {
  it('1,234 without quotes is asked about', () =>
    expect(outcome('a,y\n1,234,1\n2,345,2\n12,500,3\n').remarks.find((r) => r.code === 'rowNames')!.message.en).toMatch(
      /is 1,234 one number/
    ))
  it('names of rows are not', () =>
    expect(
      outcome('a,y\n1,23,1\n2,345,2\n12,500,3\n').remarks.find((r) => r.code === 'rowNames')!.message.en
    ).not.toMatch(/one number/))
  it('1.234 beside 999 is doubtful, although other columns have decimal points', () =>
    expect(outcome('a,y\n1.234,0.5\n2.345,1.75\n999,3.5\n12.500,4.25\n').remarks).toContainEqual(
      expect.objectContaining({ code: 'decimal', column: 'a' })
    ))
})

describe('letters that were lost or encoded twice', () => {
  it('lost ones are told with line and count', () =>
    expect(outcome('a,c\n1,B\ufffdr\n2,B\ufffdr\n3,Hund\n').remarks).toContainEqual(
      expect.objectContaining({ code: 'encoding', line: 2, count: 2 })
    ))
  it.each(['BÃ¤r', 'cafÃ©', 'donâ€™t', '25Â°'])('%s', (word) =>
    expect(outcome(`a,c\n1,x\n2,${word}\n3,x\n`).remarks).toContainEqual(
      expect.objectContaining({ code: 'encoding', line: 3, count: 1 })
    )
  )
  it.each(['Ângelo', 'São', 'pâté', 'ÂME'])('but %s is a word', (word) =>
    expect(outcome(`a,c\n1,x\n2,${word}\n3,x\n`).remarks.map((r) => r.code)).not.toContain('encoding')
  )
})

describe('packed files', () => {
  const text = `a,b,y\n${Array.from({ length: 50 }, (_, i) => `${i},${(i * i) % 7},${i * 1.5}`).join('\n')}\n`
  const gz = gzipSync(strToU8(text))
  const add = (...more: number[]): Uint8Array => new Uint8Array([...gz, ...more])
  it('zeros behind a gzip file are padding', () => {
    for (const n of [1, 3, 4, 512]) expect(outcome(add(...new Array<number>(n).fill(0))).data!.count).toBe(50)
  })
  it('anything else behind it is named', () =>
    expect(outcome(add(1, 2, 3)).problems[0]!.message.en).toMatch(/damaged: 3 bytes behind its end are no gzip/))
  it('what is damaged before them is not read', () => {
    const broken = add(0, 0, 0)
    broken[gz.length >> 1]! ^= 0x55
    expect(outcome(broken).problems[0]!.message.en).toMatch(/damaged|cut off/)
  })
  it('zlib and bzip2 are named', () => {
    expect(outcome(zlibSync(strToU8(text))).problems[0]!.message.en).toMatch(/packed with zlib/)
    expect(outcome(strToU8('BZh91AY&SY\u0001\u0002')).problems[0]!.message.en).toMatch(/packed with bzip2/)
  })
})
