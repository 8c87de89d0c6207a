import * as v from 'valibot'
import { LIMITS } from '../project/limits'
import type { Outline, Project } from '../project/types'

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
export const savedProject = shape as unknown as v.GenericSchema<Project>
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
