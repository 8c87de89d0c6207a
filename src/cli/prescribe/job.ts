import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachments } from '../../shared/catalog/datasets'
import type { Job, JobResult } from '../../shared/cure/search'
import { chanceOf, normsOf, trialOf } from '../../shared/cure/trial'
import type { Goal } from '../../shared/cure/types'
import { effectiveExperiment } from '../../shared/experiment'
import { eventsCsv, framesCsv, lossCsv } from '../../shared/run/csv'
import { RunLog } from '../../shared/run/runLog'
import { describeData } from '../../trainer/data'
import { TrainerSession } from '../../trainer/session/session'
import { runJson, toJson } from '../runJson'

/** What every job of a search has in common. */
export interface JobContext {
  files: Attachments
  /** Names of the files, and the SHA-256 of each. */
  sums: [name: string, sum: string][]
  goal: Goal
  /** Folder of the runs. */
  runs: string
  /** Of the product. */
  version: string
  threads: number
}

/** The content of files in brief: it is the same for all jobs of a search. */
export const sumsOf = (files: Attachments): JobContext['sums'] =>
  Object.entries(files).map(([name, content]) => [name, createHash('sha256').update(content).digest('hex')])

/**
 * The address of a job's result: a hash of the experiment as it runs, the steps made of it, the version of the product
 * and the number of threads. The same address means the same bits on the same kind of machine.
 */
function jobId({ experiment, until }: Job, { version, threads, files, sums }: JobContext): string {
  const effective = effectiveExperiment(experiment, describeData(experiment, files)).experiment
  const { name: _, network, ...rest } = effective
  const content = JSON.stringify([rest, network.nodes, until ?? null, version, threads, sums])
  return createHash('sha256').update(content).digest('hex').slice(0, 16)
}

/** A result that was written before; undefined where there is none, or none that can be read. */
function kept(file: string): JobResult | undefined {
  if (!existsSync(file)) return undefined
  try {
    return JSON.parse(readFileSync(file, 'utf8'), (_k, v: unknown) =>
      v === 'NaN' ? NaN : v === 'Infinity' ? Infinity : v === '-Infinity' ? -Infinity : v
    ) as JobResult
  } catch {
    return undefined
  }
}

/**
 * Trains a job, unless its result is there already, and writes its run: run.json, loss.csv, frames.csv, events.csv. The
 * result comes last, and its folder gets its name when it is whole: a job that was interrupted leaves none.
 */
export async function runJob(job: Job, context: JobContext): Promise<JobResult> {
  const { experiment, until } = job
  const { files, goal, runs, version } = context
  const id = jobId(job, context)
  const folder = join(runs, id)
  const resultFile = `result-${goal.metric}-${goal.target ?? ''}.json`
  const before = kept(join(folder, resultFile))
  if (before) return before
  const log = new RunLog({ id, name: experiment.name, experiment, createdAt: new Date().toISOString() })
  let [first, start] = [-1, 0]
  const session: TrainerSession = new TrainerSession(
    experiment,
    files,
    (update) => {
      log.apply(update)
      if (update.kind !== 'frames') return
      if (first < 0) [first, start] = [session.step, performance.now()]
      session.ack(1)
    },
    { ...(until !== undefined && { until }) }
  )
  await session.run()
  const made = session.step - first
  const stepMs = first >= 0 && made > 0 ? (performance.now() - start) / made : NaN
  const trial = trialOf(log, goal, { stepMs, run: id })
  const norms = normsOf(log)
  const chance = chanceOf(log, goal)
  const result: JobResult = {
    trial,
    findings: [...log.findings],
    ...(norms && { norms }),
    ...(chance !== undefined && { baseline: { name: log.schema!.baselines![0]!.name, value: chance } })
  }
  const temp = join(runs, `.${id}.${process.pid}.tmp`)
  rmSync(temp, { recursive: true, force: true })
  mkdirSync(temp, { recursive: true })
  const effective = effectiveExperiment(experiment, log.schema?.info ?? describeData(experiment, files)).experiment
  writeFileSync(
    join(temp, 'run.json'),
    runJson(log, { version, done: session.step, remarks: [], effective, schema: log.schema })
  )
  if (log.table && log.schema) {
    writeFileSync(join(temp, 'loss.csv'), lossCsv(log.table, log.evaluations))
    writeFileSync(join(temp, 'events.csv'), eventsCsv(log.events))
    writeFileSync(join(temp, 'frames.csv'), [...framesCsv(log.table, log.schema.layers)].join(''))
  }
  writeFileSync(join(temp, resultFile), toJson(result))
  rmSync(folder, { recursive: true, force: true })
  renameSync(temp, folder)
  return result
}
