import { normal } from './numerals'

// cspell:ignore NSEWO
const NUMBER = String.raw`(\d+(?:[.,]\d+)?)`
const numberOf = (text: string | undefined): number => Number((text ?? '0').replace(',', '.'))
const DEGREES = new RegExp(
  String.raw`^([NSEWO])? ?([+-])?${NUMBER} ?°? ?(?:${NUMBER}(?: ?['′] ?| +|(?= ?[NSEWO]?$)))?(?:${NUMBER} ?(?:["″]|''|′′)?)? ?([NSEWO])?$`
)
/**
 * Degrees with minutes and seconds, or with the hemisphere before them. S and W are negative. Undefined for other
 * cells.
 */
export function degreesOf(cell: string): number | undefined {
  const text = normal(cell)
  const m = DEGREES.exec(text)
  if (!m || (m[1] && m[6]) || !(text.includes('°') || m[1])) return undefined
  const [minutes, seconds] = [numberOf(m[4]), numberOf(m[5])]
  if (minutes >= 60 || seconds >= 60 || numberOf(m[3]) > 360) return undefined
  const value = numberOf(m[3]) + minutes / 60 + seconds / 3600
  return m[2] === '-' || /[SW]/.test(m[1] ?? m[6] ?? '') ? -value : value
}

// cspell:ignore länge breite latitu longitu
const NAMED = /^(?:geo_?)?(?:lat|lon|lng)(?![a-z])|latitu|longitu|coord|breite|länge|纬|经/i
/** A diagnosis of the ICD: E11.9. */
const DIAGNOSIS = /^[A-Z]\d\d(?:\.\d+)?$/
/**
 * Whether letters before numbers are hemispheres. Without a degree sign S1 and S2 may be anything, such as samples,
 * stages or diagnoses. Then both hemispheres of an axis with decimals must be there, or the column's name must say so.
 */
export function areDegrees(cells: readonly string[], name: string): boolean {
  const first = cells.filter((c) => /^[NSEWO]/.test(c))
  if (!first.length || cells.some((c) => /[°'′]/.test(c)) || NAMED.test(name)) return true
  const halves = [...new Set(first.map((c) => c[0]!))].sort().join('')
  return /^(?:NS|EW|OW)$/.test(halves) && first.some((c) => /[.,]/.test(c)) && !first.every((c) => DIAGNOSIS.test(c))
}
