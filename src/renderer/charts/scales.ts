import type { Scale } from '@shared/catalog/statistics/types'
import { DEFAULT_RANGE, type Range } from './range'
import { themeOf } from './theme'

export type RGB = readonly [r: number, g: number, b: number]

const hex = (h: string): RGB => [parseInt(h.slice(1, 3), 16), parseInt(h.slice(3, 5), 16), parseInt(h.slice(5, 7), 16)]

/** Magnitude, dark to bright: OKLCH lightness 0.20 … 0.94 in even steps, the same in both themes. */
export const MAGNITUDE = [
  '#190938',
  '#24175E',
  '#282E7C',
  '#254A91',
  '#2066A0',
  '#2782A7',
  '#359DAB',
  '#4CB8AD',
  '#73D2A2',
  '#B9E481',
  '#FAF07F'
].map(hex)
/** Shrinks (blue) … neutral … grows (orange). */
export const DIVERGING = {
  light: ['#0B3C82', '#2C6BB8', '#8DB4DE', '#ECEDEF', '#F2B27A', '#D2691E', '#8F3208'].map(hex),
  dark: ['#8FC1FF', '#5A92DA', '#3F608C', '#363C46', '#8A5A34', '#D9843F', '#FFBE85'].map(hex)
}
export const NAN_A = hex('#C4007F')
export const NAN_B = hex('#FFD9F0')
export const INFINITE = hex('#E0340B')
export const ZERO = hex('#8B93A0')
export const ZERO_DOT = hex('#E9ECF0')

const lerp = (stops: readonly RGB[], u: number): RGB => {
  const at = Math.max(0, Math.min(1, u)) * (stops.length - 1)
  const i = Math.min(stops.length - 2, Math.floor(at))
  const f = at - i
  const [a, b] = [stops[i]!, stops[i + 1]!]
  return [
    Math.round(a[0] + (b[0] - a[0]) * f),
    Math.round(a[1] + (b[1] - a[1]) * f),
    Math.round(a[2] + (b[2] - a[2]) * f)
  ]
}

const isDiverging = (scale: Scale): boolean => scale === 'ratio' || scale === 'linear'

/**
 * Colour at a share 0 … 1 of the way along a scale (colour bars). Shares and counts of what is bad rise from neutral,
 * on the growing side.
 */
export function colourAlong(u: number, scale: Scale, dark: boolean): RGB {
  if (scale === 'log') return lerp(MAGNITUDE, u)
  const stops = dark ? DIVERGING.dark : DIVERGING.light
  return isDiverging(scale) ? lerp(stops, u) : lerp(stops.slice(3), u)
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

export const css = ([r, g, b]: RGB): string => `rgb(${r},${g},${b})`

/** Relative luminance, 0 … 1 (WCAG). */
export function luminance([r, g, b]: RGB): number {
  const c = (v: number): number => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  return 0.2126 * c(r) + 0.7152 * c(g) + 0.0722 * c(b)
}
/** Black or white, whichever contrasts more with a background. */
export const inkOn = (c: RGB): '#000000' | '#FFFFFF' => (luminance(c) > 0.179 ? '#000000' : '#FFFFFF')

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
