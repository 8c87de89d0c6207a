import { describe, expect, it } from 'vitest'
import { datasets } from '@shared/catalog/datasets'
import { inspectCsv } from '@shared/catalog/datasets/table/inspect'
import { DEFAULT_MARKS } from '@shared/catalog/datasets/table/marks'
import { readTable } from '@shared/catalog/datasets/table/read'
import { makeRng } from '@shared/base/random/rng'
import { defaultsOf } from '@shared/base/params'

/** A mark that no cell has: with it the general reader is taken, since a number may stand for a missing value. */
const GENERAL = `${DEFAULT_MARKS}, -987654321`

const rng = makeRng(7, 'tables')
const whole = (most: number): number => Math.floor(rng.uniform() * most)
const digits = (n: number): string => Array.from({ length: n }, () => whole(10)).join('')
/** How cells of a column are written. */
const STYLES: Record<string, () => string> = {
  decimals: () => rng.normal().toFixed(6),
  whole: () => String(whole(1000) - 500),
  classes: () => String(whole(3)),
  constant: () => '1.5',
  thousands: () => `${1 + whole(99)}.${digits(3)}`,
  threeDecimals: () => `${whole(3)}.${digits(3)}`,
  exact: () => String(rng.normal() * 10 ** (whole(60) - 30)),
  long: () => `0.${digits(20)}`,
  exponents: () => `${whole(100)}.${digits(2)}${rng.uniform() < 0.5 ? 'e' : 'E'}${whole(40) - 20}`,
  odd: () => ['+1', '.5', '5.', '-.25', '1e3', '-0', '0.0'][whole(7)]!,
  codes: () => digits(3),
  ids: () => digits(17),
  huge: () => `${1 + whole(9)}e${30 + whole(12)}`,
  large: () => String(2 ** 24 + whole(9)),
  near: () => (1e6 + whole(50) / 1000).toFixed(3),
  sentinel: () => (rng.uniform() < 0.2 ? '-999' : rng.normal().toFixed(2)),
  days: () => `20${10 + whole(10)}0${1 + whole(9)}${10 + whole(18)}`,
  clocks: () => `${10 + whole(10)}.${10 + whole(49)}`
}
const NAMES = ['a', 'id', 'time', 'date', 'weight', 'y', 'label', 'rowId', 'target', 'month', 'a', '大小']
function table(styles: string[], rows: number, sign = ',', end = '\n'): string {
  const names = styles.map((_, i) => NAMES[(i + whole(3)) % NAMES.length]!)
  const lines = [names, ...Array.from({ length: rows }, () => styles.map((s) => STYLES[s]!()))]
  return lines.map((l) => l.join(sign)).join(end) + (rng.uniform() < 0.5 ? end : '')
}
/** What a reader made of a text, without its functions. */
const plainOf = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, v: unknown) =>
      v instanceof Float64Array || v instanceof Float32Array ? Array.from(v, String) : v
    )
  )
const told = (text: string, marks: string): unknown => {
  const outcome = (make: () => unknown): unknown => {
    try {
      return plainOf(make())
    } catch (error) {
      return String(error)
    }
  }
  const csv = datasets.get('csv')
  const params = { ...defaultsOf(csv.fields), file: 'a.csv', marks }
  const of = (meant: 'regression' | 'classification'): unknown => {
    const ctx = { readFile: () => text, seed: 1, meant }
    return outcome(() => ({
      data: csv.load(params, ctx as never),
      remarks: csv.remarks!(params, ctx as never),
      guesses: csv.guesses!(params, ctx as never)
    }))
  }
  return { report: plainOf(inspectCsv(text, { marks })), numbers: of('regression'), classes: of('classification') }
}

describe('a table of plain numbers', () => {
  const all = Object.keys(STYLES)
  it.each(all)('is read as the general reader reads it: %s beside others', (style) => {
    for (let k = 0; k < 6; k++) {
      const others = Array.from({ length: 1 + whole(5) }, () => all[whole(all.length)]!)
      const styles = [style, ...others].sort(() => rng.uniform() - 0.5)
      const text = table(styles, 2 + whole(60), [',', ';', '\t', '|'][whole(4)], ['\n', '\r\n', '\r'][whole(3)])
      expect(readTable(text).plain, text).toBeDefined()
      expect(told(text, DEFAULT_MARKS), text).toEqual(told(text, GENERAL))
    }
  })
  it('is one beyond the numbers that are kept of a column, too', () => {
    const text = table(['decimals', 'whole', 'sentinel', 'large', 'ids', 'classes'], 12_000)
    expect(told(text, DEFAULT_MARKS)).toEqual(told(text, GENERAL))
  })
  it('is told without its cells, which are cut when somebody asks for them', () => {
    const text = table(['decimals', 'whole', 'thousands'], 30, ';')
    const read = readTable(text)
    const general = readTable(text, { marks: GENERAL })
    expect(read.plain).toBeDefined()
    expect(general.plain).toBeUndefined()
    expect(read.rows).toEqual(general.rows)
    expect(read.plain!.column(0)!.numbers).toEqual(Float64Array.from(general.rows, (r) => Number(r[0])))
    // 12.345 everywhere may be thousands: its cells say.
    expect(read.plain!.column(2)).toBeUndefined()
    expect(read.plain!.cells(2)).toEqual(general.rows.map((r) => r[2]))
  })
  it.each([
    ['a word', 'a,b\n1,2\n3,x\n'],
    ['a gap', 'a,b\n1,2\n3,\n'],
    ['a short row', 'a,b\n1,2\n3\n'],
    ['a long row', 'a,b\n1,2\n3,4,5\n'],
    ['an empty line', 'a,b\n1,2\n\n3,4\n'],
    ['a title', 'My table\na,b\n1,2\n3,4\n'],
    ['a comment', '# a,b\n1,2\n3,4\n'],
    ['names of numbers', '1,2\n3,4\n5,6\n'],
    ['no name', 'a,\n1,2\n3,4\n'],
    ['a name that marks a missing value', 'a,NA\n1,2\n3,4\n'],
    ['quotes', '"a","b"\n1,2\n3,4\n'],
    ['blanks', 'a, b\n1, 2\n3, 4\n'],
    ['a decimal comma', 'a;b\n1,5;2\n3;4\n'],
    ['two exponents', 'a,b\n1e2e3,2\n3,4\n'],
    ['a sign alone', 'a,b\n1,-\n3,4\n'],
    ['a point alone', 'a,b\n1,.\n3,4\n'],
    ['an exponent without digits', 'a,b\n1,2e\n3,4\n'],
    ['a hexadecimal number', 'a,b\n1,0x1\n3,4\n'],
    ['infinity', 'a,b\n1,Infinity\n3,4\n'],
    ['one row', 'a,b\n1,2\n'],
    ['one column', 'a\n1\n2\n']
  ])('is none with %s', (_, text) => {
    expect(readTable(text).plain).toBeUndefined()
  })
})
