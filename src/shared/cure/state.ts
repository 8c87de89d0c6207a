import * as v from 'valibot'
import type { DataInfo } from '../catalog/datasets/types'
import type { Text } from '../base/text'
import type { Sums } from '../experiment/attached'
import type { Experiment } from '../experiment/types'
import { bilingual, count, failure, finding, text } from '../run/schemas'
import type { Failure } from '../run/types'
import type { JobResult } from './job'
import type { Goal, Prescription } from './types'

/** How long a search may go on. Absent: as long as it takes. */
export interface Budget {
  /** Milliseconds that its trainings take, all sittings together. */
  time?: number
  trainings?: number
}
/** What a search is asked. */
export interface SearchOrder {
  /** With the remedies that it has: these are part of what is treated. */
  experiment: Experiment
  /** Of the attached files that it names. Absent without any, and in older files. */
  sums?: Sums
  /** What its data looks like. */
  info: DataInfo
  goal: Goal
  seeds: number[]
  budget: Budget
  /** Ids of the only remedies to try; absent: all. */
  consider?: string[]
  /** Pairs of what helped that are tried at most. */
  pairs: number
}
/** A training that is finished, by the address of what it trained. */
export interface KeptTrial {
  address: string
  result: JobResult
  /** Kind of the machine that made it: others compute other bits. Absent in older files. */
  machine?: string
}
/** A training under way. */
export interface Ongoing {
  /** Id of its run. */
  run: string
  /** Absent: untreated. */
  candidate?: string
  seed: number
  /** It stands in a queue, and no worker has begun it. */
  waits?: true
}
/** Where a queue is, without credentials, and how many workers it has. Until it answers, nobody knows how many. */
export interface QueueState {
  place: string
  workers?: number
}
/** What there is of a search: what it was asked, what it has trained, and what came of it. */
export interface SearchState {
  id: string
  order: SearchOrder
  /** `stopped`: by a person, by the budget, or with the app; it can be gone on with. */
  state: 'running' | 'stopped' | 'done' | 'failed'
  /** Why it failed. */
  failure?: Failure
  /** The queue whose workers train, while it goes on. */
  queue?: QueueState
  /** What it waits for, of a queue. */
  notice?: Text
  /** Milliseconds that it has gone on, all sittings together. */
  time: number
  /** Finished trainings, those of earlier searches of the project included. */
  kept: KeptTrial[]
  ongoing: Ongoing[]
  prescription?: Prescription
}

const list = <T extends v.GenericSchema>(item: T): v.ArraySchema<T, undefined> => v.array(item)
const figure = v.custom<number>((x) => typeof x === 'number', 'must be a number')
const interval = v.tuple([figure, figure])
const spec = v.looseObject({ id: text })
const goal = v.looseObject({ metric: text, better: v.picklist(['higher', 'lower']), target: v.optional(figure) })
const baseline = v.optional(v.looseObject({ name: bilingual, value: figure }))
const trial = v.looseObject({
  seed: v.number(),
  steps: count,
  value: figure,
  repaired: v.boolean(),
  state: text,
  verdict: text,
  span: figure,
  bad: list(text),
  fingerprint: text,
  stepMs: figure,
  gradient: v.optional(v.looseObject({ first: figure, last: figure, layers: count })),
  toGoal: v.optional(count),
  run: text
})
const outcome = v.looseObject({
  id: text,
  remedies: list(spec),
  off: list(text),
  changes: list(v.looseObject({ path: text, type: v.picklist(['add', 'remove', 'change']) })),
  group: v.picklist(['cures', 'helps', 'none', 'backfires', 'dropped']),
  advised: v.boolean(),
  seeds: list(trial),
  mean: figure,
  interval,
  repaired: v.looseObject({ share: figure, interval }),
  stepCost: figure,
  identical: v.boolean(),
  rank: v.optional(count),
  smallest: v.optional(v.literal(true)),
  dropped: v.optional(v.picklist(['hopeless', 'outraced', 'budget', 'cost'])),
  stage: v.optional(v.picklist(['waiting', 'racing', 'training']))
})
/** A `Prescription` as a file has it. */
export const prescription = v.looseObject({
  case: v.looseObject({
    name: text,
    seeds: list(v.number()),
    steps: count,
    untreated: v.looseObject({ seeds: list(trial), mean: figure, interval }),
    findings: list(text),
    baseline
  }),
  goal,
  candidates: list(outcome),
  blocked: list(v.looseObject({ remedy: text, reason: bilingual })),
  verdict: v.looseObject({
    state: v.picklist(['cured', 'helped', 'nothing', 'healthy', 'unfinished']),
    text: bilingual
  }),
  trainings: count
})
/** A `SearchState` as a project file has it; its experiment is read as any other. */
export const searchState = v.looseObject({
  id: text,
  order: v.looseObject({
    experiment: v.looseObject({}),
    sums: v.optional(list(v.tuple([text, text]))),
    info: v.looseObject({
      inputShape: list(v.number()),
      targetShape: list(v.number()),
      task: v.picklist(['regression', 'binary', 'multiclass', 'critic']),
      count
    }),
    goal,
    seeds: v.pipe(list(v.pipe(v.number(), v.integer())), v.minLength(1), v.maxLength(100)),
    budget: v.looseObject({ time: v.optional(v.number()), trainings: v.optional(count) }),
    consider: v.optional(list(text)),
    pairs: count
  }),
  state: v.picklist(['running', 'stopped', 'done', 'failed']),
  failure: v.optional(failure),
  queue: v.optional(v.looseObject({ place: text, workers: v.optional(count) })),
  notice: v.optional(bilingual),
  time: v.number(),
  kept: list(
    v.looseObject({
      address: text,
      result: v.looseObject({
        trial,
        findings: list(finding),
        against: v.optional(trial),
        norms: v.optional(v.looseObject({ half: figure, tenth: figure })),
        baseline,
        judged: v.optional(count)
      }),
      machine: v.optional(text)
    })
  ),
  ongoing: list(v.looseObject({ run: text, candidate: v.optional(text), seed: v.number() })),
  prescription: v.optional(prescription)
})
