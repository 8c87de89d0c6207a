import * as v from 'valibot'
import { LIMITS } from '../project/limits'
import type { Outline, SentProject } from '../project/types'

/**
 * The shapes that the program itself gives to what it works with: as much of them as it relies on without looking.
 * Values are checked by the readers of files and experiments; unknown keys are let through.
 */
const spec = v.looseObject({ id: v.string() })
const node: v.GenericSchema<unknown> = v.looseObject({
  id: v.string(),
  kind: v.string(),
  inputs: v.array(v.string()),
  params: v.optional(v.looseObject({})),
  body: v.optional(v.array(v.lazy(() => node)))
})
const experiment = v.looseObject({
  name: v.string(),
  seed: v.number(),
  data: v.looseObject({ dataset: spec, validation: v.number(), standardize: v.boolean() }),
  network: v.looseObject({ nodes: v.array(node) }),
  training: v.looseObject({
    steps: v.number(),
    batchSize: v.number(),
    loss: spec,
    optimizer: spec,
    schedule: spec,
    hooks: v.array(spec)
  }),
  record: v.looseObject({ every: v.number(), evaluateEvery: v.number() }),
  remedies: v.array(spec)
})
const run = v.looseObject({
  id: v.string(),
  name: v.string(),
  experiment,
  progress: v.looseObject({ state: v.string() }),
  evaluations: v.array(v.looseObject({})),
  findings: v.array(v.looseObject({}))
})
const word = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 32 - 1))
const marks = v.array(v.strictTuple([v.number(), word, word]))
const briefRun = v.looseObject({
  ...run.entries,
  evaluations: v.optional(v.never()),
  marks: v.strictObject({
    hasSchema: v.boolean(),
    frames: word,
    sums: v.strictTuple([word, word, word]),
    numbers: v.pipe(v.number(), v.integer(), v.minValue(0)),
    evaluations: word,
    evaluated: v.number(),
    histograms: marks,
    checkpoints: marks
  })
})
const runStub = v.strictObject({
  id: v.string(),
  name: v.string(),
  seconds: v.optional(v.number()),
  experiment: v.optional(v.string())
})
const files = v.record(v.string(), v.union([v.string(), v.instance(Uint8Array)]))
const shape = v.looseObject({
  name: v.string(),
  experiments: v.pipe(v.array(experiment), v.maxLength(LIMITS.experiments)),
  current: v.pipe(v.number(), v.integer(), v.minValue(0)),
  runs: v.pipe(v.array(run), v.maxLength(LIMITS.runs)),
  files
})

/** A project that is to be saved. */
export const savedProject = v.looseObject({
  ...shape.entries,
  runs: v.pipe(v.array(v.union([briefRun, run])), v.maxLength(LIMITS.runs))
}) as unknown as v.GenericSchema<SentProject>
/** A project on the screen: a page that is reloaded goes on with it. */
export const shownProject = v.pipe(
  v.looseObject({
    ...shape.entries,
    key: v.optional(v.string()),
    replaces: v.optional(v.string()),
    runs: v.pipe(v.array(v.union([runStub, run])), v.maxLength(LIMITS.runs)),
    files: v.optional(files)
  }),
  v.check(({ experiments, current }) => current < experiments.length, 'must have the experiment that is shown')
) as unknown as v.GenericSchema<Outline>
