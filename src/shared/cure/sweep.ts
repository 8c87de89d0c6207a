import type { Text } from '../base/text'
import type { Change } from '../experiment/diff'
import type { Experiment, RemedyChoice } from '../experiment/types'
import { idOf } from './candidates'
import { intervalOf, quickest } from './outcome'
import { interval95, mean, wilson95 } from './statistics'
import type { Goal, Trial } from './types'

/** One point of a grid: what is set, and which remedies are switched on beside those that the experiment has. */
export interface SweepPoint {
  /** Short and readable: `learningRate=0.1, batchNorm`. */
  id: string
  /** By dotted path. */
  settings: Record<string, unknown>
  remedies: RemedyChoice[]
}
/** What came of a point. */
export interface SweepOutcome extends SweepPoint {
  /** Exact differences from what the first point trains. */
  changes: Change[]
  /** Those that were trained. */
  seeds: Trial[]
  mean: number
  /** 95 %, Student's t. */
  interval: [number, number]
  /** Of the differences from the first point, seed by seed; absent where fewer than two seeds are in both. */
  difference?: { mean: number; interval: [number, number] }
  /** Share of seeds repaired, and its 95 % interval by Wilson. */
  repaired: { share: number; interval: [number, number] }
  /** Time of a step over that of the first point. */
  stepCost: number
  /** The budget ended before its last seed. */
  unfinished?: true
}

/**
 * All combinations of values of some lists, those of the last list varying fastest. No list: one combination of
 * nothing.
 */
export function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((all, list) => all.flatMap((before) => list.map((value) => [...before, value])), [[]])
}

/** The last member of a path tells enough, unless another path ends with it too. */
function shortNames(paths: readonly string[]): Map<string, string> {
  const last = (path: string): string => path.slice(path.lastIndexOf('.') + 1)
  return new Map(paths.map((p) => [p, paths.filter((q) => last(q) === last(p)).length > 1 ? p : last(p)]))
}

/**
 * The points of a grid: every combination of the settings' values, each with every list of remedies.
 * @param settings values by dotted path
 * @param remedies lists that are switched on together; none: one point without
 */
export function gridOf(
  settings: Readonly<Record<string, readonly unknown[]>>,
  remedies: readonly (readonly RemedyChoice[])[]
): SweepPoint[] {
  const paths = Object.keys(settings)
  const names = shortNames(paths)
  const all = remedies.length ? remedies : [[]]
  return combinations(paths.map((p) => settings[p]!)).flatMap((values) =>
    all.map((choices): SweepPoint => {
      const said = [
        ...paths.map((p, i) => `${names.get(p)!}=${JSON.stringify(values[i])}`),
        ...(choices.length ? [idOf(choices)] : [])
      ]
      return {
        id: said.join(', ') || 'as it is',
        settings: Object.fromEntries(paths.map((p, i) => [p, values[i]])),
        remedies: [...choices]
      }
    })
  )
}

/**
 * What came of a point of a grid.
 * @param trials of this point @param first of the grid's first point, with the same seeds
 * @param asked seeds that were to be trained
 */
export function sweepOutcome(
  point: SweepPoint,
  goal: Goal,
  changes: Change[],
  trials: readonly Trial[],
  first: readonly Trial[],
  asked: number
): SweepOutcome {
  const seeds = [...trials].sort((a, b) => a.seed - b.seed)
  const values = seeds.map((t) => t.value)
  const differences = seeds.flatMap((t) => {
    const other = first.find((o) => o.seed === t.seed)
    return other && other !== t ? [t.value - other.value] : []
  })
  const hits = seeds.filter((t) => t.repaired).length
  return {
    ...point,
    changes,
    seeds,
    mean: mean(values),
    interval: intervalOf(goal, values),
    ...(differences.length > 1 && { difference: { mean: mean(differences), interval: interval95(differences) } }),
    repaired: { share: seeds.length ? hits / seeds.length : 0, interval: wilson95(hits, seeds.length) },
    stepCost: quickest(seeds) / quickest(first),
    ...(seeds.length < asked && { unfinished: true as const })
  }
}

/** What a sweep has found. */
export interface Sweep {
  /** Of the experiment. */
  name: string
  /** As it is without the grid. */
  experiment: Experiment
  goal: Goal
  seeds: number[]
  /** In the order of the grid: the first is what the others are held against. */
  points: SweepOutcome[]
  /** Points that can't be trained, and why. */
  blocked: (SweepPoint & { reason: Text })[]
  /** Trainings made. */
  trainings: number
}

/** The point with the best mean. @param sweep of one point at least */
export const bestPoint = ({ goal, points }: Pick<Sweep, 'goal' | 'points'>): SweepOutcome =>
  [...points].sort((a, b) => (goal.better === 'higher' ? b.mean - a.mean : a.mean - b.mean))[0]!
