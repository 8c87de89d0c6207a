import * as v from 'valibot'
import { histogramSources } from './histogram'

/**
 * The parts of a run as valibot schemas: the stream of updates and the project file are both checked with them. Unknown
 * keys are kept.
 */
const list = <T extends v.GenericSchema>(item: T): v.ArraySchema<T, undefined> => v.array(item)
/** A text that one reads, or an id. */
export const text = v.pipe(v.string(), v.maxLength(10_000))
/** A text in both languages. */
export const bilingual = v.looseObject({ en: text, zh: text })
/** A whole number from 0 to 2³¹. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(2 ** 31))
/** A measured value: NaN and ±∞ are values, which valibot's own `number` refuses. */
const figure = v.custom<number>((x) => typeof x === 'number', 'must be a number')
const figures = v.record(v.string(), figure)
const problem = v.looseObject({ path: v.string(), message: bilingual })

const offset = v.looseObject({ feature: count, mean: figure, std: figure })
const spread = v.looseObject({
  min: figure,
  max: figure,
  rms: figure,
  largest: figure,
  feature: count,
  far: v.optional(offset)
})
const baseline = v.looseObject({
  id: v.picklist(['majority', 'mean', 'constant', 'last', 'chance']),
  name: bilingual,
  metrics: figures,
  trainingLoss: figure
})
/** A `RunSchema`. */
export const runSchema = v.looseObject({
  layers: list(
    v.looseObject({
      index: count,
      id: text,
      node: text,
      kind: text,
      name: text,
      outputShape: list(v.number()),
      paramCount: v.number(),
      main: v.boolean(),
      inputs: list(text)
    })
  ),
  columns: list(v.looseObject({ layer: count, statistic: text, time: v.optional(v.pipe(count, v.minValue(1))) })),
  scalars: list(text),
  info: v.looseObject({
    inputShape: list(v.number()),
    targetShape: list(v.number()),
    task: v.picklist(['regression', 'binary', 'multiclass', 'critic']),
    count
  }),
  data: v.optional(
    v.looseObject({
      input: spread,
      target: spread,
      classes: v.optional(list(v.number())),
      neighbours: v.optional(figure),
      alike: v.optional(v.literal(true))
    })
  ),
  trainCount: count,
  validationCount: count,
  paramCount: v.number(),
  compiled: v.union([v.literal(true), bilingual]),
  versions: v.record(v.string(), v.string()),
  judged: v.optional(
    v.looseObject({ part: v.picklist(['validation', 'training']), count, classes: v.optional(count) })
  ),
  baselines: v.optional(list(baseline))
})

const plane = v.pipe(
  v.looseObject({
    reach: v.number(),
    side: v.pipe(count, v.minValue(2), v.maxValue(256)),
    values: list(figure),
    classes: v.optional(count),
    labels: v.optional(list(v.number())),
    real: list(figure),
    generated: list(figure)
  }),
  v.check((p) => p.values.length === p.side ** 2, 'must hold side × side values')
)
/** An `Evaluation`. */
export const evaluation = v.looseObject({ step: count, metrics: figures, plane: v.optional(plane) })

/** A `Finding`. */
export const finding = v.looseObject({
  rule: text,
  kind: text,
  severity: text,
  from: v.number(),
  to: v.number(),
  layers: list(text),
  measured: figures,
  threshold: figures,
  text: bilingual,
  advice: list(text),
  choices: v.optional(v.record(v.string(), v.record(v.string(), v.unknown()))),
  along: v.optional(
    v.record(
      v.string(),
      v.looseObject({ on: v.optional(list(v.looseObject({ id: text }))), off: v.optional(list(text)) })
    )
  )
})

/** A `RunVerdict`. */
export const runVerdict = v.looseObject({
  state: v.picklist(['learned', 'learning', 'notLearning', 'diverged', 'unclear']),
  text: bilingual,
  measured: figures,
  baseline: v.optional(baseline),
  since: count
})

/** A learning rate, or a remedy's choice. */
const setting = v.union([figure, v.looseObject({ id: text })])
/** A `RunEvent`. */
export const runEvent = v.looseObject({
  step: count,
  kind: text,
  text: bilingual,
  remedy: v.optional(text),
  before: v.optional(setting),
  after: v.optional(setting)
})

/** The members of a `HistogramSet`, but for its bins. */
export const histogramSet = {
  step: count,
  live: v.optional(v.literal(true)),
  entries: list(
    v.object({
      layer: count,
      source: v.picklist(histogramSources),
      count,
      nan: count,
      infinite: count,
      zero: count,
      low: figure,
      high: figure,
      slope: v.optional(v.object({ mean: figure, below: figure, above: figure }))
    })
  )
}

/** The members of a `Checkpoint`, but for its values. */
export const checkpoint = {
  step: count,
  drawn: v.pipe(v.number(), v.integer(), v.minValue(0)),
  asked: v.optional(v.boolean()),
  variables: list(v.looseObject({ name: text, shape: list(count) }))
}

/** A `Failure`. */
export const failure = v.looseObject({
  message: bilingual,
  problems: v.optional(list(problem)),
  exitCode: v.optional(v.nullable(v.number())),
  signal: v.optional(v.string()),
  log: v.optional(v.string())
})
