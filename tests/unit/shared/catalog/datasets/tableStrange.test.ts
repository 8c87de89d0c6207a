// cspell:ignore FASTA wikitable ACGT ACGA MIIB Mixi zsav LIBV GRIB
/** Columns that tell next to nothing or what they should not, tables beside tables, and files that are none. */
import { describe, expect, it } from 'vitest'
import { columns, outcome } from './outcome'

const number = (i: number): number => ((i * 7919) % 97) / 10
const rows = (head: string, of: (i: number) => string, n = 40): string =>
  `${head}\n${Array.from({ length: n }, (_, i) => of(i)).join('\n')}\n`
const remarks = (text: string, code: string): ReturnType<typeof outcome>['remarks'] =>
  outcome(text).remarks.filter((r) => r.code === code)

describe('a column that is the same in all rows but one', () => {
  it.each([
    ['of numbers', '1', '0'],
    ['of words', 'x', 'y'],
    ['of large numbers', '5001', '5000']
  ])('%s is told with its line', (_name, lone, usual) => {
    for (const at of [0, 1, 7, 59]) {
      const text = rows('a,b,t', (i) => `${i === at ? lone : usual},${number(i)},${number(i * 3)}`, 60)
      expect(remarks(text, 'columnNearlyConstant')).toMatchObject([{ column: 'a', line: at + 2 }])
    }
  })
  it('is told of a target, too, and of several columns at once', () => {
    const target = rows('a,b,t', (i) => `${number(i)},${number(i + 5)},${i === 7 ? 1.5 : 0}`, 60)
    expect(remarks(target, 'columnNearlyConstant')).toMatchObject([{ column: 't', line: 9 }])
    const several = rows('a,b,c,t', (i) => `${i === 7 ? 1 : 0},${i === 9 ? 1 : 0},${number(i)},${number(i * 3)}`)
    expect(remarks(several, 'columnNearlyConstant')).toMatchObject([{ count: 2 }])
  })
  it.each([
    ['two rows that differ', (i: number) => (i === 7 || i === 9 ? 1 : 0), 60],
    ['few rows', (i: number) => (i === 7 ? 1 : 0), 12]
  ])('is not one with %s', (_name, of, n) => {
    const text = rows('a,b,t', (i) => `${of(i)},${number(i)},${number(i * 3)}`, n)
    expect(remarks(text, 'columnNearlyConstant')).toEqual([])
  })
})

it('many columns without anything to tell are one remark', () => {
  const text = rows('a,b,c,d,e,t', (i) => `1,1,1,x,${number(i)},${number(i * 3)}`)
  expect(remarks(text, 'columnConstant')).toMatchObject([{ count: 4 }])
  expect(remarks(text, 'columnConstant')[0]!.message.en).toMatch(/"a", "b", "c", "d"/)
})

it.each([
  ['1900-01-01', '2024-01-0'],
  ['2099-12-31', '2024-01-0'],
  ['1970-01-01 00:00', '2024-01-0']
])('a day in the place of none is told: %s', (mark, day) => {
  const text = rows('d,b,t', (i) => `${i % 9 ? `${day}${1 + (i % 9)}` : mark},${number(i)},${number(i * 3)}`)
  const [found] = remarks(text, 'sentinel')
  expect(found).toMatchObject({ column: 'd', count: 5 })
  expect(found!.message.en).toContain(mark)
  const far = rows('d,b,t', (i) => `${1960 + i}-01-01,${number(i)},${number(i * 3)}`)
  expect(remarks(far, 'sentinel')).toEqual([])
})

it('a column of which rows are for training is told as an input, and not as the target', () => {
  const part = (i: number): string => ['train', 'train', 'Test', 'validation'][i % 4]!
  expect(
    remarks(
      rows('a,part,t', (i) => `${number(i)},${part(i)},${number(i * 3)}`),
      'splitColumn'
    )
  ).toMatchObject([{ column: 'part' }])
  expect(
    remarks(
      rows('a,part', (i) => `${number(i)},${part(i)}`),
      'splitColumn'
    )
  ).toEqual([])
  expect(
    remarks(
      rows('a,b,t', (i) => `${number(i)},${i % 2 ? 'train' : 'bus'},${i}`),
      'splitColumn'
    )
  ).toEqual([])
})

it('thousands of columns and few rows are told', () => {
  const names = Array.from({ length: 3000 }, (_, k) => `g${k}`).join()
  const text = rows(`${names},t`, (i) => `${names.replace(/g(\d+)/g, (_, k) => String(number(+k * i)))},${i % 2}`, 8)
  expect(remarks(text, 'fewRows')).toMatchObject([{ count: 8 }])
  expect(remarks(text, 'columnConstant')).toHaveLength(1)
})

it('a table beside another of the same names is refused', () => {
  const beside = rows('a,t,,a,t', (i) => `${number(i)},${number(i * 3)},,${number(i + 9)},${number(i)}`)
  expect(outcome(beside).problems[0]!.message.en).toMatch(/another table stands beside the first, from column 4/)
  const other = rows('a,b,,c,t', (i) => `${number(i)},${number(i * 3)},,${number(i + 9)},${number(i)}`)
  expect(outcome(other).data!.featureNames).toEqual(['a', 'b', 'c'])
})

it('commas with tabs behind them separate', () => {
  const found = outcome(rows('a,\tb,\tt', (i) => `${number(i)},\t${number(i + 5)},\t${number(i * 3)}`))
  expect(Object.keys(columns(found))).toEqual(['a', 'b', '*'])
  expect(found.remarks).toEqual([])
})

describe('what is no table is refused by its name', () => {
  const bytes = (...parts: (string | number[])[]): Uint8Array =>
    Uint8Array.from(parts.flatMap((p) => (typeof p === 'string' ? [...Buffer.from(p, 'latin1')] : p)))
  it.each<[string, string | Uint8Array]>([
    ['LaTeX', '\\begin{tabular}{ll}\na & b \\\\\n1 & 2 \\\\\n\\end{tabular}\n'],
    ['YAML', '- a: 1\n  b: 2\n- a: 2\n  b: 3\n'],
    ['INI, TOML', '[data]\na = 1\nb = 2\n'],
    ['dictionary as Python', "{'a': [1, 2], 'b': [3, 4]}\n"],
    ['wiki', '{| class="wikitable"\n! a !! b\n|-\n| 1 || 2\n|}\n'],
    ['FASTA', '>s1\nACGT\n>s2\nACGA\n'],
    ['a program', 'import pandas as pd\nprint(1)\n'],
    ['a program', bytes([0x7f], 'ELF', [2, 1, 1, 0])],
    ['PEM', '-----BEGIN CERTIFICATE-----\nMIIB\n'],
    ['Base64', `${'YSxiCjEs'.repeat(8)}\n${'MixiCjEs'.repeat(8)}\nMg==\n`],
    ['DIF', 'TABLE\n0,1\n"EXCEL"\nVECTORS\n0,2\n""\n'],
    ['Python pickle', '(dp0\nVa\np1\n(lp2\nI1\naI2\nas.'],
    ['Python pickle', bytes('}q', [0], 'X', [1, 0, 0, 0], 'a')],
    ['.zsav', bytes('$FL3@(#) SPSS DATA FILE', [0, 0])],
    ['.por', 'ASCII SPSS PORT FILE                    \n'],
    ['SAS transport', 'HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!000'],
    ['GRIB', bytes('GRIB', [0, 0, 0, 2])],
    ['Access', bytes([0, 1, 0, 0], 'Standard Jet DB', [0])],
    ['dBASE', bytes([3, 0x7c, 1, 1, 20, 0, 0, 0, 0x61, 0, 9, 0], Array<number>(20).fill(0), 'A', [0, 0, 0])],
    ['MATLAB', bytes([0, 0, 0, 0, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0], 'x', [0, 63])],
    ['safetensors', bytes([0x40, 0, 0, 0, 0, 0, 0, 0], '{"a":{"dtype":"F32"}}')],
    ['.mp3', bytes('ID3', [3, 0, 0])],
    ['Snappy', bytes([0xff, 6, 0, 0], 'sNaPpY', [1])]
  ])('%s', (name, file) => expect(outcome(file).problems[0]!.message.en).toContain(name))
  it.each([
    ['words that a pickle may begin with', 'cat\ndog\nparrot\n'],
    ['a name such as ID3', rows('ID3,b,t', (i) => `${number(i)},${number(i + 5)},${number(i * 3)}`)],
    ['names of formats', rows('GRIB,OggS,t', (i) => `${number(i)},${number(i + 5)},${number(i * 3)}`)]
  ])('but not %s', (_name, text) =>
    expect(
      outcome(text)
        .problems.map((p) => p.message.en)
        .join()
    ).not.toMatch(/not a table in text/)
  )
})

describe('what stands behind a number in some rows', () => {
  it('is asked for as a flag, and nothing is said to be left out', () => {
    const { problems, remarks } = outcome(rows('a,t', (i) => `${10 + i}${i % 5 ? '' : ' p'},${number(i)}`))
    expect(problems.map((p) => p.message.en).join()).toMatch(/"10 p" has "p" behind it.*if it is a flag/)
    expect(remarks.map((r) => r.message.en).join()).not.toMatch(/left out/)
  })
  it.each(['¹', '²', '⁴'])('is asked for as a footnote or a power: %s', (raised) => {
    const { problems } = outcome(rows('a,t', (i) => `${12 + i}${i % 5 ? '' : raised},${number(i)}`))
    expect(problems.map((p) => p.message.en).join()).toMatch(/"12." has a raised figure behind it: .*footnote/)
  })
  it('is a million of a currency: mm', () => {
    const amounts = ['USD 1.2bn', 'USD 950mm', 'USD 40 MM', 'USD 2tn']
    const out = outcome(
      rows('a,t', (i) => `${amounts[i % 4]},${number(i)}`),
      { standardize: false }
    )
    expect(columns(out)['a']!.slice(0, 4)).toEqual([1.2e9, 950e6, 40e6, 2e12].map(Math.fround))
    expect(out.remarks).toContainEqual(expect.objectContaining({ column: 'a', code: 'numbersDressed', count: 40 }))
  })
  it('stays millimetres of a length', () => {
    const out = outcome(rows('a,t', (i) => `${i + 1} mm,${number(i)}`))
    expect(columns(out)['a']!.slice(0, 2)).toEqual([1, 2])
  })
})

describe('numbers that differ beyond what 64 bits keep', () => {
  const fine = (i: number): string => `1.00000000000000000000${i}`
  it('are not called the same', () => {
    const input = outcome(rows('a,b,t', (i) => `${fine(i)},${number(i)},${number(i * 3)}`))
    const target = outcome(
      rows('a,t', (i) => `${number(i)},${fine(i)}`),
      { task: 'regression' }
    )
    const said = [input, target].map(({ remarks }) => remarks.find((r) => r.code === 'columnConstant')?.message.en)
    expect(said[0]).toMatch(/^column "a" differs only beyond the 17 digits/)
    expect(said[1]).toMatch(/^the target "t" differs only beyond the 17 digits/)
  })
  it('are the same where they are only written otherwise', () => {
    const text = rows('a,b,t', (i) => `${i % 2 ? '1.0' : '1.00'},${number(i)},${number(i * 3)}`)
    expect(remarks(text, 'columnConstant')).toMatchObject([
      { message: { en: expect.stringMatching(/everywhere/) as string } }
    ])
  })
})
