/**
 * A row of two texts side by side: numbers of the lines from 1, and their texts; one side is absent where it has none.
 */
export interface DiffRow {
  before?: { line: number; text: string }
  after?: { line: number; text: string }
  isSame: boolean
}

/** For each pair of ends of two lists, how many of their lines can be kept in order. */
function kept(a: readonly string[], b: readonly string[]): Uint32Array[] {
  const table = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      table[i]![j] = a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!)
  return table
}

/** Two texts line by line, as few lines changed as can be; lines that replace one another share a row. */
export function diffLines(before: string, after: string): DiffRow[] {
  const [a, b] = [before, after].map((t) => t.replace(/\n$/, '').split('\n')) as [string[], string[]]
  const table = kept(a, b)
  const rows: DiffRow[] = []
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      rows.push({ before: { line: i + 1, text: a[i]! }, after: { line: j + 1, text: b[j]! }, isSame: true })
      i++
      j++
      continue
    }
    const [from, to] = [i, j]
    while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j]))
      if (j === b.length || (i < a.length && table[i + 1]![j]! >= table[i]![j + 1]!)) i++
      else j++
    for (let k = 0; k < Math.max(i - from, j - to); k++)
      rows.push({
        ...(from + k < i && { before: { line: from + k + 1, text: a[from + k]! } }),
        ...(to + k < j && { after: { line: to + k + 1, text: b[to + k]! } }),
        isSame: false
      })
  }
  return rows
}

/** How many places of a text differ, a place being rows in a row. */
export const placesOf = (rows: readonly DiffRow[]): number =>
  rows.filter((r, i) => !r.isSame && (i === 0 || rows[i - 1]!.isSame)).length

/** Lines around a place that are told with it. */
const AROUND = 3

/** Rows that are shown: those of the places with some around, and in between how many are left out. */
export function folded(rows: readonly DiffRow[]): (DiffRow | { from: number; to: number })[] {
  const isShown = rows.map((_, i) => rows.slice(Math.max(0, i - AROUND), i + AROUND + 1).some((r) => !r.isSame))
  const out: (DiffRow | { from: number; to: number })[] = []
  rows.forEach((row, i) => {
    if (isShown[i]) return void out.push(row)
    const last = out[out.length - 1]
    if (last && 'from' in last) last.to = row.before!.line
    else out.push({ from: row.before!.line, to: row.before!.line })
  })
  return out
}

/** The first and the last place in which two lines differ, as lengths of what both begin and end with. */
export function sameEnds(a: string, b: string): { head: number; tail: number } {
  const most = Math.min(a.length, b.length)
  let head = 0
  while (head < most && a[head] === b[head]) head++
  let tail = 0
  while (tail < most - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  return { head, tail }
}

/** Two texts as a unified diff, as `patch` reads it; empty where they are equal. @param name of the file */
export function unified(name: string, before: string, after: string): string {
  const rows = diffLines(before, after)
  if (!placesOf(rows)) return ''
  const out = [`--- a/${name}`, `+++ b/${name}`]
  let i = 0
  while (i < rows.length) {
    const first = rows.findIndex((r, k) => k >= i && !r.isSame)
    if (first < 0) break
    const start = Math.max(i, first - AROUND)
    let end = first
    for (let k = first; k < rows.length && k <= end + 2 * AROUND + 1; k++) if (!rows[k]!.isSame) end = k
    const hunk = rows.slice(start, Math.min(rows.length, end + AROUND + 1))
    const range = (side: 'before' | 'after'): string => {
      const lines = hunk.flatMap((r) => (r[side] ? [r[side].line] : []))
      const above = rows.slice(0, start).filter((r) => r[side]).length
      return `${lines[0] ?? above},${lines.length}`
    }
    out.push(`@@ -${range('before')} +${range('after')} @@`)
    for (let k = 0; k < hunk.length;) {
      if (hunk[k]!.isSame) {
        out.push(` ${hunk[k++]!.before!.text}`)
        continue
      }
      const stop = hunk.findIndex((r, n) => n > k && r.isSame)
      const changed = hunk.slice(k, stop < 0 ? undefined : stop)
      out.push(...changed.flatMap((r) => (r.before ? [`-${r.before.text}`] : [])))
      out.push(...changed.flatMap((r) => (r.after ? [`+${r.after.text}`] : [])))
      k += changed.length
    }
    i = start + hunk.length
  }
  return `${out.join('\n')}\n`
}
