import { toJson } from '../shared/base/toJson'
import type { Remark } from '../shared/catalog/datasets/parts/remark'
import { recorded } from '../shared/catalog/datasets/parts/remark'
import type { Experiment } from '../shared/experiment'
import type { RunLog } from '../shared/run/runLog'
import type { RunSchema } from '../shared/run/types'
import type { RunFiles } from './runFiles'

/** Loss and metrics of the last recorded step, and of the validation part at the end. */
function final({ table, evaluations }: RunLog): Record<string, unknown> {
  const last = table!.length - 1
  const train = Object.fromEntries(table!.scalarNames.map((n, i) => [n, table!.scalar(last, i)]))
  const end = evaluations[evaluations.length - 1]
  return {
    step: last >= 0 ? table!.lastStep : undefined,
    ...train,
    ...(end && { validation: { step: end.step, ...end.metrics } })
  }
}

/** What stands in run.json beside what the run itself says. */
export interface Described {
  /** Of the product. */
  version: string
  /** Steps done. */
  done: number
  remarks: readonly Remark[]
  /** As it ran, with its remedies applied. */
  effective: Experiment
  /** As it was written by hand; absent: it was not. */
  given?: unknown
  /** What the run read, where that was any file. */
  files?: RunFiles | undefined
  /** Of the run, with all its columns. */
  schema: RunSchema | undefined
  /** From its first step to its end. */
  seconds?: number
}

/** The content of run.json. A run without a time of its own, which another could write as well, tells of none. */
export function runJson(
  log: RunLog,
  { version, done, remarks, effective, given, files, schema, seconds }: Described
): string {
  const { experiment, createdAt } = log.head
  const { state, failure } = log.progress
  return toJson({
    format: 'gradient-clinic/run',
    version: 1,
    name: experiment.name,
    ...(createdAt && { createdAt }),
    state,
    seed: experiment.seed,
    ...(seconds !== undefined && { seconds }),
    steps: { asked: effective.training.steps, done },
    versions: { 'gradient-clinic': version, ...schema?.versions },
    ...(schema && { final: final(log) }),
    data: { remarks: remarks.map(recorded) },
    ...(log.verdict && { verdict: log.verdict }),
    findings: log.findings,
    events: log.events,
    ...(failure && { failure }),
    // As it runs once the remedies are applied; what was chosen; what was written by hand.
    effective,
    experiment,
    ...(given !== undefined && { given }),
    ...(files && { files }),
    ...(schema && { schema })
  })
}
