/** Something that is done at an animation frame of its own; what it returns is done at the next one. */
export type Job = () => (() => void) | void
/** Jobs that wait for their turn, in the order in which they first asked. */
const waiting = new Set<Job>()
/** What the last one has left, with its owner. */
let rest: { of: Job; work: () => void } | undefined
let awake = false
/** Time that jobs have taken so far, ms. */
let took = 0
export const turnsTook = (): number => took

function next(): void {
  const [first] = waiting
  const job = rest?.of ?? first
  awake = false
  if (!job) return
  const work = rest?.work ?? job
  if (rest) rest = undefined
  else waiting.delete(job)
  const start = performance.now()
  // Asked for before anything that the job itself asks for.
  wake()
  const left = work()
  if (left) rest = { of: job, work: left }
  took += performance.now() - start
}
function wake(): void {
  awake = true
  // A window that is hidden has no animation frames.
  if (document.hidden) setTimeout(next)
  else requestAnimationFrame(next)
}
/**
 * Runs a job at an animation frame that it has to itself: what several plots draw anew at the same moment then delays
 * the window by the longest of them, not by all of them. Asked for again before its turn, it is run once.
 */
export function inTurn(job: Job): void {
  waiting.add(job)
  if (!awake) wake()
}
/** Nothing is left to be done. */
export function forgetTurn(job: Job): void {
  waiting.delete(job)
  if (rest?.of === job) rest = undefined
}
