/** Tables that a program printed, and what programs and instruments write around the rows of others. */
// cspell:disable
import { describe, expect, it } from 'vitest'
import { columns, outcome } from './outcome'

const many = (n: number, of: (i: number) => string): string => Array.from({ length: n }, (_, i) => of(i)).join('\n')
const sex = (i: number): string => (i % 2 ? 'cat' : 'dog')
const plain = 'a,b,t\n' + many(24, (i) => `${i},${i * i},${(i * 1.37) % 5}`) + '\n'
const told = (text: string, more = {}): string =>
  outcome(text, more)
    .remarks.map((r) => `${r.code}${r.line ? ` ${r.line}` : ''}: ${r.message.en}`)
    .join('\n')
const refused = (text: string): string =>
  outcome(text)
    .problems.map((p) => p.message.en)
    .join('\n')

const POLARS = (rows: string, n = 24): string =>
  `shape: (${n}, 3)\n┌─────┬────────┬───────┐\n│ age ┆ height ┆ label │\n│ --- ┆ ---    ┆ ---   │\n│ i64 ┆ f64    ┆ str   │\n╞═════╪════════╪═══════╡\n${rows}\n└─────┴────────┴───────┘\n`
const BOXES = (i: number): string => `│ ${20 + i}  ┆ ${150.5 + i}  ┆ ${sex(i)}   │`
const BLANKS = (i: number): string => `${i}    ${20 + i}  ${150.5 + i} ${sex(i)}`
const WHOLE: [string, string][] = [
  ['polars', POLARS(many(24, BOXES))],
  [
    'DuckDB',
    `┌───────┬────────┬─────────┐\n│  age  │ height │  label  │\n│ int32 │ double │ varchar │\n├───────┼────────┼─────────┤\n${many(24, (i) => BOXES(i).replaceAll('┆', '│'))}\n└───────┴────────┴─────────┘\n`
  ],
  ['pandas', `     age  height label\n${many(24, BLANKS)}\n\n[24 rows x 3 columns]\n`],
  ['pandas, with a named index', `     age  height label\nid                     \n${many(24, BLANKS)}\n`],
  ['R', `    age height label\n${many(24, BLANKS)}\n`],
  ['data.table', `     age height label\n${many(24, (i) => ` ${i}:  ${20 + i} ${150.5 + i} ${sex(i)}`)}\n`],
  [
    'a tibble',
    `# A tibble: 24 × 3\n     age height label\n   <int>  <dbl> <chr>\n${many(24, (i) => ` ${i}  ${20 + i} ${150.5 + i} ${sex(i)}`)}\n`
  ],
  [
    'Julia',
    `24×3 DataFrame\n Row │ age    height   label\n     │ Int64  Float64  String\n─────┼────────────────────────\n${many(24, (i) => `   ${i} │ ${20 + i}  ${150.5 + i}  ${sex(i)}`)}\n`
  ],
  [
    'Stata',
    `     +-----------------------+\n     | age   height   label |\n     |-----------------------|\n${many(24, (i) => `${String(i + 1).padStart(3)}. | ${20 + i}   ${150.5 + i}   ${sex(i)} |`)}\n     +-----------------------+\n`
  ],
  [
    'SQL Server',
    `age         height   label\n----------- -------- -----\n${many(24, (i) => `${20 + i}          ${150.5 + i}    ${sex(i)}`)}\n\n(24 rows affected)\n`
  ],
  [
    'Oracle',
    `       AGE     HEIGHT LABEL\n---------- ---------- -----\n${many(24, (i) => `        ${20 + i}      ${150.5 + i} ${sex(i)}`)}\n\n24 rows selected.\n`
  ],
  [
    'MATLAB',
    `    age    height    label\n    ___    ______    _____\n\n${many(24, (i) => `    ${20 + i}    ${150.5 + i}    ${sex(i)}`)}\n`
  ]
]
describe('a table that a program printed is read', () => {
  it.each(WHOLE)('as %s', (_name, text) => {
    const read = columns(outcome(text))
    const [age, height] = [read.age ?? read.AGE!, read.height ?? read.HEIGHT!]
    expect(age).toEqual(Array.from({ length: 24 }, (_, i) => 20 + i))
    expect(height).toEqual(Array.from({ length: 24 }, (_, i) => 150.5 + i))
    expect(read['*']!.slice(0, 2)).toEqual([1, 0])
  })
  it('as a matrix of R', () => {
    const read = columns(
      outcome(`      [,1]  [,2]  [,3]\n${many(24, (i) => ` [${i + 1},]  ${20 + i}  ${i * i}  ${i / 8}`)}\n`)
    )
    expect(read.V1!.slice(0, 2)).toEqual([20, 21])
  })
  it('and a remark names the lines around it', () => {
    expect(told(WHOLE[0]![1])).toContain('comments 1: 6 lines that a program prints around a table were skipped')
    expect(told(WHOLE[3]![1])).toContain('secondHeader 2: line 2 names the first column')
  })
})
describe('a printed table that lacks rows or columns is refused', () => {
  const half = many(5, BLANKS)
  const other = many(5, (i) => BLANKS(i + 200))
  it.each<[string, string, RegExp]>([
    [
      'pandas',
      `     age  height label\n${half}\n..   ...     ...   ...\n${other}\n\n[240 rows x 3 columns]\n`,
      /line 7: "\.\. \.\.\. /
    ],
    ['polars', POLARS(`${many(4, BOXES)}\n│ …   ┆ …      ┆ …     │\n${many(4, BOXES)}`, 240), /line 11: "… /],
    [
      'a number of rows',
      `     age  height label\n${half}\n\n[240 rows x 3 columns]\n`,
      /line 8: says that there are 240 rows/
    ],
    [
      'a tibble',
      `# A tibble: 240 × 3\n     age height label\n   <int>  <dbl> <chr>\n${half}\n# ℹ 235 more rows\n`,
      /line 9: "# ℹ 235 more rows"/
    ],
    [
      'data.table',
      `     age height label\n${many(5, (i) => ` ${i}:  ${20 + i} ${150.5 + i} dog`)}\n ---\n${many(5, (i) => ` ${i + 200}:  ${20 + i} ${150.5 + i} cat`)}\n`,
      /line 7: "---" stands for rows/
    ],
    [
      'R',
      `    age height label\n${half}\n [ reached 'max' / getOption("max.print") -- omitted 100 rows ]\n`,
      /line 7: "\[ reached/
    ],
    [
      'Spark',
      `+---+---+\n|age|  t|\n+---+---+\n${many(9, (i) => `| ${i}| ${i * i}|`)}\n+---+---+\nonly showing top 9 rows\n`,
      /line 14: "only showing/
    ],
    ['columns', `     age  ...  label\n${many(9, (i) => `${i}    ${20 + i}  ... ${sex(i)}`)}\n`, /columns are missing/],
    [
      'blocks',
      `     age  height  \\\n${many(9, (i) => `${i}   ${20 + i} 1.5`)}\n\n     label  \n${many(9, (i) => `${i}  1`)}\n`,
      /in several blocks/
    ],
    [
      'records',
      many(9, (i) => `*************************** ${i + 1}. row ***************************\nage: ${i}\nt: 1.5`),
      /each row as a block/
    ],
    ['NumPy', `[[ 20.   150.5]\n [ 21.   151.5]]\n`, /an array as NumPy prints it/]
  ])('%s', (_name, text, what) => expect(refused(text)).toMatch(what))
  it('but is read as far as it goes where malformed rows are left out', () => {
    const text = `     age  height label\n${half}\n..   ...     ...   ...\n${other}\n\n[240 rows x 3 columns]\n`
    expect(outcome(text, { badRows: 'drop' }).data!.count).toBe(10)
    expect(told(text, { badRows: 'drop' })).toMatch(/malformedRows 7: 1 malformed line was left out: 7/)
  })
})
describe('what a program or an instrument writes around rows is skipped with a remark', () => {
  const log = many(6, (i) => `2024-01-01 12:00:0${i},123 - root - INFO - Loaded file ${i}, ok`)
  it.each<[string, string, RegExp]>([
    ['a log above', `${log}\n${plain}`, /comments 1: 6 lines of the log/],
    ['a log below', `${plain}${log}\n`, /comments 26: 6 lines of the log/],
    ['a log between', plain.replace('\n5,', '\nWARNING: the disk is slow\n5,'), /comments 7: 1 line of the log/],
    [
      'a warning of Python',
      `/usr/lib/x.py:12: UserWarning: old\n  warnings.warn(x)\n${plain}`,
      /comments 1: 2 lines of the log/
    ],
    ['[Data]', `[Header]\nDevice=X\nRate=5\n[Data]\n${plain}`, /titleLines 1: 4 lines around/],
    [
      'a spectrometer',
      `Date: Mon Jan 01 12:00:00 CET 2024\nIntegration Time (sec): 1.0E-1\n>>>>>Begin Spectral Data<<<<<\n${plain}>>>>>End Spectral Data<<<<<\n`,
      /titleLines 1: 4 lines around/
    ],
    [
      'a field in each line',
      `Device,Keithley 2400\nSerial,12345\nDate,2024-01-01\n\n${plain}`,
      /titleLines 1: 3 lines above/
    ],
    [
      'a field in each line, with separators',
      `Device,Keithley,\nSerial,12345,\n,,\n${plain}`,
      /titleLines 1: 2 lines above/
    ]
  ])('%s', (_name, text, what) => {
    expect(columns(outcome(text)).b!.slice(0, 6)).toEqual([0, 1, 4, 9, 16, 25])
    expect(told(text)).toMatch(what)
  })
})
describe('no row is taken for such a line', () => {
  it.each<[string, string, number]>([
    [
      'of a log as a table',
      'time,level,t\n' + many(24, (i) => `2024-01-01 12:00:${10 + i},${i % 3 ? 'INFO' : 'ERROR'},${i * 1.5}`),
      24
    ],
    ['with an error among others', 'status,t\n' + many(24, (i) => `${i % 6 ? 'OK' : 'ERROR: timeout'},${i * 1.5}`), 24],
    [
      'of a log in quotes',
      'text,t\n' + many(8, (i) => `"${i % 4 ? 'x' : 'see\n2024-01-01 12:00:00 INFO done'}",${i * 1.5}`),
      8
    ],
    ['with dots as words', 'a,b,t\n' + many(24, (i) => `${i % 3 ? '...' : 'x'},${i % 2 ? 'y' : 'z'},${i * 1.5}`), 24],
    [
      'with types as words',
      'kind,of,t\n' + many(24, (i) => `${['int', 'str', 'date'][i % 3]},${['bool', 'cat'][i % 2]},${i * 1.5}`),
      24
    ],
    ['with bars of boxes as words', 'sign,t\n' + many(24, (i) => `${['─', '│', '┼'][i % 3]},${i * 1.5}`), 24]
  ])('%s', (_name, text, count) => {
    expect(outcome(text).data!.count).toBe(count)
    expect(told(text)).not.toMatch(/comments|titleLines/)
  })
})

describe('what people and programs leave in a table', () => {
  it('is a long log above it', () => {
    const long = many(60, (i) => `2024-01-01 12:00:${10 + (i % 50)} INFO step ${i}`)
    expect(columns(outcome(`${long}\n${plain}`)).b!.slice(0, 4)).toEqual([0, 1, 4, 9])
    expect(told(`${long}\n${plain}`)).toMatch(/comments 1: 60 lines of the log/)
  })
  it('is more comments than rows', () => {
    const read = outcome(`${many(300, (i) => `# note ${i}`)}\n${plain}`)
    expect(read.data!.count).toBe(24)
    expect(read.remarks.map((r) => r.code)).toContain('comments')
  })
  it('is a line of dots in the place of rows', () =>
    expect(refused(plain.replace('\n7,', '\n...\n7,'))).toMatch(/line 9: "\.\.\." stands for rows/))
  it('is a conflict of Git', () =>
    expect(
      refused(
        plain.replace('\n5,', '\n<<<<<<< HEAD\n5,').replace('\n6,', '\n=======\n6,').replace('\n7,', '\n>>>>>>> x\n7,')
      )
    ).toMatch(/line 7: Git left both sides of a conflict/))
  it('is the header once more in capitals', () => {
    const twice = plain + plain.replace('a,b,t', 'A,B,T').replace(/,(\d)/g, ',1$1')
    expect(outcome(twice).data!.count).toBe(48)
    expect(told(twice)).toMatch(/repeatedHeader 26/)
  })
  it('is what nobody sees in a name, or blanks around the one that is chosen', () => {
    expect(Object.keys(columns(outcome(plain.replace('b', 'b\u200b'))))).toEqual(['a', 'b', '*'])
    expect(outcome(plain, { target: ' t ' }).data!.count).toBe(24)
  })
})
