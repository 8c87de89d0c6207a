import type { DataInfo } from '../catalog/datasets/types'
import { diffExperiments, type Change } from '../experiment/diff'
import { effectiveExperiment } from '../experiment/effective'
import type { Experiment } from '../experiment/types'
import type { Finding } from '../run/types'
import { treated } from './candidates'
import { RACING, WHOLE } from './heat'
import { sparse, type Job, type JobResult } from './job'
import { good, intervalOf, outcomeOf, ranked } from './outcome'
import { mean } from './statistics'
import type { Blocked, Candidate, Dropped, Goal, Outcome, Prescription, Stage, Trial } from './types'
import { verdictOn } from './words'

/** Decades by which a gradient has to be more even to be called healthier. */
const HEALTHIER = 0.5

export interface SearchOptions {
  goal: Goal
  seeds: readonly number[]
  /** Ids of the only remedies to try. */
  consider?: readonly string[]
  /** Pairs of what helped that are tried at most, when no single remedy cures. */
  pairs: number
  /**
   * Trains; may be called for many jobs at once, and makes them in the order of the calls by and large. Null: the
   * budget is spent.
   */
  train(job: Job): Promise<JobResult | null>
  /** Hears of every candidate whose seeds are done. */
  told?(outcome: Outcome): void
  /** Hears that more is known, and may ask what. */
  grown?(now: () => Prescription): void
}

/** A candidate, and what is known of it so far. */
interface Entry {
  candidate: Candidate
  changes: Change[]
  stage: Stage | 'done'
  /** Of the race, until it is trained as a whole. */
  trials: Trial[]
  /** What it is held against: the untreated runs of as many steps. */
  untreated: readonly Trial[]
  /** Takes the place of an untreated run of the same seed and steps, where machines differ. */
  against: Trial[]
  dropped?: Dropped
}

/** A search under way: what has been trained so far, and the means to train more. */
export class Search {
  /** By id, in the order in which they were thought of. */
  private readonly entries = new Map<string, Entry>()
  untreated: Trial[] = []
  plain: JobResult[] = []
  blocked: Blocked[] = []
  trainings = 0
  /** Whole trainings that as many steps would make. */
  cost = 0
  spent = false
  /** Whether it went through all that it set out to do. */
  over = false
  private readonly base: Experiment
  private readonly effective: Experiment

  constructor(
    private readonly experiment: Experiment,
    private readonly info: DataInfo,
    private readonly options: SearchOptions
  ) {
    this.base = sparse(experiment)
    this.effective = effectiveExperiment(this.base, info).experiment
  }

  get healthy(): boolean {
    const { untreated, options } = this
    return untreated.length === options.seeds.length && untreated.every((t) => t.repaired)
  }
  /** Candidates that can be trained on all seeds before the search has taken as long as it may. */
  get room(): number {
    return WHOLE - this.cost / this.options.seeds.length
  }
  get hasCure(): boolean {
    return this.ranked().some((o) => o.group === 'cures')
  }
  get findings(): Finding[] {
    return this.plain.flatMap((r) => r.findings)
  }
  /** Candidates that will be trained. */
  expect(candidates: readonly Candidate[]): void {
    for (const candidate of candidates) {
      const { experiment } = effectiveExperiment(treated(this.base, candidate), this.info)
      this.entries.set(candidate.id, {
        candidate,
        changes: diffExperiments(this.effective, experiment),
        stage: 'waiting',
        trials: [],
        untreated: this.untreated,
        against: []
      })
    }
    this.tell()
  }
  /** Trains the network as it is on all seeds. */
  async trainUntreated(): Promise<void> {
    const { seeds } = this.options
    const results: JobResult[] = []
    await this.train(undefined, seeds, undefined, (result) => {
      results.push(result)
      results.sort((a, b) => a.trial.seed - b.trial.seed)
      this.plain = results
      this.untreated = results.map((r) => r.trial)
    })
  }
  /** Trains a candidate, or untreated, with each of these seeds. @param each hears of each result as it comes */
  async train(
    candidate: Candidate | undefined,
    seeds: readonly number[],
    until: number | undefined,
    each: (result: JobResult) => void
  ): Promise<void> {
    const experiment = candidate ? treated(this.base, candidate) : this.base
    await Promise.all(
      seeds.map(async (seed) => {
        const result = await this.options.train({
          experiment: { ...experiment, seed },
          ...(candidate && { candidate: candidate.id, untreated: { ...this.base, seed } }),
          ...(until && { until })
        })
        if (!result) return void (this.spent = true)
        this.trainings++
        this.cost += until ? until / this.experiment.training.steps : 1
        each(result)
        this.tell()
      })
    )
  }
  /** Trains a candidate over a part of the steps. @returns its trials */
  async race(candidate: Candidate, seeds: readonly number[], until: number): Promise<Trial[]> {
    const entry = this.entries.get(candidate.id)!
    entry.stage = 'racing'
    await this.train(candidate, seeds, until, (result) => put(entry, result))
    return entry.trials
  }
  /** Trains a candidate on all seeds, unless its first ones show that it is hopeless. */
  async settle(candidate: Candidate): Promise<void> {
    const { seeds, goal } = this.options
    const entry = this.entries.get(candidate.id)!
    const isFresh = entry.trials.length === 0
    Object.assign(entry, { stage: 'training', untreated: this.untreated })
    // What the race showed stays on show until there is better.
    const add = (result: JobResult): void => {
      entry.trials = entry.trials.filter((t) => t.steps === result.trial.steps)
      put(entry, result)
    }
    await this.train(candidate, seeds.slice(0, RACING), undefined, add)
    const { trials } = entry
    const isWhole = isFresh || trials.some((t) => t.steps === this.experiment.training.steps)
    if (isWhole && trials.length && isHopeless(goal, trials, besides(entry)))
      return this.done(candidate, trials.length < seeds.length ? 'hopeless' : undefined)
    await this.train(candidate, seeds.slice(RACING), undefined, add)
    this.done(candidate, entry.trials.length < seeds.length || !isWhole ? 'budget' : undefined)
  }
  /** A candidate gets no more trials. @param untreated what it is held against, when not the whole runs */
  done(candidate: Candidate, dropped?: Dropped, untreated?: readonly Trial[]): void {
    const entry = this.entries.get(candidate.id)!
    // What the end of the budget left untried still waits for the search to go on.
    if (dropped === 'budget' && !entry.trials.length) return void (entry.stage = 'waiting')
    Object.assign(entry, { stage: 'done', ...(dropped && { dropped }), ...(untreated && { untreated }) })
    if (entry.trials.length) this.options.told?.(this.outcome(entry))
    this.tell()
  }
  /** Candidates with whole trainings, ranked. */
  ranked(): Outcome[] {
    return this.sorted((e) => !this.isRacing(e))
  }
  /** What the whole search has found. */
  end(): Prescription {
    this.over = true
    return this.prescription()
  }
  /** What is known by now, which is no verdict that nothing helps; candidates that wait come last. */
  prescription(): Prescription {
    const { goal, seeds } = this.options
    const outcomes = this.ranked()
    // A race claims nothing: who leads in it is neither ranked nor called the smallest cure.
    const racing = this.sorted((e) => this.isRacing(e)).map(({ rank: _, smallest: __, ...rest }): Outcome => rest)
    const waiting = [...this.entries.values()].filter((e) => !e.trials.length && e.stage !== 'done')
    const values = this.untreated.map((t) => t.value)
    const kinds = [...this.findings]
      .sort((a, b) => Number(b.severity === 'bad') - Number(a.severity === 'bad'))
      .map((f) => f.kind)
    const baseline = this.plain.find((r) => r.baseline)?.baseline
    return {
      case: {
        name: this.experiment.name,
        seeds: [...seeds],
        steps: this.experiment.training.steps,
        untreated: { seeds: this.untreated, mean: mean(values), interval: intervalOf(goal, values) },
        findings: [...new Set(kinds)],
        ...(baseline && { baseline })
      },
      goal,
      candidates: [...outcomes, ...racing, ...waiting.map((e) => this.outcome(e))],
      blocked: this.blocked,
      verdict: verdictOn(goal, outcomes, this.untreated, {
        healthy: this.healthy,
        spent: this.spent || !this.over,
        blocked: !this.entries.size && this.blocked.length > 0,
        judged: this.plain[0]?.judged
      }),
      trainings: this.trainings
    }
  }

  /** Whether all that is known of a candidate is from a race that goes on, or that it came through. */
  private isRacing({ stage, trials }: Entry): boolean {
    const { steps } = this.experiment.training
    return stage === 'racing' || (stage === 'training' && trials.some((t) => t.steps < steps))
  }
  private sorted(chosen: (e: Entry) => boolean): Outcome[] {
    const tried = [...this.entries.values()].filter((e) => e.trials.length && chosen(e))
    return ranked(
      this.options.goal,
      tried.map((e) => this.outcome(e))
    )
  }
  private outcome(entry: Entry): Outcome {
    const { candidate, changes, stage, trials, dropped } = entry
    return {
      ...outcomeOf(candidate, this.options.goal, trials, besides(entry), changes, dropped),
      ...(stage !== 'done' && { stage })
    }
  }
  private tell(): void {
    this.options.grown?.(() => this.prescription())
  }
}
/** The untreated runs of a candidate's comparison: of each seed the one that the same machine made, if there is one. */
const besides = ({ untreated, against }: Entry): Trial[] =>
  untreated.map((u) => against.find((t) => t.seed === u.seed && t.steps === u.steps) ?? u)

/** Adds a trial, by seed. */
function put(entry: Entry, { trial, against }: JobResult): void {
  if (against) entry.against.push(against)
  entry.trials = [...entry.trials.filter((t) => t.seed !== trial.seed), trial].sort((a, b) => a.seed - b.seed)
}

/** Whether no seed is better than every untreated one, or has a more even gradient. */
export function isHopeless(goal: Goal, trials: readonly Trial[], untreated: readonly Trial[]): boolean {
  const best = Math.max(...untreated.map((t) => good(goal, t.value)))
  const even = Math.min(...untreated.map((t) => t.span)) - HEALTHIER
  return trials.every((t) => !t.repaired && good(goal, t.value) <= best && t.span >= even)
}
