import type { Experiment } from '../../../experiment/types'

/** What a run of a ready experiment recorded, small enough for a picture of the gallery. */
export interface Recorded {
  /** `fingerprint` of the experiment that was run. */
  of: string
  statistic: string
  /** Layers with a kernel, or time steps, the first one first. */
  rows: number
  /** Recorded steps, evenly spread. */
  columns: number
  /** Row by row; two letters a cell, see `packed`. */
  cells: string
}
/** At most this many layers and steps. */
export const PICTURE = { rows: 24, columns: 40 }

/** Tells whether an experiment is still the one that was recorded, whatever its name and the versions of entries. */
export function fingerprint(e: Experiment): string {
  const text = JSON.stringify({ ...e, name: '', entries: undefined })
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return (h >>> 0).toString(16).padStart(8, '0')
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz'
/** log₁₀ from −48 in steps of 1/13: under 10 % of the value, enough for a colour. */
const [LOW, FINE] = [-48, 13]
const SPECIAL = { nan: '~n', inf: '~i', zero: '~0' }

/** A size in two letters. */
export function packed(v: number): string {
  if (Number.isNaN(v)) return SPECIAL.nan
  if (!Number.isFinite(v)) return SPECIAL.inf
  if (v === 0) return SPECIAL.zero
  const n = Math.max(0, Math.min(36 * 36 - 1, Math.round((Math.log10(Math.abs(v)) - LOW) * FINE)))
  return DIGITS[Math.floor(n / 36)]! + DIGITS[n % 36]!
}
/** A size from its two letters, to a tenth of itself. */
export function unpacked(letters: string): number {
  if (letters === SPECIAL.nan) return NaN
  if (letters === SPECIAL.inf) return Infinity
  if (letters === SPECIAL.zero) return 0
  return 10 ** ((DIGITS.indexOf(letters[0]!) * 36 + DIGITS.indexOf(letters[1]!)) / FINE + LOW)
}
/** `count` indices of `length`, evenly spread, both ends included. */
export const spread = (length: number, count: number): number[] =>
  length <= count
    ? Array.from({ length }, (_, i) => i)
    : Array.from({ length: count }, (_, i) => Math.round((i * (length - 1)) / (count - 1)))
