import { RACING } from '@shared/cure/heat'
import type { Foreseen, Goal, Outcome, Trial } from '@shared/cure/types'
import { median } from '@shared/clinic/rules/parts/view'

/** The sections of the table, in their order. */
export const SECTIONS = ['cures', 'helps', 'unfinished', 'none', 'backfires', 'costs', 'waiting', 'dropped'] as const
export type Section = (typeof SECTIONS)[number]
export const SECTION_ICON: Record<Section, string> = {
  cures: 'ok',
  helps: 'up',
  unfinished: 'info',
  none: 'minus',
  backfires: 'warn',
  costs: 'info',
  waiting: 'more',
  dropped: 'x'
}

/** Under which heading a candidate stands. */
export function sectionOf({ group, dropped, stage, seeds }: Outcome): Section {
  if (stage === 'waiting' || stage === 'racing' || (stage && !seeds.length)) return 'waiting'
  if (dropped === 'cost') return 'costs'
  if (dropped === 'budget') return 'unfinished'
  return group
}
export interface Row {
  outcome: Outcome
  /** From 1, through all sections that rank; none where not all seeds were trained. */
  number?: number
}
/** What is not trained on all seeds has no rank. */
const UNRANKED: readonly Section[] = ['costs', 'waiting', 'dropped']
/** The candidates by section; sections without any are left out. */
export function sectionsOf(candidates: readonly Outcome[]): { section: Section; rows: Row[] }[] {
  let number = 0
  return SECTIONS.map((section) => ({
    section,
    rows: candidates
      .filter((c) => sectionOf(c) === section)
      .map((outcome): Row => (UNRANKED.includes(section) ? { outcome } : { outcome, number: ++number }))
  })).filter((s) => s.rows.length)
}
/** Columns by which the rows of a section can be sorted. */
export type Column = 'name' | 'value' | 'gradient' | 'steps' | 'cost' | 'changed'
/**
 * Rows by the values of a column, the least first; those without a value come last. Their numbers stay those of the
 * rank.
 */
export function sortRows(rows: readonly Row[], of: (o: Outcome) => string | number | undefined): Row[] {
  const valued = rows.map((row) => ({ row, value: of(row.outcome) }))
  const isNone = (v: string | number | undefined): boolean => v === undefined || Number.isNaN(v)
  return valued
    .sort(({ value: a }, { value: b }) => {
      if (isNone(a) || isNone(b)) return Number(isNone(a)) - Number(isNone(b))
      return typeof a === 'string' ? a.localeCompare(String(b)) : Number(a) - Number(b)
    })
    .map(({ row }) => row)
}

/** What a seed's mark says. */
export type Mark = 'repaired' | 'not' | 'nan' | 'now' | 'waiting'
export interface SeedMark {
  seed: number
  mark: Mark
  trial?: Trial
  /** Height of its bar, 0 … 1. */
  height: number
}
const hasNaN = (t: Trial): boolean => t.state === 'diverged' || t.state === 'failed'

/** From where to where the plot reaches. */
export function reachOf({ goal, candidates, case: { untreated, baseline } }: Foreseen): [number, number] {
  if (goal.metric === 'accuracy') return [0, 1]
  const values = [
    ...untreated.seeds.map((t) => t.value),
    ...candidates.flatMap((c) => c.seeds.filter((t) => !hasNaN(t)).map((t) => t.value)),
    ...(baseline ? [baseline.value] : []),
    ...(goal.target === undefined ? [] : [goal.target])
  ].filter(Number.isFinite)
  if (!values.length) return [0, 1]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const room = (high - low || Math.abs(high) || 1) * 0.05
  return [low - room, high + room]
}
/** Where a value lies in the reach, 0 … 1. */
export const along = (value: number, [low, high]: readonly [number, number]): number =>
  Math.max(0, Math.min(1, (value - low) / (high - low)))

/** A mark for each seed of a row: those that will be trained, are trained, or were. */
export function marksOf(
  outcome: Pick<Outcome, 'seeds' | 'stage'>,
  seeds: readonly number[],
  now: readonly number[],
  goal: Goal,
  reach: readonly [number, number]
): SeedMark[] {
  // What waits races on these.
  const next = outcome.stage === 'training' ? seeds : outcome.stage === 'waiting' ? seeds.slice(0, RACING) : []
  return seeds.flatMap((seed): SeedMark[] => {
    const trial = outcome.seeds.find((t) => t.seed === seed)
    if (now.includes(seed)) return [{ seed, mark: 'now', height: 0.5 }]
    if (!trial) return next.includes(seed) ? [{ seed, mark: 'waiting', height: 0 }] : []
    const mark = hasNaN(trial) ? 'nan' : trial.repaired ? 'repaired' : 'not'
    const at = along(trial.value, reach)
    return [{ seed, mark, trial, height: goal.better === 'higher' ? at : 1 - at }]
  })
}

/** Factor from one layer to the one below, over the whole network; undefined where a gradient is none. */
export function gainOf({ gradient }: Pick<Trial, 'gradient'>): number | undefined {
  if (!gradient || gradient.layers < 2 || !(gradient.first > 0) || !(gradient.last > 0)) return undefined
  const gain = (gradient.first / gradient.last) ** (1 / (gradient.layers - 1))
  return Number.isFinite(gain) ? gain : undefined
}
/** Median over seeds of what each says; undefined where none does. */
export function over(trials: readonly Trial[], of: (t: Trial) => number | undefined): number | undefined {
  const values = trials.flatMap((t) => of(t) ?? [])
  return values.length ? median(values) : undefined
}
export const firstGradient = (trials: readonly Trial[]): number | undefined => {
  const value = over(trials, (t) => t.gradient?.first)
  return value === undefined || Number.isNaN(value) ? (trials.some(hasNaN) ? NaN : value) : value
}
/** Where the whole claim rests on fewer seeds than there are, a dot is hollow. */
export const isThin = ({ seeds }: Pick<Outcome, 'seeds'>, all: number): boolean => seeds.length < all
/** Where a value stands on the axis, in CSS. */
export const placeOn = (v: number, reach: readonly [number, number]): string => `${(100 * along(v, reach)).toFixed(2)}%`
/** Steps to the goal over the seeds that reached it; undefined where none did. */
export const stepsToGoal = ({ seeds }: Outcome): number | undefined =>
  over(
    seeds.filter((s) => s.repaired),
    (s) => s.toGoal
  )
