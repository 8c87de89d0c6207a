import { candidatesFor, treated } from '../../../src/shared/cure/candidates'
import { contentOf } from '../../../src/shared/cure/content'
import { outcomeOf } from '../../../src/shared/cure/outcome'
import { sparse, type Job, type JobResult } from '../../../src/shared/cure/job'
import { searchCure } from '../../../src/shared/cure/search'
import { defaultGoal, resultOf } from '../../../src/shared/cure/trial'
import type { Candidate, Goal, PrescriptionState, Trial } from '../../../src/shared/cure/types'
import type { Attachments, DataInfo } from '../../../src/shared/catalog/datasets/types'
import { parseExperiment, type Experiment } from '../../../src/shared/experiment'
import { RunLog } from '../../../src/shared/run/runLog'
import { describeData } from '../../../src/trainer/data'
import { TrainerSession } from '../../../src/trainer/session/session'
import { caseOf } from '../../../tests/corpus'

export interface Ask {
  /** Of a case of the corpus; `nothing/…`: a net whose targets have nothing to do with its inputs. */
  id: string
  seeds: number
  /** Seeds that took no part in the search, on which a claimed cure is tried. */
  fresh: number
}
/** Steps, and milliseconds, that something took. */
export interface Cost {
  steps: number
  ms: number
}
/** What a candidate comes to when it is trained on all seeds, without a race. */
export interface Exhaustive {
  id: string
  advised: boolean
  cures: boolean
  repaired: number
  cost: Cost
}
export interface Answer {
  id: string
  failure?: string
  /** Of the untreated trainings; up to the first candidate that was found to cure; of the whole search. */
  untreated: Cost
  /** Steps that the untreated trainings were to make: some end early, as they diverge. */
  planned: number
  first?: Cost
  whole: Cost
  trainings: number
  state: PrescriptionState
  /** The first-ranked candidate, when it is called a cure. */
  claim?: { id: string; repaired: number; fresh: number }
  all: Exhaustive[]
}

/** A regression whose targets are drawn beside its inputs: no remedy can help. */
function nothing(seed: number): { experiment: Experiment; files: Attachments } {
  const depth = 2 + (seed % 3)
  return {
    files: {},
    experiment: parseExperiment({
      name: `nothing/${seed}`,
      seed,
      data: { dataset: { id: 'randomPairs', count: 200, inputs: 8, outputs: 1 }, validation: 0.25 },
      network: {
        nodes: [
          {
            id: 'hidden',
            kind: 'repeat',
            times: depth,
            body: [{ id: 'dense', kind: 'dense', params: { units: 16, activation: 'tanh' } }]
          },
          { id: 'out', kind: 'dense', params: { units: 1, activation: 'linear' } }
        ]
      },
      training: { steps: 200, batchSize: 32, optimizer: { id: 'adam', learningRate: 0.003 } }
    })
  }
}

/** Trains jobs one after the other, each once, and counts what they cost. */
class Trainings {
  private readonly made = new Map<string, { result: JobResult; cost: Cost }>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly info: DataInfo,
    private readonly files: Attachments,
    private readonly goal: Goal
  ) {}
  /** @param spend is told what it costs, also where it was trained for another question */
  make(job: Job, spend: (cost: Cost) => void): Promise<JobResult> {
    const next = this.last.then(async () => {
      const key = JSON.stringify(contentOf(job, this.info))
      const known = this.made.get(key) ?? (await this.train(job))
      this.made.set(key, known)
      spend(known.cost)
      return known.result
    })
    this.last = next
    return next
  }
  private async train({ experiment, until }: Job): Promise<{ result: JobResult; cost: Cost }> {
    const log = new RunLog({ id: 'bench', name: experiment.name, experiment, createdAt: '' })
    const start = performance.now()
    const session: TrainerSession = new TrainerSession(
      experiment,
      this.files,
      (update) => {
        log.apply(update)
        if (update.kind === 'frames') session.ack(1)
      },
      { ...(until !== undefined && { until }) }
    )
    await session.run()
    const ms = performance.now() - start
    const steps = Math.max(1, session.step)
    return {
      cost: { steps, ms },
      result: resultOf(log, this.goal, { stepMs: ms / steps, run: 'bench' })
    }
  }
}
const plus = (a: Cost, b: Cost): Cost => ({ steps: a.steps + b.steps, ms: a.ms + b.ms })
const NONE: Cost = { steps: 0, ms: 0 }

async function measured({ id, seeds: count, fresh }: Ask): Promise<Omit<Answer, 'failure'>> {
  const [kind, seed] = id.split('/')
  const { experiment, files } = kind === 'nothing' ? nothing(Number(seed)) : caseOf(id)
  const info = describeData(experiment, files)
  const goal = defaultGoal({ info })
  const trainings = new Trainings(info, files, goal)
  const seeds = Array.from({ length: count }, (_, i) => experiment.seed + i)

  let spent = NONE
  const by: { untreated?: Cost; first?: Cost } = {}
  let waits = count
  const plain: JobResult[] = []
  const prescription = await searchCure(experiment, info, {
    goal,
    seeds,
    pairs: 2,
    async train(job) {
      const result = await trainings.make(job, (cost) => {
        spent = plus(spent, cost)
        if (waits && --waits === 0) by.untreated = spent
      })
      if (job.candidate === undefined && job.until === undefined) plain.push(result)
      return result
    },
    told(outcome) {
      if (outcome.group === 'cures') by.first ??= spent
    }
  })
  const whole = spent

  const base = sparse(experiment)
  const before = plain.map((r) => r.trial)
  const on = async (c: Candidate, list: readonly number[]): Promise<{ trials: Trial[]; cost: Cost }> => {
    let cost = NONE
    const results: JobResult[] = []
    for (const s of list)
      results.push(
        await trainings.make({ experiment: { ...treated(base, c), seed: s } }, (one) => (cost = plus(cost, one)))
      )
    return { trials: results.map((r) => r.trial), cost }
  }
  const { candidates } = candidatesFor(experiment, {
    info,
    findings: plain.flatMap((r) => r.findings),
    norms: plain.find((r) => r.norms)?.norms
  })
  const all: Exhaustive[] = []
  if (prescription.verdict.state !== 'healthy')
    for (const c of candidates) {
      const { trials, cost } = await on(c, seeds)
      const { group } = outcomeOf(c, goal, trials, before, [])
      const repaired = trials.filter((t) => t.repaired).length
      all.push({ id: c.id, advised: c.advised, cures: group === 'cures', repaired, cost })
    }
  const [best] = prescription.candidates
  const isClaim = best?.group === 'cures'
  const tried = isClaim
    ? await on(
        best,
        Array.from({ length: fresh }, (_, i) => experiment.seed + 1000 + i)
      )
    : undefined
  return {
    id,
    untreated: by.untreated!,
    planned: count * experiment.training.steps,
    ...(by.first && { first: by.first }),
    whole,
    trainings: prescription.trainings,
    state: prescription.verdict.state,
    ...(isClaim && {
      claim: {
        id: best.id,
        repaired: best.seeds.filter((t) => t.repaired).length,
        fresh: tried!.trials.filter((t) => t.repaired).length
      }
    }),
    all
  }
}
/** Searches for a net's cure, tries every candidate on all seeds beside it, and the claimed cure on fresh seeds. */
export const work = (ask: Ask): Promise<Answer> =>
  measured(ask).catch((error: unknown) => ({
    id: ask.id,
    failure: error instanceof Error ? (error.stack ?? error.message) : String(error),
    untreated: NONE,
    planned: 0,
    whole: NONE,
    trainings: 0,
    state: 'unfinished' as const,
    all: []
  }))
