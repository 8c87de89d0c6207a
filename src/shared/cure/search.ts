import type { Text } from '../base/text'
import type { DataInfo } from '../catalog/datasets/types'
import { diffExperiments } from '../experiment/diff'
import { effectiveExperiment } from '../experiment/effective'
import type { Experiment } from '../experiment/types'
import type { Finding } from '../run/types'
import { candidatesFor, pairOf, treated } from './candidates'
import { good, outcomeOf, ranked } from './outcome'
import { interval95, mean } from './statistics'
import type { Candidate, Goal, Outcome, Prescription, Trial } from './types'
import { verdictOn } from './words'

/** Advised candidates that are trained on all seeds at once, before anything races. */
const ADVISED_FIRST = 3
/** Share of the steps of a race, and the fewest steps for which there is one. */
const RUNG = 0.25
const RUNG_STEPS = 60
/** Seeds in a race; and seeds after which a hopeless finalist is given up. */
const RACING = 2
/** Finalists that a race lets through at least; beyond these, the better half. */
const FINALISTS = 4
/** Decades by which a gradient has to be more even to be called healthier. */
const HEALTHIER = 0.5
/** Recorded steps of a whole training: enough for every rule, and cheap. */
const FRAMES = 50

/** One training to be made. */
export interface Job {
  /** Sparsely recorded, with its seed and its remedies. */
  experiment: Experiment
  /** Steps after which it ends; absent: all. */
  until?: number
}
/** What a training tells a search. */
export interface JobResult {
  trial: Trial
  findings: Finding[]
  /** Quantiles of the global norm of its gradients. */
  norms?: { half: number; tenth: number }
  /** What a forecast that learns nothing has of the goal's metric. */
  baseline?: { name: Text; value: number }
}
export interface SearchOptions {
  goal: Goal
  seeds: readonly number[]
  /** Ids of the only remedies to try. */
  consider?: readonly string[]
  /** Pairs of what helped that are tried at most, when no single remedy cures. */
  pairs: number
  /**
   * Trains; may be called for many jobs at once, and makes them in the order of the calls. Null: the budget is spent.
   */
  train(job: Job): Promise<JobResult | null>
  /** Hears of every candidate whose seeds are done. */
  told?(outcome: Outcome): void
}

/** An experiment recorded at some 50 of its steps, and at every 10th at most. */
function sparse(experiment: Experiment): Experiment {
  const { steps } = experiment.training
  const every = Math.max(experiment.record.every, Math.min(10, Math.max(1, Math.floor(steps / FRAMES))))
  return { ...experiment, record: { ...experiment.record, every, keepEvery: 0 } }
}

/** A search under way: what has been trained so far, and the means to train more. */
class Search {
  readonly outcomes: Outcome[] = []
  untreated: Trial[] = []
  trainings = 0
  spent = false
  private readonly base: Experiment
  private readonly plain: Experiment

  constructor(
    experiment: Experiment,
    private readonly info: DataInfo,
    private readonly options: SearchOptions
  ) {
    this.base = sparse(experiment)
    this.plain = effectiveExperiment(this.base, info).experiment
  }

  /** Trains a candidate, or untreated, with each of these seeds. */
  async train(candidate: Candidate | undefined, seeds: readonly number[], until?: number): Promise<JobResult[]> {
    const experiment = candidate ? treated(this.base, candidate) : this.base
    const all = await Promise.all(
      seeds.map((seed) => this.options.train({ experiment: { ...experiment, seed }, ...(until && { until }) }))
    )
    const done = all.filter((r): r is JobResult => r !== null)
    this.trainings += done.length
    if (done.length < seeds.length) this.spent = true
    return done
  }
  /** Trains a candidate on all seeds, unless its first ones show that it is hopeless. */
  async settle(candidate: Candidate): Promise<void> {
    const { seeds } = this.options
    const trials = (await this.train(candidate, seeds.slice(0, RACING))).map((r) => r.trial)
    const hopeless = trials.length > 0 && isHopeless(this.options.goal, trials, this.untreated)
    if (!hopeless) trials.push(...(await this.train(candidate, seeds.slice(RACING))).map((r) => r.trial))
    if (trials.length) this.add(candidate, trials, trials.length < seeds.length)
  }
  add(candidate: Candidate, trials: Trial[], dropped: boolean, untreated = this.untreated): Outcome {
    const { experiment } = effectiveExperiment(treated(this.base, candidate), this.info)
    const outcome = outcomeOf(
      candidate,
      this.options.goal,
      trials,
      untreated,
      diffExperiments(this.plain, experiment),
      dropped
    )
    this.outcomes.push(outcome)
    this.options.told?.(outcome)
    return outcome
  }
}

/** Whether no seed is better than every untreated one, or has a more even gradient. */
function isHopeless(goal: Goal, trials: readonly Trial[], untreated: readonly Trial[]): boolean {
  const best = Math.max(...untreated.map((t) => good(goal, t.value)))
  const even = Math.min(...untreated.map((t) => t.span)) - HEALTHIER
  return trials.every((t) => !t.repaired && good(goal, t.value) <= best && t.span >= even)
}

/** Those that a race over a part of the steps lets through, the best first. */
async function race(
  search: Search,
  candidates: readonly Candidate[],
  goal: Goal,
  seeds: readonly number[],
  until: number
): Promise<Candidate[]> {
  const racing = seeds.slice(0, RACING)
  const [untreated, ...results] = await Promise.all([
    search.train(undefined, racing, until),
    ...candidates.map((c) => search.train(c, racing, until))
  ])
  const before = untreated.map((r) => r.trial)
  const alive: { candidate: Candidate; trials: Trial[] }[] = []
  candidates.forEach((candidate, i) => {
    const trials = results[i]!.map((r) => r.trial)
    if (!trials.length) return
    if (before.length && isHopeless(goal, trials, before)) search.add(candidate, trials, true, before)
    else alive.push({ candidate, trials })
  })
  const score = ({ trials }: { trials: Trial[] }): number[] => [
    trials.filter((t) => t.repaired).length,
    mean(trials.map((t) => good(goal, t.value))),
    -mean(trials.map((t) => t.span))
  ]
  const order = alive
    .map((a) => ({ ...a, score: score(a) }))
    .sort((a, b) => b.score.map((v, i) => v - a.score[i]!).find((d) => d !== 0) ?? 0)
  const through = Math.max(FINALISTS, Math.ceil(order.length / 2))
  for (const { candidate, trials } of order.slice(through)) search.add(candidate, trials, true, before)
  return order.slice(0, through).map((o) => o.candidate)
}

/**
 * Searches for what cures an experiment. Every candidate is trained with the same seeds as the untreated network, on
 * the same data: what findings advise first, on all seeds; the rest in a race over a part of the steps (successive
 * halving, Jamieson and Talwalkar 2016), whose better half goes on to all seeds; then pairs of what helped, when
 * nothing cures alone. What is claimed rests on whole trainings with all seeds, never on the race.
 * @param info of the experiment's data
 */
export async function searchCure(
  experiment: Experiment,
  info: DataInfo,
  options: SearchOptions
): Promise<Prescription> {
  const { goal, seeds } = options
  const search = new Search(experiment, info, options)
  const plain = await search.train(undefined, seeds)
  const untreated = (search.untreated = plain.map((r) => r.trial))
  const findings = plain.flatMap((r) => r.findings)
  const healthy = untreated.length > 0 && untreated.every((t) => t.repaired)
  const { candidates, blocked } = candidatesFor(
    experiment,
    { info, findings, norms: plain.find((r) => r.norms)?.norms },
    options.consider
  )
  const { steps } = experiment.training
  const until = Math.floor(steps * RUNG)
  if (healthy) {
    // Nothing is to be cured: a few steps tell what each remedy would cost.
    for (const c of candidates) {
      const trials = (await search.train(c, seeds.slice(0, 1), Math.min(steps, RUNG_STEPS))).map((r) => r.trial)
      if (trials.length) search.add(c, trials, true)
    }
  } else {
    const first = candidates.filter((c) => c.advised).slice(0, ADVISED_FIRST)
    await Promise.all(first.map((c) => search.settle(c)))
    const others = candidates.filter((c) => !first.includes(c))
    const finalists = until >= RUNG_STEPS ? await race(search, others, goal, seeds, until) : others
    await Promise.all(finalists.map((c) => search.settle(c)))
    if (!search.outcomes.some((o) => o.group === 'cures')) await pairs(search, experiment, info, options, candidates)
  }
  const outcomes = ranked(goal, search.outcomes)
  const kinds = [...findings]
    .sort((a, b) => Number(b.severity === 'bad') - Number(a.severity === 'bad'))
    .map((f) => f.kind)
  const values = untreated.map((t) => t.value)
  const baseline = plain.find((r) => r.baseline)?.baseline
  return {
    case: {
      name: experiment.name,
      seeds: [...seeds],
      steps,
      untreated: { seeds: untreated, mean: mean(values), interval: interval95(values) },
      findings: [...new Set(kinds)],
      ...(baseline && { baseline })
    },
    goal,
    candidates: outcomes,
    blocked,
    verdict: verdictOn(goal, outcomes, untreated, healthy, search.spent),
    trainings: search.trainings
  }
}

/** Tries pairs of what helped, the best first. */
async function pairs(
  search: Search,
  experiment: Experiment,
  info: DataInfo,
  options: SearchOptions,
  candidates: readonly Candidate[]
): Promise<void> {
  const helped = ranked(options.goal, search.outcomes)
    .filter((o) => o.group === 'helps')
    .map((o) => candidates.find((c) => c.id === o.id)!)
  const all = helped.flatMap((a, i) => helped.slice(i + 1).map((b) => pairOf(experiment, a, b, info)))
  const tried = all.filter((p): p is Candidate => p !== undefined).slice(0, options.pairs)
  await Promise.all(tried.map((p) => search.settle(p)))
}
