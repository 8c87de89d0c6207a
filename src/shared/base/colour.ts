export type RGB = readonly [r: number, g: number, b: number]

/** The colour that a `#` and six hexadecimal digits writes. */
export const hex = (h: string): RGB => [
  parseInt(h.slice(1, 3), 16),
  parseInt(h.slice(3, 5), 16),
  parseInt(h.slice(5, 7), 16)
]

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

/** The colour at a share 0 … 1 of the way along evenly spaced stops. */
export const mix = (stops: readonly RGB[], u: number): RGB => {
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

/** A colour as CSS writes it. */
export const css = ([r, g, b]: RGB): string => `rgb(${r},${g},${b})`

/** Relative luminance, 0 … 1 (WCAG). */
export function luminance([r, g, b]: RGB): number {
  const c = (v: number): number => ((v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  return 0.2126 * c(r) + 0.7152 * c(g) + 0.0722 * c(b)
}
/** Black or white, whichever contrasts more with a background. */
export const inkOn = (c: RGB): '#000000' | '#FFFFFF' => (luminance(c) > 0.179 ? '#000000' : '#FFFFFF')
