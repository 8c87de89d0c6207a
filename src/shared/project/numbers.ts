/**
 * JSON knows neither NaN nor ±Inf nor −0, and would write null or 0. They are written as `{"$number": "NaN"}`; a key
 * that already looks like that gets one more `$`, so that nothing a person writes can be taken for it.
 */
const KEY = '$number'
const NAMES: readonly string[] = ['NaN', 'Infinity', '-Infinity', '-0']
const isMap = (v: unknown): v is Record<string, unknown> => typeof v === 'object' && v !== null && !Array.isArray(v)

/** A copy that JSON can hold. Undefined members are left out. */
export function encodeNumbers(value: unknown): unknown {
  if (typeof value === 'number')
    return Object.is(value, -0) ? { [KEY]: '-0' } : Number.isFinite(value) ? value : { [KEY]: String(value) }
  if (Array.isArray(value)) return value.map(encodeNumbers)
  if (!isMap(value)) return value
  const out: Record<string, unknown> = {}
  for (const [k, v] of Object.entries(value))
    if (v !== undefined) out[/^\$+number$/.test(k) ? `$${k}` : k] = encodeNumbers(v)
  return out
}

/** The other way round. @throws Error for a number that is none of the four. */
export function decodeNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decodeNumbers)
  if (!isMap(value)) return value
  if (Object.prototype.hasOwnProperty.call(value, KEY)) {
    const name = value[KEY]
    if (typeof name !== 'string' || !NAMES.includes(name) || Object.keys(value).length !== 1)
      throw new Error(`${JSON.stringify(value).slice(0, 80)} is no number`)
    return Number(name)
  }
  const out: Record<string, unknown> = {}
  for (const [k, v] of Object.entries(value)) out[/^\$\$+number$/.test(k) ? k.slice(1) : k] = decodeNumbers(v)
  return out
}
