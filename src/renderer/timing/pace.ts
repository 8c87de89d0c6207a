import { nextTick } from 'vue'
import { turnsTook } from './turns'

/** Least and longest time between two calls, ms: faster nobody reads it, slower looks stuck. */
const LEAST = 80
const LONGEST = 1000
/** So many times what a call cost is left to everything else. */
const REST = 24

/**
 * Calls `work` at once when it has not been called for a while, else later, so that it, all that Vue redraws because of
 * it and the plots that are drawn in their turn after that take at most a twenty-fifth of the time, or what one call
 * after each LONGEST takes. What a machine can afford shows in what the last call cost on it.
 * @returns asks for a call; many asks in between are one. `now`: not to be kept waiting.
 */
export function makePace(work: () => void): (now?: boolean) => void {
  let start = -LONGEST
  /** When Vue was done with the last call; undefined until it is. */
  let end: number | undefined = -LONGEST
  let before = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  function due(): number {
    if (end === undefined) return start + LEAST
    const turns = turnsTook() - before
    return end + turns + Math.min(LONGEST, Math.max(LEAST, REST * (end - start + turns)))
  }
  function go(): void {
    clearTimeout(timer)
    timer = undefined
    start = performance.now()
    before = turnsTook()
    end = undefined
    work()
    void nextTick(() => (end = performance.now()))
  }
  function later(at: number): void {
    // Plots may be drawn while it waits, and put it off.
    timer = setTimeout(() => (due() > at ? later(due()) : go()), at - performance.now())
  }
  return (now = false) => {
    const at = due()
    if (now || at <= performance.now()) go()
    else if (!timer) later(at)
  }
}
