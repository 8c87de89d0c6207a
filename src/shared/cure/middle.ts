import type { Outcome, Prescription, Trial } from './types'

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

/**
 * The candidate that is shown beside the untreated runs: the first that was trained as long as they were. What was
 * dropped early, or trained for the time of a step alone, compares with none of them.
 */
export const shownCandidate = ({ candidates, case: { untreated } }: Prescription): Outcome | undefined =>
  candidates.find(
    ({ group, seeds }) =>
      group !== 'dropped' &&
      seeds.length > 0 &&
      seeds.every((t) => untreated.seeds.some((u) => u.seed === t.seed && u.steps === t.steps))
  )

/**
 * The runs that show what came of a search: untreated, then treated.
 * @param find a run by its name
 * @returns the untreated one first, alone where there is no other; none where it is missing: the treated one would pass
 *   for it
 */
export function shownRuns<R>(prescription: Prescription, find: (name: string) => R | undefined): R[] {
  const { seeds } = prescription.case.untreated
  const [before, after] = middlePair(shownCandidate(prescription)?.seeds, seeds).map(find)
  return [before, ...(before === undefined ? [] : [after])].filter((r): r is R => r !== undefined)
}
