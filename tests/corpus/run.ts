import { prepareData } from '../../src/trainer/data'
import { classesOf, scoredRows } from '../../src/trainer/metrics'
import { TrainerSession } from '../../src/trainer/session/session'
import { Training } from '../../src/trainer/session/training'
import type { Attachments } from '@shared/catalog/datasets/types'
import { effectiveExperiment, type Experiment } from '@shared/experiment'
import { unpack } from '@shared/run/checkpoints'
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

const meanOf = (list: readonly number[]): number => list.reduce((a, v) => a + v / list.length, 0)
/** Share of each class that is there. */
function sharesOf(classes: readonly number[]): Map<number, number> {
  const shares = new Map<number, number>()
  for (const k of classes) shares.set(k, (shares.get(k) ?? 0) + 1 / classes.length)
  return shares
}
/** Classes of the held-out targets that count. */
function targetsOf(experiment: Experiment, files: Attachments, log: RunLog): number[] {
  const { experiment: effective } = effectiveExperiment(experiment, log.schema!.info)
  const { info, validation } = prepareData(effective, files)
  const { values, count } = scoredRows(info, validation.y, validation.count)
  return classesOf(values, values.length / count, 0.5)
}
/** The mean over the classes of the share of their held-out examples that the end of a run answers rightly. */
function balancedAccuracy(experiment: Experiment, files: Attachments, log: RunLog): number {
  const end = log.checkpoints[log.checkpoints.length - 1]
  if (!end) return NaN
  const there = unpack(end)
  const training = new Training(experiment, files)
  try {
    training.build()
    const { judged, engine, model, threshold, data } = training
    engine.write(model.variables.map(({ name }) => there.get(name)!.values))
    const output = scoredRows(data.info, engine.predict(judged.x, judged.count), judged.count)
    const right = targetsOf(experiment, files, log)
    const said = classesOf(output.values, output.values.length / output.count, threshold)
    return meanOf(
      [...new Set(right)].map((k) => meanOf(right.flatMap((r, i) => (r === k ? [Number(said[i] === k)] : []))))
    )
  } finally {
    training.dispose()
  }
}

/** Share of one class from which on plain accuracy says little. */
const RARE = 0.75
/**
 * How far a run got from its baseline (0) to perfect (1), by the held-out examples at its end: accuracy against always
 * naming the most frequent class, or, where that class has three quarters of them or more, the mean over the classes of
 * their own accuracy (Brodersen 2010) against a guess; r² against the mean; a critic's Wasserstein estimate against the
 * base's `reach`. −1 for what diverged.
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
  const shares = [...sharesOf(targetsOf(experiment, files, log)).values()]
  const most = Math.max(...shares)
  if (most < RARE) return kept(((held('accuracy') ?? NaN) - most) / (1 - most))
  const chance = 1 / shares.length
  return kept((balancedAccuracy(experiment, files, log) - chance) / (1 - chance))
}
/** A healthy training gets at least so far. */
export const LEARNS = 0.35
/** A failing one gets no further than this, while its twin learns. */
export const FAILS = 0.15
/** A remedy repairs when the run gets this share of the way of its twin, and learns. */
export const REPAIRS = 0.75
