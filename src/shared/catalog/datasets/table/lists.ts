/** Signs between the things that a cell lists. */
const BETWEEN = [';', '|', ','] as const
/** Letters of one thing; longer parts are sentences. */
const LONGEST = 30
/** With fewer cells that list several things, nothing is said. */
const FEWEST = 2

/**
 * The first cell that lists several things (`red;green`) which other lists repeat, or that is an object or array of
 * JSON. Undefined for other cells: few parts of `Smith, John` come again.
 */
export function listIn(words: ReadonlySet<string>): string | undefined {
  const all = [...words]
  if (all.length < FEWEST) return undefined
  if (all.every((w) => /^\{.*:.*\}$|^\[.*\]$/s.test(w))) return all[0]
  for (const sign of BETWEEN) {
    const several = all.filter((w) => w.includes(sign))
    if (several.length < FEWEST || several.length * 2 < all.length) continue
    const times = new Map<string, number>()
    const parts = all.map((w) => w.split(sign).map((part) => part.trim()))
    if (parts.some((own) => own.some((part) => !part || part.length > LONGEST))) continue
    for (const own of parts) for (const part of new Set(own)) times.set(part, (times.get(part) ?? 0) + 1)
    const again = [...times.values()].filter((n) => n > 1).length
    if (again * 2 > times.size) return several[0]
  }
  return undefined
}
