import * as v from 'valibot'
import { searchState } from '../cure/state'
import { BINS } from '../run/histogram'
import {
  bilingual,
  checkpoint,
  count,
  evaluation,
  finding,
  histogramSet,
  runEvent,
  runSchema,
  runVerdict,
  text
} from '../run/schemas'
import { PROJECT_FORMAT } from './format'

const list = <T extends v.GenericSchema>(item: T): v.ArraySchema<T, undefined> => v.array(item)
/** A run, without what other entries hold. */
export const run = v.looseObject({
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)),
  name: text,
  experiment: v.looseObject({}),
  createdAt: text,
  seconds: v.optional(v.number()),
  progress: v.looseObject({
    state: v.picklist(['queued', 'starting', 'running', 'paused', 'finished', 'diverged', 'stopped', 'failed']),
    step: count,
    steps: count,
    failure: v.optional(v.looseObject({ message: bilingual }))
  }),
  schema: v.optional(runSchema),
  frames: v.object({ count, values: v.optional(count), scalars: v.optional(count), file: v.optional(text) }),
  histograms: v.optional(
    v.object({
      bins: v.literal(BINS),
      file: text,
      sets: list(v.object(histogramSet))
    })
  ),
  checkpoints: v.optional(list(v.looseObject({ ...checkpoint, file: text }))),
  search: v.optional(text),
  sums: v.optional(list(v.tuple([text, text]))),
  watched: v.optional(text),
  continuedFrom: v.optional(v.looseObject({ run: text, name: text, step: count })),
  events: v.optional(list(runEvent)),
  evaluations: list(evaluation),
  findings: list(finding),
  verdict: v.optional(runVerdict)
})
/** The document of a project file. */
export const manifest = v.looseObject({
  format: v.literal(PROJECT_FORMAT),
  version: count,
  name: text,
  experiments: v.pipe(list(v.looseObject({})), v.minLength(1)),
  current: count,
  runs: list(run),
  search: v.optional(searchState),
  files: list(
    v.object({
      name: v.pipe(v.string(), v.minLength(1), v.maxLength(1000)),
      file: text,
      type: v.picklist(['text', 'binary'])
    })
  )
})
