/** What stands for a missing value unless other marks are chosen; an empty cell always does. */
export const DEFAULT_MARKS = 'NA, N/A, #N/A, NaN, ?, null, <NA>'

/**
 * Recognises cells that stand for a missing value: empty ones, and these marks in upper or lower case. A mark that is a
 * number matches every way to write that number.
 * @param marks separated by commas
 */
export function missingBy(marks: string): (cell: string) => boolean {
  const list = marks
    .split(/[,，;；]/)
    .map((m) => m.trim())
    .filter(Boolean)
  const words = new Set(list.map((m) => m.toLowerCase()))
  const numbers = new Set(list.filter((m) => /^[+\-−]?\.?\d[\d.]*$/.test(m)).map((m) => Number(m.replace('−', '-'))))
  const longest = Math.max(0, ...list.map((m) => m.length))
  return (cell) =>
    cell === '' ||
    (cell.length <= longest && words.has(cell.toLowerCase())) ||
    (numbers.size > 0 && cell.length < 12 && numbers.has(Number(cell.replace('−', '-').replace(',', '.'))))
}
