/** One CSV cell: quoted where needed; text that a spreadsheet would take for a formula is guarded by an apostrophe. */
export function csvCell(value: string | number): string {
  if (typeof value === 'number') return String(value)
  const guarded = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\n\r]/.test(guarded) ? `"${guarded.replace(/"/g, '""')}"` : guarded
}
