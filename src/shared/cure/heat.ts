/** Times the untreated trainings that a whole search takes at most. */
export const WHOLE = 8
/** Share of the steps of a race; of a short run at least so many steps, up to half of it. */
const RUNG = 0.25
const RUNG_STEPS = 60
const LONGEST = 0.5
/** Share below which a race is held on one seed rather than two. */
const SHORTEST = 0.15
/** Seeds in a race; and seeds after which a hopeless finalist is given up. */
export const RACING = 2

/** What a race may take. */
interface HeatOptions {
  /** Steps of a whole training. */
  steps: number
  /** Seeds of the search. */
  seeds: number
  /** Trainings of each seed in the race: its candidates, and the untreated one. */
  runners: number
  /** What it may cost at most, in times the untreated trainings. */
  room: number
}
/** A race over a part of the steps. */
interface Heat {
  seeds: number
  until: number
}
/**
 * The race that the room allows: over a quarter of the steps, at least 60, at most half. Where that is too dear it is
 * shorter, down to some 15 % of them; then with one seed instead of two; then as short as it has to be.
 */
export function heatOf({ steps, seeds, runners, room }: HeatOptions): Heat {
  const longest = Math.max(1, Math.floor(Math.min(LONGEST * steps, Math.max(RUNG * steps, RUNG_STEPS))))
  const most = (racing: number): number => Math.floor((room * seeds * steps) / (runners * racing))
  const two = Math.min(RACING, seeds)
  if (most(two) >= Math.min(longest, SHORTEST * steps)) return { seeds: two, until: Math.min(longest, most(two)) }
  return { seeds: 1, until: Math.max(1, Math.min(longest, most(1))) }
}
/** Steps that tell what each of so many candidates costs, where nothing is to be cured. */
export const costSteps = ({ steps, seeds, runners }: Omit<HeatOptions, 'room'>): number =>
  Math.max(1, Math.min(steps, RUNG_STEPS, Math.floor(((WHOLE - 1) * seeds * steps) / runners)))
