// cspell:ignore BEZUG
import { remark, type Remark } from '../parts/remark'
import { at } from './faults'
import { looksLikeNumber } from './counts'
import { monthNamed, writtenDate } from './dates'
import { normal } from './numerals'

/** How a spreadsheet writes the date that it made of a word: 2-Sep, Oct-19, 01. Mrz. */
const SHORT = /^(?:\d{1,2}[-. ]{1,2}(\p{L}{3,4})\.?|(\p{L}{3,4})\.?[- ]\d{2})$/u
const EXCEL_ERROR = /^#(?:N\/A|REF!|VALUE!|NAME\?|DIV\/0!|NUM!|NULL!|WERT!|NV|BEZUG!)$/
/** Whether a cell looks like a date without its year, as spreadsheets show what they made of MARCH1 or 10-19. */
function isShortDate(cell: string): boolean {
  const m = SHORT.exec(cell)
  return !!m && monthNamed((m[1] ?? m[2])!) !== undefined
}
/** Whether a cell is a date, with its year or without. */
export const isDay = (cell: string): boolean => isShortDate(cell) || writtenDate(normal(cell)) !== undefined
const isSpoilt = (cell: string): boolean => isDay(cell) || EXCEL_ERROR.test(cell)

/**
 * The remark on words of which a spreadsheet may have made dates or errors: 2-Sep (SEPT2) among names of genes.
 * @param column its name @param words different cells of a column of words
 */
export function spoiltWords(column: string, words: readonly string[]): Remark[] {
  const found = words.filter(isSpoilt)
  if (!found.length || found.length * 2 >= words.length) return []
  // Where the other cells are numbers or dates as well, a date is not suspicious.
  if (words.filter((w) => !isSpoilt(w) && looksLikeNumber(w)).length * 2 >= words.length) return []
  const shown = found.slice(0, 3).map((w) => JSON.stringify(w))
  const count = found.length
  return [
    remark(
      'datesAmongWords',
      `column "${column}": ${shown.join(', ')}${count > 3 ? ` … (${count})` : ''} ${count > 1 ? 'look' : 'looks'} like what a spreadsheet made of another word (2-Sep of SEPT2, #NAME? of -cell): ${count > 1 ? 'each counts' : 'it counts'} as a word of its own; write the words as they were`,
      `列“${column}”：${shown.join('、')}${count > 3 ? ` …（${count}）` : ''} 像是电子表格把其他文字改成的（如 SEPT2 变为 2-Sep，-cell 变为 #NAME?）：现各作为一个词；请恢复原来的文字`,
      { path: at('categorical'), column, count }
    )
  ]
}
