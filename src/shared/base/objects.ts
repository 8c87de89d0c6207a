/** An object of untrusted JSON. */
export type Json = Record<string, unknown>

/** Whether it is an object, and no list. */
export const isObject = (v: unknown): v is Json => typeof v === 'object' && v !== null && !Array.isArray(v)
/** A value as an object; an empty one for anything else. */
export const asObject = (v: unknown): Json => (isObject(v) ? v : {})
/** A value of the object's own: what stands in its prototype is none. */
export const own = <T>(of: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.prototype.hasOwnProperty.call(of, key) ? of[key] : undefined
