/** Jobs that wait for their turn, in the order in which they first asked. */
const waiting = new Set<() => void>()
let awake = false
/** Time that jobs have taken so far, ms. */
let took = 0
export const turnsTook = (): number => took

function next(): void {
  const [job] = waiting
  awake = false
  if (!job) return
  waiting.delete(job)
  if (waiting.size) wake()
  const start = performance.now()
  job()
  took += performance.now() - start
}
function wake(): void {
  awake = true
  // A window that is hidden has no animation frames.
  if (document.hidden) setTimeout(next)
  else requestAnimationFrame(next)
}
/**
 * Runs a job at an animation frame that it has to itself: what several plots draw anew at the same moment then delays the window by the
 * longest of them, not by all of them. Asked for again before its turn, it is run once.
 */
export function inTurn(job: () => void): void {
  waiting.add(job)
  if (!awake) wake()
}
/** Nothing is left to be done. */
export const forgetTurn = (job: () => void): boolean => waiting.delete(job)
