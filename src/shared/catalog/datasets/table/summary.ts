import { counted } from '../../../base/text'
import { remark, type Remark } from '../parts/remark'
import { looksLikeNumber } from './counts'
import { normal, numeralOf, PLAIN, valueOf } from './numerals'

/** One line of the file, cut into trimmed cells; its number is 1-based. */
export interface Line {
  row: string[]
  line: number
}
/** The ways in which a row may summarise those above it. */
export type Figure = 'sum' | 'mean' | 'median' | 'least' | 'most' | 'spread' | 'share' | 'count'

/** Letters of a name; longer cells are texts, which take long to search. */
const LONGEST = 80
// cspell:disable
const END = String.raw`(?!\p{L}|\p{N})`
const NAMES: readonly (readonly [Figure, RegExp])[] = (
  [
    [
      'sum',
      String.raw`^(?:grand |sub|sub-|sub )?(?:totale?s?|totaal|sums?|(?:summe|gesamt)\p{L}*|insgesamt|somme|suma)${END}|^(?:zwischen|teil)summe|^sous-total|^subtotaal|^(?:总计|總計|总和|合计|合計|小计|小計|汇总)|^промежуточный итог|^итого|^всего`
    ],
    [
      'mean',
      String.raw`^(?:average|avg|mean|durchschnitt|mittelwert|moyenne|media|promedio|gemiddelde|ø)${END}|^(?:平均|均值)|^среднее`
    ],
    ['median', String.raw`^(?:median|médiane|mediana|50 ?%$)${END}|^中位数|^медиана`],
    ['least', String.raw`^(?:min|minimum|mínimo|minimo)\.?${END}|^最小|^минимум`],
    ['most', String.raw`^(?:max|maximum|máximo|massimo)\.?${END}|^最大|^максимум`],
    [
      'spread',
      String.raw`^(?:std|sd|stdev|stddev|standard deviation|st\.? ?dev\.?|std\.? ?dev\.?|standardabweichung|écart[- ]type|desviación|varianz|variance)${END}|^(?:标准差|方差)`
    ],
    ['share', String.raw`^(?:p?\d{1,2}(?:th)? ?(?:%|percentile|quantile)|q[1-3]|quartile ?\d)$`],
    ['count', String.raw`^(?:count|counts|anzahl)${END}|^(?:计数|个数)`]
  ] as const
).map(([figure, pattern]) => [figure, new RegExp(pattern, 'iu')])
// cspell:enable
/** The kind of summary that a cell names; undefined for most cells. */
export const figureNamed = (cell: string): Figure | undefined =>
  cell === '' || cell.length > LONGEST || PLAIN.test(cell) ? undefined : NAMES.find(([, is]) => is.test(cell))?.[0]

/** Numbers of a column under each decimal sign. A cell that is no number counts as 0. */
export const FIGURES = (['.', ','] as const).map((sign) => (cell: string): number => {
  if (PLAIN.test(cell) && (sign === '.' || !cell.includes('.'))) return Number(cell)
  const numeral = cell ? numeralOf(normal(cell)) : undefined
  return (numeral && valueOf(numeral, sign)) ?? 0
})
/** Sums of rows, column by column under each decimal sign, and how many rows they are of. */
export interface Sums {
  rows: number
  by: Float64Array[]
}
/** The sums of no rows. */
export const noSums = (width: number): Sums => ({ rows: 0, by: FIGURES.map(() => new Float64Array(width)) })
/** The same sums, which do not change with them. */
export const copyOf = ({ rows, by }: Sums): Sums => ({ rows, by: by.map((sums) => sums.slice()) })
/** Adds a row. Changes the sums. */
export function add(sums: Sums, row: readonly string[]): void {
  sums.rows++
  FIGURES.forEach((figure, sign) => {
    const own = sums.by[sign]!
    for (let i = 0; i < own.length; i++) own[i]! += figure(row[i] ?? '')
  })
}
/** Whether two sums are equal except for rounding. */
const near = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a))
/** Whether a cell is the sum (or, if asked for, the mean) of its column over the rows from one place to another. */
export const isSumOf = (cell: string, column: number, from: Sums, to: Sums, mean = false): boolean =>
  to.rows > from.rows &&
  FIGURES.some((figure, sign) => {
    const total = figure(cell)
    // A cell that is no number under this sign is no sum.
    if (total === 0 && FIGURES.some((other) => other(cell) !== 0)) return false
    const sum = to.by[sign]![column]! - from.by[sign]![column]!
    return near(sum, total) || (mean && Math.abs(sum / (to.rows - from.rows) - total) <= 0.006 * Math.abs(total))
  })
/** Whether every number of a row is the least, largest or middle one of its column. @param rows that it summarises */
export function isExtreme(figure: Figure, row: readonly string[], rows: readonly Line[]): boolean {
  const columns = row.map((c, i) => (looksLikeNumber(c) && figureNamed(c) === undefined ? i : -1)).filter((i) => i >= 0)
  return (
    columns.length > 0 &&
    FIGURES.some((number) =>
      columns.every((i) => {
        const values = rows.map((l) => number(l.row[i] ?? '')).sort((a, b) => a - b)
        const [low, high] = [values[(values.length - 1) >> 1]!, values[values.length >> 1]!]
        const is = figure === 'least' ? values[0]! : figure === 'most' ? values[values.length - 1]! : (low + high) / 2
        return near(is, number(row[i]!))
      })
    )
  )
}
/** The remark on lines that tell of others and were left out. @param en what they are, of one and of several */
export const leftOut = (lines: readonly Line[], name: string, en: readonly [string, string], zh: string): Remark => {
  const [{ line }] = lines as [Line]
  const shown = JSON.stringify(name.slice(0, 40))
  const count = lines.length
  return remark(
    'totalLines',
    `${counted(count, ...en)}, such as line ${line}: ${shown}`,
    `忽略了 ${zh.replace('#', String(count))}，如第 ${line} 行：${shown}`,
    { line, count }
  )
}
