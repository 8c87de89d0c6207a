import { remark, type Remark } from '../parts/remark'
import { signShown } from './counts'
import type { Decimal } from './numerals'
import { DELIMITER_NAMES, type DelimiterName } from './separators'

/** How many cells are looked at to find the decimal sign of a file. */
const SAMPLE = 200_000
/** How many rows of a table with so many columns are looked at. */
export const sampled = (columns: number): number => Math.max(20, Math.ceil(SAMPLE / Math.max(1, columns)))
/** The decimal sign that most columns show. A comma that separates cells can't be it. */
export function fileDecimal(
  rows: string[][],
  names: readonly string[],
  delimiter: DelimiterName,
  isMissing: (c: string) => boolean
): { sign: Decimal | undefined; shows: boolean } {
  const sample = rows.slice(0, sampled(names.length))
  const votes = { '.': 0, ',': 0 }
  names.forEach((name, i) => {
    const sign = signShown(sample, i, name, isMissing)
    if (sign) votes[sign]++
  })
  const shows = votes['.'] + votes[','] > 0
  const even = delimiter === 'comma' ? '.' : shows ? ',' : undefined
  return { sign: votes['.'] === votes[','] ? even : votes['.'] > votes[','] ? '.' : ',', shows }
}

/** The remark on a separator that nobody chose, unless it is the usual one. */
export function toldDelimiter(delimiter: DelimiterName): Remark[] {
  const { en, zh } = DELIMITER_NAMES[delimiter]
  return delimiter === 'comma'
    ? []
    : [remark('separator', `the columns are separated by ${en}`, `各列以${zh}分隔`, { path: 'data.dataset.delimiter' })]
}
