import { prepareData } from '../../src/trainer/data'
import { scoredRows } from '../../src/trainer/metrics'
import { TrainerSession } from '../../src/trainer/session/session'
import type { Attachments } from '@shared/catalog/datasets/types'
import { effectiveExperiment, type Experiment } from '@shared/experiment'
import { RunLog } from '@shared/run/runLog'
import type { Base } from './types'

/** Trains to the end in this process, as the command line does. @throws Error with the trainer's words */
export async function train(experiment: Experiment, files: Attachments): Promise<RunLog> {
  const log = new RunLog({ id: 'corpus', name: experiment.name, experiment, createdAt: '' })
  const session: TrainerSession = new TrainerSession(experiment, files, (update) => {
    log.apply(update)
    if (update.kind === 'frames') session.ack(1)
  })
  await session.run()
  const { failure } = log.progress
  if (failure) throw new Error(failure.message.en)
  return log
}

/** Share of the most frequent class among the held-out targets that count. */
function majority(experiment: Experiment, files: Attachments, log: RunLog): number {
  const { experiment: effective } = effectiveExperiment(experiment, log.schema!.info)
  const { info, validation } = prepareData(effective, files)
  const { values, count } = scoredRows(info, validation.y, validation.count)
  const width = values.length / count
  if (width === 1) {
    const ones = values.reduce((a, v) => a + (v > 0.5 ? 1 : 0), 0) / count
    return Math.max(ones, 1 - ones)
  }
  const sums = Array.from({ length: width }, (_, k) => {
    let sum = 0
    for (let r = 0; r < count; r++) sum += values[r * width + k]!
    return sum
  })
  return Math.max(...sums) / count
}

/**
 * How far a run got from its baseline (0) to perfect (1), by the held-out examples at its end: accuracy against always
 * naming the most frequent class; r² against the mean; a critic's Wasserstein estimate against the base's `reach`. −1
 * for what diverged.
 */
export function skillOf(base: Base, experiment: Experiment, files: Attachments, log: RunLog): number {
  const last = log.evaluations[log.evaluations.length - 1]
  const { table } = log
  const newest = (name: string): number | undefined => table?.scalar(table.length - 1, table.scalarColumn(name))
  const held = (name: string): number | undefined => (log.schema!.validationCount ? last?.metrics[name] : newest(name))
  const loss = newest('loss')
  if (loss === undefined || !Number.isFinite(loss)) return -1
  const kept = (v: number): number => (Number.isFinite(v) ? Math.max(-1, Math.min(1, v)) : -1)
  if (base.task === 'regression') return kept(held('r2') ?? NaN)
  if (base.task === 'critic') return kept((held('wasserstein') ?? NaN) / base.reach!)
  const most = majority(experiment, files, log)
  return kept(((held('accuracy') ?? NaN) - most) / (1 - most))
}
/** A healthy training gets at least so far. */
export const LEARNS = 0.35
/** A failing one gets no further than this, while its twin learns. */
export const FAILS = 0.15
/** A remedy repairs when the run gets this share of the way of its twin, and learns. */
export const REPAIRS = 0.75
