import { headRows } from './cells'
import { fileDecimal, sampled, toldDelimiter } from './fileSigns'
import { uniqueNames } from './header'
import { DEFAULT_MARKS } from './marks'
import { plainTable } from './plain'
import type { ReadOptions, Table } from './table'
import type { DelimiterName } from './separators'

/** The table of a text that holds nothing but plain numbers below its names; undefined of others. */
export function readPlain(
  text: string,
  chosen: DelimiterName | undefined,
  options: ReadOptions,
  isMissing: (cell: string) => boolean
): Table | undefined {
  const { decimal = 'auto', header = 'auto', dates = 'auto', marks = DEFAULT_MARKS } = options
  // A number may stand for a missing value, and a sign that was chosen may fit none.
  if (decimal !== 'auto' || header === 'no' || /\d/.test(marks)) return undefined
  const plain = plainTable(text, chosen, isMissing)
  if (!plain) return undefined
  if (plain.endsInSums) return undefined
  const { delimiter, count } = plain
  const remarks = chosen ? [] : toldDelimiter(delimiter)
  const names = uniqueNames(plain.names, remarks)
  const found = fileDecimal(headRows(plain, sampled(names.length)), names, delimiter, isMissing)
  if (found.sign === ',') return undefined
  let rows: string[][] | undefined
  return {
    delimiter,
    header: true,
    decimal: found.sign ?? '.',
    isMissing,
    evidence: { decimal: undefined, fileDecimal: found.sign, fileShows: found.shows, dates },
    names,
    count,
    get rows() {
      return (rows ??= headRows(plain, count))
    },
    lines: Array.from({ length: count }, (_, i) => i + 2),
    plain,
    bad: [],
    remarks,
    problems: []
  }
}
