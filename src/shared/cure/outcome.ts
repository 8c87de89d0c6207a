import { median } from '../clinic/rules/parts/view'
import type { Change } from '../experiment/diff'
import { holm, interval95, mean, pairedP, wilson95 } from './statistics'
import type { Candidate, Dropped, Goal, Group, Outcome, Trial } from './types'

/** Share of the seeds that a cure repairs. */
const CURES = 0.8
/** Decades by which a gradient is further from even than untreated, to have got worse. */
const WORSE_SPAN = 2

/** A figure of the goal, turned so that more is better. */
export const good = (goal: Goal, value: number): number => (goal.better === 'higher' ? value : -value)

/** Whether a run is better than guessing, or may yet become so. */
const learns = ({ verdict }: Trial): boolean => verdict !== 'notLearning' && verdict !== 'diverged'

/** By how much each seed is better than the same one untreated. */
const gains = (goal: Goal, trials: readonly Trial[], untreated: readonly Trial[]): number[] =>
  trials.flatMap((t) => {
    const before = untreated.find((u) => u.seed === t.seed)
    return before ? [good(goal, t.value) - good(goal, before.value)] : []
  })

/** What a candidate is called, by all its seeds. */
function groupOf(goal: Goal, trials: readonly Trial[], untreated: readonly Trial[], identical: boolean): Group {
  if (identical) return 'none'
  const repaired = trials.filter((t) => t.repaired).length
  if (repaired >= CURES * trials.length) return 'cures'
  const more = repaired - untreated.filter((t) => t.repaired).length
  // A single seed may be luck, of which some twenty candidates have a lot between them.
  const most = trials.filter(learns).length > trials.length / 2
  if (more >= 2 || (more === 1 && most && interval95(gains(goal, trials, untreated))[0] > 0)) return 'helps'
  const [low, high] = interval95(trials.map((t) => good(goal, t.value)))
  const before = untreated.map((t) => good(goal, t.value))
  const diverged = (list: readonly Trial[]): number =>
    list.filter((t) => t.state === 'diverged' || t.state === 'failed').length
  if (diverged(trials) > trials.length / 2 && diverged(trials) > diverged(untreated)) return 'backfires'
  // A single seed has no interval, and says nothing of others.
  const tells = trials.length > 1
  // Nearer to what guessing has is no help to a network that learns nothing either way.
  if (tells && low > mean(before) && low > Math.max(...before)) return most ? 'helps' : 'none'
  if (tells && high < mean(before) && high < Math.min(...before)) return 'backfires'
  const spans = (list: readonly Trial[]): number => median(list.map((t) => t.span))
  // A better figure with a less even gradient is not worse than untreated.
  const isBetter = mean(trials.map((t) => good(goal, t.value))) > mean(before)
  return !isBetter && spans(trials) >= spans(untreated) + WORSE_SPAN ? 'backfires' : 'none'
}

/**
 * What came of a candidate, without its rank.
 * @param trials over all seeds; or over those it had when it was dropped
 * @param untreated the runs without it, of all seeds
 * @param dropped why it has no more trials
 */
export function outcomeOf(
  { id, remedies, off, advised }: Candidate,
  goal: Goal,
  trials: Trial[],
  untreated: readonly Trial[],
  changes: Change[],
  dropped?: Dropped
): Outcome {
  const values = trials.map((t) => t.value)
  const identical =
    trials.length > 0 &&
    trials.every((t) =>
      untreated.some((u) => u.seed === t.seed && u.steps === t.steps && u.fingerprint === t.fingerprint)
    )
  const repaired = trials.filter((t) => t.repaired).length
  return {
    id,
    remedies,
    off,
    changes,
    group: (dropped || !trials.length) && !identical ? 'dropped' : groupOf(goal, trials, untreated, identical),
    advised,
    seeds: trials,
    mean: mean(values),
    interval: intervalOf(goal, values),
    repaired: { share: trials.length ? repaired / trials.length : 0, interval: wilson95(repaired, trials.length) },
    stepCost: quickest(trials) / quickest(untreated),
    identical,
    ...(dropped && !identical && { dropped })
  }
}

/** The 95 % interval of a goal's mean. A share of right answers is never outside 0 and 1. @returns [low, high] */
export function intervalOf({ metric }: Goal, values: readonly number[]): [number, number] {
  const [low, high] = interval95(values)
  return metric === 'accuracy' ? [Math.max(0, low), Math.min(1, high)] : [low, high]
}
/** Quickest step: what else a machine does only makes steps slower. */
export const quickest = (trials: readonly Trial[]): number => Math.min(...trials.map((t) => t.stepMs))

const ORDER: readonly Group[] = ['cures', 'helps', 'none', 'backfires', 'dropped']
/** How many things a candidate changes, as a person does it: remedies that are switched on, and off. */
export const thingsChanged = (o: Pick<Outcome, 'remedies' | 'off'>): number => o.remedies.length + o.off.length
const cost = (o: Outcome): number => o.stepCost * thingsChanged(o)

/** Seeds that tell something of the spread between seeds; with fewer, the means decide. */
const SPREAD = 3

/** Whether two candidates can't be told apart: the 95 % interval of their differences, seed by seed, holds 0. */
function alike(a: Outcome, b: Outcome): boolean {
  const differences = a.seeds.flatMap((t) => {
    const other = b.seeds.find((o) => o.seed === t.seed)
    return other ? [t.value - other.value] : []
  })
  if (differences.length < SPREAD) return false
  const [low, high] = interval95(differences)
  return !(low > 0 || high < 0)
}
/**
 * Ranks by seeds repaired, then by the goal's mean; what can't be told from the best by time of a step × number of
 * things changed.
 * @returns sorted, with ranks for what cures or helps
 */
export function ranked(goal: Goal, outcomes: readonly Outcome[]): Outcome[] {
  const better = (a: Outcome, b: Outcome): number => good(goal, b.mean) - good(goal, a.mean)
  const sorted: Outcome[] = []
  for (const group of ORDER) {
    let rest = outcomes.filter((o) => o.group === group)
    while (rest.length) {
      const most = Math.max(...rest.map((o) => o.repaired.share))
      const equals = rest.filter((o) => o.repaired.share === most).sort(better)
      const [lead] = equals
      const tier = equals.filter((o) => o === lead || alike(o, lead!)).sort((a, b) => cost(a) - cost(b) || better(a, b))
      sorted.push(...tier)
      rest = rest.filter((o) => !tier.includes(o))
    }
  }
  const least = [...sorted]
    .filter((o) => o.group === 'cures')
    .sort((a, b) => thingsChanged(a) - thingsChanged(b) || cost(a) - cost(b))[0]
  return sorted.map((o, i) => ({
    ...o,
    ...((o.group === 'cures' || o.group === 'helps') && { rank: i + 1 }),
    ...(o === least && { smallest: true as const })
  }))
}

/** Cures whose gain over the untreated runs of the same seeds holds beside that of the others called so (Holm). */
export function proven(goal: Goal, outcomes: readonly Outcome[], untreated: readonly Trial[]): Outcome[] {
  const cures = outcomes.filter((o) => o.group === 'cures')
  const p = cures.map((o) => pairedP(gains(goal, o.seeds, untreated)))
  const holds = holm(p)
  return cures.filter((_, i) => holds[i])
}
