import { join } from 'node:path'
import type { Job } from '../../shared/cure/job'
import { resultOf } from '../../shared/cure/trial'
import { effectiveExperiment } from '../../shared/experiment'
import { eventsCsv, framesCsv, lossCsv } from '../../shared/run/csv'
import { encodeProject, projectOf } from '../../shared/project'
import { Pace } from '../../shared/run/pace'
import { RunLog } from '../../shared/run/runLog'
import type { RunSchema } from '../../shared/run/types'
import { describeData } from '../../trainer/data'
import { TrainerSession } from '../../trainer/session/session'
import { loadTensorFlow } from '../../trainer/tensorflow'
import { runJson } from '../runJson'
import { jobId, type JobContext } from './address'
import { machineOf, readRecord, withoutMachine, writeRecord, type JobRecord } from './record'

/** A job's run as a project file, whole: tables hold less of it. It tells of no machine, as the tables don't. */
export const PROJECT = 'run.gclinic'
function runProject(log: RunLog, schema: RunSchema | undefined): Uint8Array {
  const record = { ...log.toRecord(), ...(schema && { schema }) }
  return encodeProject({ ...projectOf(log.head.experiment), runs: [record] })
}

/** Trains a job in this process. @returns its record, and the files of its run */
async function train(
  { experiment, until }: Job,
  id: string,
  { files, goal, version, projects }: JobContext
): Promise<{ record: JobRecord; written: Record<string, string | Uint8Array> }> {
  const log = new RunLog({ id, name: experiment.name, experiment, createdAt: '' })
  const pace = new Pace()
  const session: TrainerSession = new TrainerSession(
    experiment,
    files,
    (update) => {
      log.apply(update)
      if (update.kind !== 'frames') return
      pace.mark(session.step, performance.now())
      session.ack(1)
    },
    { ...(until !== undefined && { until }) }
  )
  await session.run()
  const { schema, table } = log
  const result = resultOf(log, goal, { stepMs: pace.stepMs, run: id })
  const machine = machineOf(schema?.versions ?? loadTensorFlow().versions)
  const told = schema && { ...schema, versions: withoutMachine(schema.versions) }
  const effective = effectiveExperiment(experiment, schema?.info ?? describeData(experiment, files)).experiment
  return {
    record: { result, machine },
    written: {
      'run.json': runJson(log, { version, done: session.step, remarks: [], effective, schema: told }),
      ...(table &&
        schema && {
          'loss.csv': lossCsv(table, log.evaluations),
          'events.csv': eventsCsv(log.events),
          'frames.csv': [...framesCsv(table, schema.layers)].join('')
        }),
      ...(projects && { [PROJECT]: runProject(log, told) })
    }
  }
}
/** Makes a job, unless its record is there already. @param at name of its folder, when that is not its address */
async function make(job: Job, context: JobContext, at?: string): Promise<JobRecord> {
  const id = jobId(job, context)
  const name = at ?? id
  const before = readRecord(join(context.runs, name))
  if (before) return before
  const { record, written } = await train(job, name, context)
  return writeRecord(context.runs, name, record, written)
}

/** An untreated run that is to stand beside a treated one. */
interface Beside {
  job: Job
  /** Of its folder. */
  name: string
}
/**
 * The untreated run that a treated one needs beside it: where the one of its seed was made by a machine of another
 * kind, whose bits differ. @param untreatedBy kind of that machine, when its run is not in the folder
 */
function besideOf(
  { untreated, until }: Job,
  { machine: { kind } }: JobRecord,
  context: JobContext,
  untreatedBy?: string
): Beside | undefined {
  if (!untreated) return undefined
  const job: Job = { experiment: untreated, ...(until !== undefined && { until }) }
  const id = jobId(job, context)
  const known = untreatedBy ?? readRecord(join(context.runs, id))?.machine.kind
  return known === undefined || known === kind ? undefined : { job, name: `${id}-${kind}` }
}
/** A record that was copied here from a third kind of machine has no partner to be had: it comes alone. */
const compared = (record: JobRecord, against: JobRecord): JobRecord =>
  against.machine.kind === record.machine.kind
    ? { ...record, result: { ...record.result, against: against.result.trial } }
    : record

/**
 * The record of a job that was made, with the untreated run that it is compared with; undefined where one is missing.
 * @param untreatedBy as in `runJob`
 */
export function keptJob(job: Job, context: JobContext, untreatedBy?: string): JobRecord | undefined {
  const record = readRecord(join(context.runs, jobId(job, context)))
  const beside = record && besideOf(job, record, context, untreatedBy)
  if (!beside) return record
  const against = readRecord(join(context.runs, beside.name))
  return against && compared(record, against)
}

/**
 * Makes a job, unless its record is in the folder of the runs already, and writes its run: run.json, loss.csv,
 * frames.csv and events.csv, with result.json and machine.json.
 *
 * A treated run is compared with the untreated one of its seed, and other machines compute other bits. Where that one
 * was made by a machine of another kind, it is trained here as well (in a folder of its own), and comes as `against`.
 * @param untreatedBy kind of the machine that made the untreated run, when that is not in the folder
 */
export async function runJob(job: Job, context: JobContext, untreatedBy?: string): Promise<JobRecord> {
  const record = await make(job, context)
  const beside = besideOf(job, record, context, untreatedBy)
  return beside ? compared(record, await make(beside.job, context, beside.name)) : record
}
