import { nextTick } from 'vue'

/** Least and longest time between two calls, ms: faster nobody reads it, slower looks stuck. */
const LEAST = 80
const LONGEST = 600
/** So many times what a call cost is left to everything else. */
const REST = 8

/**
 * Calls `work` at once when it has not been called for a while, else later, so that it and all that Vue redraws because of it take at most a
 * ninth of the time. What a machine can afford shows in what the last call cost on it.
 * @returns asks for a call; many asks in between are one. `now`: not to be kept waiting.
 */
export function makePace(work: () => void): (now?: boolean) => void {
  let due = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  function go(): void {
    clearTimeout(timer)
    timer = undefined
    const start = performance.now()
    // Until the next is due, when the cost is known.
    due = start + LEAST
    work()
    void nextTick(() => {
      const end = performance.now()
      due = end + Math.min(LONGEST, Math.max(LEAST, REST * (end - start)))
    })
  }
  return (now = false) => {
    const wait = due - performance.now()
    if (now || wait <= 0) go()
    else timer ??= setTimeout(go, wait)
  }
}
