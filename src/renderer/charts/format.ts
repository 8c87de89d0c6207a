import { rounded } from '@shared/base/rounded'
import { layers } from '@shared/catalog/layers'
import { float32Text } from '@shared/run/float32Text'

/** `3.1e-13`, `0.248`, `12.5`, `NaN`, `+Inf`: a few digits for chips, legends and sentences. */
export function short(x: number | undefined, digits = 2): string {
  if (x === undefined) return '–'
  if (Number.isNaN(x)) return 'NaN'
  if (!Number.isFinite(x)) return x > 0 ? '+Inf' : '−Inf'
  if (x === 0) return '0'
  const a = Math.abs(x)
  const text = a >= 1e-3 && a < 1e4 ? plain(a, digits + 1) : a.toExponential(digits - 1)
  return (x < 0 ? '−' : '') + text
}
function plain(a: number, digits: number): string {
  const text = a.toPrecision(digits)
  return text.includes('e') ? String(Math.round(a)) : text
}
/** For chips: `4.7e-3`, not `0.00470`. */
export const brief = (x: number | undefined): string =>
  x !== undefined && Number.isFinite(x) && x !== 0 && (Math.abs(x) < 0.01 || Math.abs(x) >= 1000)
    ? x.toExponential(1).replace(/^-/, '−')
    : short(x)
/** Like `short`, without zeros that say nothing: `0.5`, `1e-3`. */
export const tidy = (x: number | undefined): string =>
  x !== undefined && Number.isFinite(x)
    ? (Math.abs(x) >= 1e6
        ? x.toExponential(2).replace(/\.?0*e\+/, 'e')
        : String(Number.isInteger(x) ? x : rounded(x, 3))
      ).replace('-', x < 0 ? '−' : '-')
    : short(x)
/** Every digit that was recorded (float32), with true minus left as `-` so that it can be copied. */
export function exact(x: number | undefined): string {
  if (x === undefined) return '–'
  if (Number.isNaN(x)) return 'NaN'
  if (!Number.isFinite(x)) return x > 0 ? '+Inf' : '-Inf'
  const text = float32Text(x)
  // Same digits; magnitudes are compared by their exponents, so that small and large numbers all have one.
  const a = Math.abs(x)
  return x !== 0 && (a < 1e-2 || a >= 1e7) && !text.includes('e') ? Number(text).toExponential() : text
}
export const percent = (x: number | undefined, digits = 1): string =>
  x === undefined || !Number.isFinite(x) ? short(x) : `${(100 * x).toFixed(digits)} %`
/** `1e-5` in running text: never broken after the sign. */
export const unbroken = (text: string): string => text.replace(/(\de)-(?=\d)/g, '$1-\u2060')
/** `1e-14`, `1e0`, `1e+4` → axis label of a decade. */
export const decade = (n: number): string => `1e${n}`
export const thousands = (n: number): string => String(n).replace(/\B(?=(\d{3})+(?!\d))/g, ',')

// cspell:ignore inity
const NUMBER =
  /((?:[×÷] ?)?(?<![\w.–:/-])(?<!\b(?:layers?|steps?) )(?<!第 ?)[-−+]?\d+(?:,\d+)*(?:\.\d+)?(?:e[-+−]?\d+)?(?:\/\d+(?:\.\d+)?)?(?: ?%)?(?![\w–]|\.\d)|\bNaN\b|[-+−]?\bInf(?:inity)?\b|[-+−]?∞)/g
/**
 * Splits a sentence so that its measurements can stand out: even parts are text, odd ones numbers (with sign, exponent,
 * %, ×, ÷). Numbers of layers and steps stay plain, also those at the end of a name (`Dense 2`).
 */
export function splitNumbers(sentence: string): string[] {
  const out: string[] = ['']
  sentence.split(NUMBER).forEach((part, i) => {
    const text = out[out.length - 1]!
    if (
      i % 2 &&
      !(/^\d+$/.test(part) && (/[A-Z][\w.]* $/.test(text) || layers.all.some((l) => text.endsWith(`${l.name.zh} `))))
    )
      out.push(part, '')
    else out[out.length - 1] += part
  })
  return out
}
/** Round ticks for `from` … `to`, at most about `count`: always the first and last integer of a layer axis. */
export function layerTicks(rows: number, bottom: number, top: number, height: number): number[] {
  const low = Math.max(1, Math.ceil(bottom + 0.5))
  const high = Math.min(rows, Math.floor(top + 0.5))
  const room = Math.max(2, Math.floor(height / 24))
  const n = high - low + 1
  if (n <= 0) return []
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500].find((s) => n / s <= room) ?? 1000
  const ticks = new Set<number>([low, high])
  for (let k = Math.ceil(low / step) * step; k <= high; k += step)
    if (k - low > step / 2 && (high - k > step / 2 || k === high)) ticks.add(k)
  return [...ticks].sort((a, b) => a - b)
}
