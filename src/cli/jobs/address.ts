import { createHash } from 'node:crypto'
import { canonical } from '../../shared/base/canonical'
import type { Attachments } from '../../shared/catalog/datasets'
import { contentOf, hashedFiles } from '../../shared/cure/content'
import type { Job } from '../../shared/cure/job'
import type { Goal } from '../../shared/cure/types'
import type { Sums } from '../../shared/experiment/attached'
import { describeData } from '../../trainer/data'
import { ENGINE_VERSION } from '../../trainer/engineVersion'

/** What every job of a search has in common. */
export interface JobContext {
  files: Attachments
  /** Names of the files, and the SHA-256 of each. */
  sums: Sums
  goal: Goal
  /** Folder of the runs. */
  runs: string
  /** Of the product. */
  version: string
  threads: number
  /** Each run is kept as a project file, too: for a window. */
  projects?: true
}

export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** Names of files, and the SHA-256 of each. */
export const sumsOf = (files: Attachments): Sums => hashedFiles(files, sha256)

/**
 * The address of a job's record: a hash of what determines the run (the experiment with its remedies applied, the seed
 * in it, the steps made of it, the content of its files, the version of the engine, the number of threads), and of what
 * it is judged by (the goal, and the version of the product, whose rules judge). Names of layers count, the name of the
 * experiment does not.
 */
export function jobId(job: Job, { goal, version, threads, files, sums }: JobContext): string {
  const run = [...contentOf(job, describeData(job.experiment, files)), sums, ENGINE_VERSION, threads]
  return sha256(canonical([run, goal, version])).slice(0, 16)
}
