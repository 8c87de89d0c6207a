import { rounded } from '../base/rounded'

/** Bytes that `putFloat32` needs at most. */
export const FLOAT32_BYTES = 32
/** Digits that tell every float32 apart. */
const DIGITS = 9
const [LEAST, LIMIT] = [10 ** (DIGITS - 1), 10 ** DIGITS]
/**
 * How near two scaled numbers, which are below 1e9, may come before float64 can't tell which is larger: scaling is
 * exact to 3e-7.
 */
const DOUBT = 1e-5
const [MINUS, POINT, ZERO, E] = [45, 46, 48, 101]

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)
/** By the exponent bits of a float32: the decimal exponent of the smallest such number. */
const EXPONENTS = Int8Array.from({ length: 256 }, (_, b) => Math.floor(Math.log10(2 ** (Math.max(b, 1) - 127))))
/** By decimal exponent from -46: what gives a number of that exponent nine digits before the point. */
const LOWEST = -46
const SCALES = Float64Array.from({ length: 86 }, (_, i) => Number(`1e${DIGITS - 1 - (i + LOWEST)}`))

/** The definition: the fewest digits that read back. It settles what the quick way leaves in doubt. */
function slowly(x: number): string {
  // More digits never read back worse, so search from the likely middle.
  const reads = (digits: number): boolean => Math.fround(rounded(x, digits)) === x
  let digits = 7
  if (reads(digits)) while (digits > 1 && reads(digits - 1)) digits--
  else while (digits < 17 && !reads(digits)) digits++
  return String(rounded(x, digits))
}
function putText(text: string, to: Uint8Array, at: number): number {
  for (let i = 0; i < text.length; i++) to[at++] = text.charCodeAt(i)
  return at
}
/** @param whole at least 0, below 2^31. @returns the place behind it */
export function putWhole(whole: number, to: Uint8Array, at: number): number {
  let end = at + 1
  for (let rest = (whole / 10) | 0; rest; rest = (rest / 10) | 0) end++
  for (let i = end - 1; i >= at; i--) {
    const rest = (whole / 10) | 0
    to[i] = ZERO + whole - 10 * rest
    whole = rest
  }
  return end
}

/**
 * Writes the text of a float32 in ASCII: the shortest decimal that reads back as exactly this float32 (as float64
 * first, then rounded), spelled as JavaScript spells numbers; `NaN`, `Infinity` and `-Infinity`.
 * @param to with room for `FLOAT32_BYTES` from `at` on. @returns the place behind the text
 */
export function putFloat32(x: number, to: Uint8Array, at: number): number {
  const start = at
  if (x < 0) to[at++] = MINUS
  const a = Math.abs(x)
  if (a < 1e7 && a === (a | 0)) return Object.is(x, -0) ? putText('-0', to, at) : putWhole(a, to, at)
  if (!Number.isFinite(x)) return putText(String(x), to, start)
  float[0] = a
  const own = bits[0]!
  let exponent = EXPONENTS[own >>> 23]!
  // A subnormal number may be much smaller than the smallest normal one.
  if (own < 0x800000) exponent = Math.floor(Math.log10(a))
  let scale = SCALES[exponent - LOWEST]!
  let v = a * scale
  if (v >= LIMIT) {
    exponent++
    scale = SCALES[exponent - LOWEST]!
    v = a * scale
  } else if (v < LEAST) return putText(slowly(x), to, start)
  // What lies between the middles to both neighbours reads back as this number.
  bits[0] = own + 1
  const high = ((a + float[0]) / 2) * scale - DOUBT
  bits[0] = own - 1
  const low = ((a + float[0]) / 2) * scale + DOUBT
  let found = 0
  for (let unit = 100, step = 0; ;) {
    const whole = Math.floor(v / unit)
    const rest = v - whole * unit
    // Rounding is in doubt near a half; an end of the span where nothing but the doubt keeps it out, too.
    if (Math.abs(rest - unit / 2) < DOUBT) return putText(slowly(x), to, start)
    const near = (rest < unit / 2 ? whole : whole + 1) * unit
    if (near > low && near < high) {
      found = near
      if (step < 0 || unit === LEAST) break
      step = 1
      unit *= 10
    } else {
      if (near > low - 2 * DOUBT && near < high + 2 * DOUBT) return putText(slowly(x), to, start)
      if (step > 0) break
      if (unit === 1) return putText(slowly(x), to, start)
      step = -1
      unit /= 10
    }
  }
  return found === LIMIT ? putDecimal(LEAST, exponent + 1, to, at) : putDecimal(found | 0, exponent, to, at)
}
/**
 * Writes found × 10^(exponent − 8) as JavaScript spells it. @param found an integer of nine digits, the first of which
 * is not 0
 */
function putDecimal(found: number, exponent: number, to: Uint8Array, at: number): number {
  let count = DIGITS
  for (let rest = (found / 10) | 0; 10 * rest === found; rest = (found / 10) | 0) {
    found = rest
    count--
  }
  const point = exponent + 1
  if (point > 0 && point <= 21) {
    if (count <= point) {
      at = putWhole(found, to, at)
      for (let i = count; i < point; i++) to[at++] = ZERO
      return at
    }
    const end = putWhole(found, to, at)
    to.copyWithin(at + point + 1, at + point, end)
    to[at + point] = POINT
    return end + 1
  }
  if (point > -6 && point <= 0) {
    to[at++] = ZERO
    to[at++] = POINT
    for (let i = point; i < 0; i++) to[at++] = ZERO
    return putWhole(found, to, at)
  }
  const end = putWhole(found, to, at)
  let next = end
  if (count > 1) {
    to.copyWithin(at + 2, at + 1, end)
    to[at + 1] = POINT
    next++
  }
  to[next++] = E
  to[next++] = exponent < 0 ? MINUS : 43
  return putWhole(Math.abs(exponent), to, next)
}

const scratch = new Uint8Array(FLOAT32_BYTES)
/**
 * Shortest decimal that reads back as exactly this float32 (as float64 first, then rounded). `NaN`, `Infinity` and
 * `-Infinity` are spelled.
 */
export function float32Text(x: number): string {
  // No float32: nothing shorter than all of its digits reads back.
  if (Math.fround(x) !== x) return String(x)
  return String.fromCharCode(...scratch.subarray(0, putFloat32(x, scratch, 0)))
}
