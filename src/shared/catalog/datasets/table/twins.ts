import { remark, type Remark } from '../parts/remark'
import { at } from './faults'
import { normal, PLAIN } from './numerals'

const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/g
// cspell:disable
/** Letters of other scripts that look like Latin ones, and the Latin ones. */
const LIKE: Readonly<Record<string, string>> = Object.fromEntries(
  (
    [
      ['АВЕКМНОРСТХУЅІЈаеорсухѕіј', 'ABEKMHOPCTXYSIJaeopcyxsij'],
      ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο', 'ABEZHIKMNOPTYXo']
    ] as const
  ).flatMap(([other, latin]) => [...other].map((c, i) => [c, latin[i]!]))
)
// cspell:enable
/** Remarks of one column. */
const MOST = 5

/** A key that is the same for texts that look alike. */
function looks(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replace(INVISIBLE, '')
    .replace(/[‐-―−]/g, '-')
    .replace(/[‘’ʼ`´]/g, "'")
    .replace(/[“”„]/g, '"')
    .replace(/\s+/g, ' ')
    .trim()
  // A word all of whose letters have a twin in another script: А and A.
  const letters = [...plain].map((c) => LIKE[c] ?? c).join('')
  return (/[^\u0000-\u024f]/.test(letters) ? plain : letters).toLowerCase()
}
/** A key for numbers by their value, and for other texts by their looks without a final point. */
function key(text: string): string {
  const number = normal(text)
  return PLAIN.test(number) ? String(Number(number)) : looks(text).replace(/(?<=\p{L})\.$/u, '')
}

/**
 * Texts that differ and look alike, of which a person may have meant one: the remarks on them.
 * @param column its name @param values different ones @param path of the field that chose the column
 */
export function twins(column: string, values: Iterable<string>, path = at('target')): Remark[] {
  const known = new Map<string, string>()
  const out: Remark[] = []
  for (const v of values) {
    const own = key(v)
    const twin = known.get(own)
    known.set(own, v)
    if (twin === undefined) continue
    const [en, zh] =
      twin.toLowerCase() === v.toLowerCase()
        ? ['differ in capital letters only', '仅大小写不同']
        : PLAIN.test(normal(v))
          ? ['are one number, written in two ways', '是同一个数的两种写法']
          : ['look alike and differ in their characters', '看似相同但字符不同']
    out.push(
      remark(
        'classesByCase',
        `"${twin}" and "${v}" in column "${column}" ${en}; they count as two`,
        `列“${column}”中的“${twin}”与“${v}”${zh}，按两类处理`,
        { path, column }
      )
    )
    if (out.length === MOST) break
  }
  return out
}

/**
 * Cells that are the same but for blanks around them, which are cut off: the remarks on them, one for each column.
 * @param rows as they stand in the file, that of names first
 * @param names of the columns
 */
export function blanksCutOff(rows: readonly (readonly string[])[], names: readonly string[]): Remark[] {
  const padded = names.map(() => new Set<string>())
  const bare = names.map(() => new Set<string>())
  for (const row of rows)
    names.forEach((_, i) => {
      const cell = row[i]
      if (!cell || !BLANK.test(cell)) return
      const text = cell.trim()
      if (WORDS.test(text) && padded[i]!.size < KEPT) padded[i]!.add(text)
    })
  const odd = padded.flatMap((set, i) => (set.size ? [i] : []))
  if (!odd.length) return []
  for (const row of rows) for (const i of odd) if (padded[i]!.has(row[i] ?? '')) bare[i]!.add(row[i]!)
  return odd.flatMap((i) => {
    const [word] = bare[i]!
    if (word === undefined) return []
    return [
      remark(
        'blanksCutOff',
        `cells of column "${names[i]}" such as "${word}" stand with and without blanks around them; these were cut off, and they count as one`,
        `列“${names[i]}”中“${word}”等单元格有的带首尾空格，有的不带；空格已去掉，按同一值处理`,
        { column: names[i]! }
      )
    ]
  })
}
const BLANK = /^\s|\s$/
const WORDS = /\p{L}/u
/** Different cells of a column that are kept. */
const KEPT = 1000
