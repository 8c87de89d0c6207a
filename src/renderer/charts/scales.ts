import {
  css,
  DIVERGING,
  hex,
  INFINITE,
  inkOn,
  MAGNITUDE,
  mix,
  NAN_A,
  NAN_B,
  ZERO,
  ZERO_DOT,
  type RGB
} from '@shared/base/colour'
import type { Scale } from '@shared/catalog/statistics/types'
import { DEFAULT_RANGE, type Range } from './range'
import { themeOf } from './theme'

const isDiverging = (scale: Scale): boolean => scale === 'ratio' || scale === 'linear'

/**
 * Colour at a share 0 … 1 of the way along a scale (colour bars). Shares and counts of what is bad rise from neutral,
 * on the growing side.
 */
export function colourAlong(u: number, scale: Scale, dark: boolean): RGB {
  if (scale === 'log') return mix(MAGNITUDE, u)
  const stops = dark ? DIVERGING.dark : DIVERGING.light
  return isDiverging(scale) ? mix(stops, u) : mix(stops.slice(3), u)
}

/** Where a finite value lies in a range, 0 … 1, unclamped. Log scales take the magnitude. */
export function along(value: number, scale: Scale, [low, high]: Range): number {
  const x =
    scale === 'log' || scale === 'count'
      ? Math.max(-1e3, Math.log10(Math.abs(value)))
      : scale === 'ratio'
        ? Math.log2(Math.abs(value))
        : value
  return (x - low) / (high - low)
}
/** The value at a share of a range: inverse of `along`. */
export function valueAlong(u: number, scale: Scale, [low, high]: Range): number {
  const x = low + u * (high - low)
  return scale === 'log' || scale === 'count' ? 10 ** x : scale === 'ratio' ? 2 ** x : x
}

/** Zero has a colour of its own where it is off the scale. A count of 0 is the lowest one. */
export const zeroIsSpecial = (scale: Scale): boolean => scale === 'log' || scale === 'ratio'

/** Colour of any value: NaN, ±Inf and (on log scales) exact zero as themselves. */
export function colourOf(value: number, scale: Scale, range: Range = DEFAULT_RANGE[scale], dark = false): RGB {
  if (Number.isNaN(value)) return NAN_A
  if (!Number.isFinite(value)) return INFINITE
  if (value === 0 && zeroIsSpecial(scale)) return ZERO
  return colourAlong(along(value, scale, range), scale, dark)
}

/**
 * How a chip with this value looks: NaN hatched, an exact zero dotted where it is off the scale, else its colour with
 * readable ink.
 */
export function chipLook(
  value: number | undefined,
  scale: Scale,
  range: Range,
  dark: boolean
): { class?: string; style?: Record<string, string> } {
  if (value === undefined) return {}
  if (Number.isNaN(value)) return { class: 'k-nan', style: { color: '#000' } }
  if (value === 0 && zeroIsSpecial(scale)) return { class: 'k-zero', style: { color: '#000' } }
  const colour = colourOf(value, scale, range, dark)
  return { style: { background: css(colour), color: inkOn(colour) } }
}

/**
 * One RGBA pixel as a little-endian Uint32 (ImageData's order in memory; every platform Electron runs on is
 * little-endian).
 */
export const pixel = ([r, g, b]: RGB): number => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0

/**
 * Colours of all float32 values by the upper 16 of their bits: sign, exponent and 7 bits of mantissa, under 1 % of the
 * value. One look-up instead of a logarithm per cell.
 */
export function lookUpTable(scale: Scale, range: Range, dark: boolean): Uint32Array {
  const table = new Uint32Array(65536)
  const bits = new Uint32Array(1)
  const float = new Float32Array(bits.buffer)
  for (let i = 0; i < 65536; i++) {
    // The middle of the values that share these bits.
    bits[0] = ((i << 16) | 0x8000) >>> 0
    const v = float[0]!
    table[i] = Number.isFinite(v) ? pixel(colourAlong(along(v, scale, range), scale, dark)) : 0
  }
  return table
}

/** The pixels of what is off the scale. */
export interface SpecialPixels {
  nanA: number
  nanB: number
  infinite: number
  zero: number
  zeroDot: number
  empty: number
  emptyLine: number
}
export function specialPixels(dark: boolean): SpecialPixels {
  const t = themeOf(dark)
  return {
    nanA: pixel(NAN_A),
    nanB: pixel(NAN_B),
    infinite: pixel(INFINITE),
    zero: pixel(ZERO),
    zeroDot: pixel(ZERO_DOT),
    empty: pixel(hex(t.empty)),
    emptyLine: pixel(hex(t.empty2))
  }
}
