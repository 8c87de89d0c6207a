/**
 * JSON text that equal values share, whatever the order in which their members were set.
 * @param value anything that JSON can hold; members that are `undefined` are left out
 */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) =>
    typeof v === 'object' && v !== null && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v
  )
