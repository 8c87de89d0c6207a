const MAX_DEPTH = 200
const isShared = (buffer: unknown): boolean => Object.prototype.toString.call(buffer) === '[object SharedArrayBuffer]'

/**
 * Looks for a value that the structured clone of a message port refuses or changes. Posting such a value to a utility
 * process throws, and nothing can be posted on its channel afterwards, so the value has to be found before.
 * @returns the path of the first such value with the reason, or undefined
 */
export function uncloneable(value: unknown, path = 'value'): string | undefined {
  const open = new Set<object>()
  const visit = (v: unknown, at: string, depth: number): string | undefined => {
    if (typeof v === 'function' || typeof v === 'symbol') return `${at} is a ${typeof v}`
    if (typeof v !== 'object' || v === null) return undefined
    if (depth > MAX_DEPTH) return `${at} is nested more than ${MAX_DEPTH} deep`
    if (ArrayBuffer.isView(v)) return isShared(v.buffer) ? `${at} is a view of a SharedArrayBuffer` : undefined
    if (v instanceof ArrayBuffer) return undefined
    if (open.has(v)) return `${at} contains itself`
    const list = Array.isArray(v)
    if (!list) {
      const tag = Object.prototype.toString.call(v)
      const proto = Object.getPrototypeOf(v) as object | null
      // The prototype of another realm's Object has no prototype either.
      if (tag !== '[object Object]' || (proto !== null && Object.getPrototypeOf(proto) !== null))
        return `${at} is a ${v.constructor?.name ?? tag}`
    }
    open.add(v)
    for (const key of Object.keys(v)) {
      const bad = visit((v as Record<string, unknown>)[key], list ? `${at}[${key}]` : `${at}.${key}`, depth + 1)
      if (bad) return bad
    }
    open.delete(v)
    return undefined
  }
  return visit(value, path, 0)
}
