/** A whole number of many digits as spreadsheets show it, and save it: 4.91E+12 of 4910215838912. */
const SHOWN = /^[1-9](?:[.,]\d{1,5})?E\+(?:0[89]|1\d|2\d)$/
/** The first of these cells if a spreadsheet cut most of them short; undefined of others. */
export function cutShort(cells: readonly string[]): string | undefined {
  const found = cells.filter((cell) => SHOWN.test(cell))
  return found.length * 2 > cells.length ? found[0] : undefined
}
