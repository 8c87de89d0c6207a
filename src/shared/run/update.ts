import * as v from 'valibot'
import { BINS, type HistogramSet } from './histogram'
import * as parts from './schemas'
import type {
  Checkpoint,
  EndState,
  Evaluation,
  Failure,
  Finding,
  FrameBatch,
  LiveState,
  Progress,
  RunEvent,
  RunSchema,
  RunVerdict
} from './types'

/** Progress of a run that has not ended. */
export interface LiveProgress extends Omit<Progress, 'failure' | 'interrupted'> {
  state: LiveState
}

/**
 * One piece of news of a run. A run is the sequence of its updates: `schema` comes before `frames`, and `done` or
 * `failure` comes last. Whoever trains, or reads a recording, produces updates; `RunLog` makes the run of them.
 */
export type RunUpdate =
  | { kind: 'schema'; schema: RunSchema }
  | { kind: 'progress'; progress: LiveProgress }
  /** Frames that follow those before; steps rise. */
  | { kind: 'frames'; frames: FrameBatch }
  | { kind: 'evaluation'; evaluation: Evaluation }
  /** The full current list, which replaces the last one. */
  | { kind: 'findings'; findings: Finding[] }
  /** Replaces the last one. */
  | { kind: 'verdict'; verdict: RunVerdict }
  | { kind: 'histograms'; histograms: HistogramSet }
  /** A checkpoint that is kept from now on; the checkpoints of other steps than `kept` are dropped. */
  | { kind: 'checkpoint'; checkpoint: Checkpoint; kept: number[] }
  /** `index`: place among the run's events, from 0, so that an event that is told twice is one event. */
  | { kind: 'event'; event: RunEvent; index: number }
  /** The run ended with an error after `step` steps. */
  | { kind: 'failure'; failure: Failure; step: number }
  /** The run ended well after `step` steps, and all updates have been sent. */
  | { kind: 'done'; state: Exclude<EndState, 'failed'>; step: number; interrupted?: true }
/** What an update is about. */
export type UpdateKind = RunUpdate['kind']
/** The update of one kind. */
export type UpdateOf<K extends UpdateKind> = Extract<RunUpdate, { kind: K }>

/** An update with the id of its run: what crosses each process boundary. */
export interface RunMessage {
  id: string
  update: RunUpdate
}

const { count } = parts
const int32 = v.instance(Int32Array)
const float32 = v.instance(Float32Array)
const perStep = (numbers: Float32Array, steps: Int32Array): boolean =>
  steps.length ? numbers.length % steps.length === 0 : numbers.length === 0
const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

const frames = v.pipe(
  v.object({ steps: int32, values: float32, scalars: float32 }),
  v.check((f) => perStep(f.values, f.steps) && perStep(f.scalars, f.steps), 'must hold as many numbers for each step')
)
const histograms = v.pipe(
  v.object({ ...parts.histogramSet, bins: float32 }),
  v.check((h) => h.bins.length === h.entries.length * BINS, `must hold ${BINS} bins for each entry`)
)
const checkpoint = v.pipe(
  v.looseObject({ ...parts.checkpoint, values: float32 }),
  v.check(
    (c) => c.values.length === c.variables.reduce((n, { shape }) => n + sizeOf(shape), 0),
    'must hold as many values as its variables have'
  )
)
const progress = v.object({
  state: v.picklist(['queued', 'starting', 'running', 'paused']),
  step: count,
  steps: count,
  rate: v.optional(v.number()),
  waiting: v.optional(v.number())
})

/** One schema for each kind of update. */
const updateSchemas = {
  schema: v.object({ kind: v.literal('schema'), schema: parts.runSchema }),
  progress: v.object({ kind: v.literal('progress'), progress }),
  frames: v.object({ kind: v.literal('frames'), frames }),
  evaluation: v.object({ kind: v.literal('evaluation'), evaluation: parts.evaluation }),
  findings: v.object({ kind: v.literal('findings'), findings: v.array(parts.finding) }),
  verdict: v.object({ kind: v.literal('verdict'), verdict: parts.runVerdict }),
  histograms: v.object({ kind: v.literal('histograms'), histograms }),
  checkpoint: v.object({ kind: v.literal('checkpoint'), checkpoint, kept: v.array(count) }),
  event: v.object({ kind: v.literal('event'), event: parts.runEvent, index: count }),
  failure: v.object({ kind: v.literal('failure'), failure: parts.failure, step: count }),
  done: v.object({
    kind: v.literal('done'),
    state: v.picklist(['finished', 'diverged', 'stopped']),
    step: count,
    interrupted: v.optional(v.literal(true))
  })
} satisfies { [K in UpdateKind]: v.GenericSchema }

/** Any update. Typed arrays pass by reference. */
export const runUpdate = v.variant('kind', [
  updateSchemas.schema,
  ...Object.values(updateSchemas)
]) as unknown as v.GenericSchema<unknown, RunUpdate>

/** A `RunMessage`. */
export const runMessage = v.object({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  update: runUpdate
}) as unknown as v.GenericSchema<unknown, RunMessage>
