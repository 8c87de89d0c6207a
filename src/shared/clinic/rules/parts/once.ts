import type { RunView } from '../types'

/** What is known of a view while a judge looks at it. */
const looks = new WeakMap<RunView, Map<unknown, unknown>>()

/** Looks at a view, which does not change meanwhile: what several rules ask of it is worked out once. */
export function lookAt<T>(view: RunView, look: () => T): T {
  looks.set(view, new Map())
  try {
    return look()
  } finally {
    looks.delete(view)
  }
}
/** What a function says of a view, worked out once in a look. Nobody may change the answer. */
export function once<T>(of: (view: RunView) => T): (view: RunView) => T {
  return (view) => {
    const known = looks.get(view)
    if (!known) return of(view)
    if (!known.has(of)) known.set(of, of(view))
    return known.get(of) as T
  }
}
