/** Caches the last few results of `make`, by its first argument and options. */
export function remember<S, O, R>(size: number, make: (subject: S, options: O) => R): (subject: S, options: O) => R {
  const kept: { subject: S; key: string; result: R }[] = []
  return (subject, options) => {
    const key = JSON.stringify(options)
    const i = kept.findIndex((k) => k.key === key && k.subject === subject)
    const hit = i >= 0 ? kept.splice(i, 1)[0]! : { subject, key, result: make(subject, options) }
    kept.unshift(hit)
    kept.length = Math.min(kept.length, size)
    return hit.result
  }
}
