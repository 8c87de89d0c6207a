import type { Job } from './job'

/** Jobs that are looked through for one that suits a trainer: the order of the search is kept by and large. */
const AHEAD = 12
/** Two seeds of these have the same graph. */
const alike = (a: Job, b: Job): boolean => a.candidate === b.candidate && a.until === b.until

/**
 * Which job a trainer makes next. It has the graph of the job that it made last, and another seed of that takes less
 * time; what others are at is left to them.
 *
 * @param waiting in the order of the search
 * @param last made by this trainer; undefined: none yet
 * @param running made by others at the moment
 * @returns index in `waiting`; 0 where none suits better
 */
export function nextTurn(waiting: readonly Job[], last: Job | undefined, running: readonly Job[]): number {
  const ahead = waiting.slice(0, AHEAD)
  const own = last ? ahead.findIndex((job) => alike(job, last)) : -1
  const free = ahead.findIndex((job) => !running.some((r) => alike(job, r)))
  return own >= 0 ? own : Math.max(0, free)
}
