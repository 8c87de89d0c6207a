import type { Trial } from './types'

/** The trial in the middle of those of a candidate, by its value. */
export const middleTrial = (trials: readonly Trial[]): Trial | undefined =>
  [...trials].sort((a, b) => a.value - b.value)[trials.length >> 1]

/**
 * Runs that show what a candidate does: that of its middle seed, after that of the same seed untreated; the untreated
 * one alone where there is no candidate.
 * @returns the names of the runs that there are
 */
export function middlePair(treated: readonly Trial[] | undefined, untreated: readonly Trial[]): string[] {
  const trial = middleTrial(treated ?? [])
  const before = trial
    ? untreated.find((t) => t.seed === trial.seed && t.steps === trial.steps)
    : middleTrial(untreated)
  return [...new Set([before?.run, trial?.run])].filter((r): r is string => r !== undefined)
}
