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
/**
 * What a function says of a view, worked out anew only when its key is another one. The answer outlives a look: later
 * the frames that it came from may no longer be at hand. Nobody may change it.
 * @param key what the answer hangs on, such as a frame. @param of reads no more of the view than the key tells apart
 */
export function onceFor<K, T>(key: (view: RunView) => K, of: (view: RunView, key: K) => T): (view: RunView) => T {
  const known = new WeakMap<RunView, { key: K; answer: T }>()
  return (view) => {
    const now = key(view)
    const before = known.get(view)
    if (before && before.key === now) return before.answer
    const answer = of(view, now)
    known.set(view, { key: now, answer })
    return answer
  }
}
