import Papa from 'papaparse'
import type { Text } from '../../../base/text'

export const DELIMITERS = { comma: ',', semicolon: ';', tab: '\t', pipe: '|', space: ' ' } as const
export type DelimiterName = keyof typeof DELIMITERS
/** The names of separators in remarks. */
export const DELIMITER_NAMES: Record<DelimiterName, Text> = {
  comma: { en: 'commas', zh: '逗号' },
  semicolon: { en: 'semicolons', zh: '分号' },
  tab: { en: 'tabs', zh: '制表符' },
  pipe: { en: 'bars', zh: '竖线' },
  space: { en: 'blanks', zh: '空格' }
}

const DECIMAL_COMMA = /^[+-]?\d+,\d+(?:[eE][+-]?\d+)?%?$/
/** Whether a row is of an empty line: one cell, with nothing in it. */
const isBlank = (row: readonly string[]): boolean => row.length === 1 && row[0]!.trim() === ''

/** Cuts a text into cells. @param preview rows at most; 0: all */
export function cut(text: string, delimiter: DelimiterName, quote: string, preview = 0): Papa.ParseResult<string[]> {
  const source = delimiter === 'space' ? oneBlank(text, quote) : text
  return Papa.parse<string[]>(source, {
    delimiter: DELIMITERS[delimiter],
    newline: '\n',
    quoteChar: quote,
    skipEmptyLines: false,
    preview
  })
}

/** The text without blanks between a separator and the quote that opens a cell: `1, "Rome, IT"`, as people type it. */
export function closedUp(text: string, quote: '"' | "'"): string {
  if (!text.includes(` ${quote}`)) return text
  // What stands in quotes is passed over as a whole; a doubled quote makes two of it.
  const [opens, blanks] =
    quote === '"'
      ? [/[,;\t|\n] +"/, /"[^"]*"|(^|[,;\t|\n]) +(?=")/g]
      : [/[,;\t|\n] +'/, /'[^']*'|(^|[,;\t|\n]) +(?=')/g]
  return opens.test(text) ? text.replace(blanks, (all: string, before?: string) => before ?? all) : text
}

// What looks like a blank: in texts out of documents it often is another character.
const BLANKS = /[ \t\u00a0\u2000-\u200a\u202f\u3000]+/g
const WIDE = /[ \u00a0]{2,}|[ \u00a0]*\t[ \u00a0\t]*/g
/**
 * The text with one blank where runs of them separate cells. Where single blanks cut lines into pieces that differ, and
 * wider gaps cut them evenly, single ones belong to cells, which are quoted for that.
 */
function oneBlank(text: string, quote: string): string {
  const start = text.slice(0, 20_000).replace(/\n[^\n]*$/, '')
  const rows = (text.length > 20_000 ? start : text).split('\n').filter((l) => l.trim() && !COMMENT.test(l))
  const widths = (at: RegExp): number[] => rows.map((l) => l.trim().split(at).length)
  const even = (w: readonly number[]): boolean => w.length > 1 && w.every((n) => n === w[0]) && w[0]! > 1
  if (text.includes(quote) || even(widths(BLANKS)) || !even(widths(WIDE)))
    return text.replace(BLANKS, ' ').replace(/^ | $/gm, '')
  const cells = (l: string): string =>
    l
      .trim()
      .split(WIDE)
      .map((c) => (/\s/.test(c) ? `${quote}${c}${quote}` : c))
      .join(' ')
  return text
    .split('\n')
    .map((l) => (l.trim() ? cells(l) : ''))
    .join('\n')
}
const COMMENT = /^\s*(?:#|\/\/|%)/

/** A first line `sep=;`, as spreadsheets write it. */
export function sepLine(text: string): { delimiter: DelimiterName; length: number } | undefined {
  const m = /^"?sep=(.)"?[ ,;]*\n/i.exec(text)
  const name = m && (Object.keys(DELIMITERS) as DelimiterName[]).find((k) => DELIMITERS[k] === m[1])
  return m && name ? { delimiter: name, length: m[0].length } : undefined
}

/** A cell in typographic quotes. */
const CURLY = /(^|[,;\t|]) ?[“„«]([^“”„«»\n]*)[”“»] ?(?=[,;\t|]|$)/gm
/**
 * The text with straight quotes around its cells, where typographic ones stand around some that hold a separator;
 * undefined of other texts.
 */
export function curlyQuotes(text: string): string | undefined {
  if (!/[“„«]/.test(text) || text.includes('"')) return undefined
  const opened = text.match(/(?:^|[,;\t|]) ?[“„«]/gm)?.length ?? 0
  const quoted = [...text.matchAll(CURLY)]
  if (quoted.length !== opened || !quoted.some((m) => /[,;\t|]/.test(m[2]!))) return undefined
  return text.replace(CURLY, '$1"$2"')
}
/** Single quotes count as quotes where cells are wrapped in them, and no double quote is to be seen. */
export function guessQuote(text: string): '"' | "'" {
  const start = text.slice(0, 20_000)
  if (start.includes('"')) return '"'
  const wrapped = start.match(/(?:^|[,;\t|]) ?'(?:[^'\n]|'')*' ?(?=[,;\t|]|$)/gm)?.length ?? 0
  const opened = start.match(/(?:^|[,;\t|]) ?'/gm)?.length ?? 0
  return wrapped > 1 && wrapped === opened ? "'" : '"'
}

/**
 * The separator that cuts the first rows most evenly, then the one that makes most columns of them. A comma that stands
 * inside of numbers of another cut is a decimal comma. Blanks separate where nothing else does.
 */
export function guessDelimiter(source: string, quote: string): DelimiterName {
  const text = withoutComments(source)
  const names = ['tab', 'semicolon', 'pipe', 'comma'] as const
  const cuts = names.map((name) => ({ name, ...evenness(cut(text, name, quote, 60).data) }))
  const even = Math.max(...cuts.map((c) => c.even))
  // Of commas with tabs behind them the commas separate, and so on.
  const best = cuts.filter((c) => c.even === even && !cuts.some((o) => o !== c && o.even === even && endsIn(c.rows, o)))
  const blanks = { name: 'space' as const, ...evenness(cut(text, 'space', quote, 60).data) }
  const spaced = blanks.width > 1 && (blanks.even > 0.9 || (even < 0.5 && isBelowTitle(blanks.rows, blanks.width)))
  // Cells that hold numbers with blanks between them are several.
  const several =
    best.some((c) => c.rows.filter((r) => r.some(holdsTwoNumbers)).length * 2 > c.rows.length) &&
    !best.some((c) => even === 1 && holdsBlanks(c, blanks))
  if (spaced && (even < 0.9 || several)) return 'space'
  if (!even) return 'comma'
  const other = best.find((c) => c.name !== 'comma' && commasAreDecimal(c.rows))
  if (other) return other.name
  return best.reduce((a, b) => (b.width > a.width ? b : a)).name
}
/** The text without the comments above its table, which hold words of any number. */
function withoutComments(text: string): string {
  const rest = text.replace(/^(?:[ \t]*(?:#|\/\/|%)[^\n]*\n|[ \t]*\n)+/, '')
  // Where all lines begin so, these are cells: #1, %12.
  return rest.includes('\n') ? rest : text
}
/** Whether all rows but a few at the top are as wide as this, and hold numbers: what stands above is a title. */
function isBelowTitle(rows: readonly string[][], width: number): boolean {
  const at = rows.findIndex((r) => r.length === width)
  const table = rows.slice(at)
  return (
    at > 0 &&
    at < 6 &&
    table.length > 2 &&
    table.every((r) => r.length === width) &&
    table.slice(1).every((r) => r.some((c) => /^[-+]?\d/.test(c)))
  )
}
/** The share of rows with the commonest width above 1, that width, and the rows. */
function evenness(data: string[][]): { even: number; width: number; rows: string[][] } {
  const rows = data.filter((r) => !isBlank(r))
  const widths = new Map<number, number>()
  for (const r of rows) if (r.length > 1) widths.set(r.length, (widths.get(r.length) ?? 0) + 1)
  const [width, times] = [...widths].reduce((a, b) => (b[1] > a[1] ? b : a), [0, 0] as [number, number])
  // Names of R are one fewer than columns.
  const names = rows.length > 2 && width > 2 && rows[0]!.length === width - 1 ? 1 : 0
  return { even: (times + names) / Math.max(1, rows.length), width, rows }
}
/** Whether every cell but the last of each row ends with another separator. */
const endsIn = (rows: readonly string[][], other: { name: DelimiterName }): boolean =>
  rows.every((r) => r.length < 2 || r.slice(0, -1).every((c) => c.trimEnd().endsWith(DELIMITERS[other.name])))
/**
 * Whether blanks belong to cells that another sign separates in every line: they cut what this sign separates into
 * pieces that are no cells (of `+1 555 123,0.5`), or leave a first line of names in one piece.
 */
const holdsBlanks = (
  by: { name: DelimiterName; rows: string[][] },
  blanks: { rows: string[][]; width: number }
): boolean =>
  (by.rows[0]!.every((c) => c.trim() !== '' && !/\d/.test(c)) && blanks.rows[0]!.length < blanks.width) ||
  blanks.rows.flat().some((c) => c.includes(DELIMITERS[by.name]) && !(by.name === 'comma' && DECIMAL_COMMA.test(c)))
const commasAreDecimal = (rows: readonly string[][]): boolean => {
  const cells = rows.flat().filter((c) => c.includes(','))
  return cells.length > 0 && cells.every((c) => DECIMAL_COMMA.test(c.trim()))
}
/** `5 2` and the like: no number with thousands, so that blanks separate several. */
const holdsTwoNumbers = (cell: string): boolean =>
  /^[+-]?[\d.]+(?: +[+-]?[\d.]+)+$/.test(cell.trim()) && !/^\d{1,3}( \d{3})+$/.test(cell.trim())
