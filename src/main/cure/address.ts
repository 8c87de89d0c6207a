import { createHash } from 'node:crypto'
import type { Attachments, DataInfo } from '@shared/catalog/datasets'
import { contentOf, hashedFiles, machineKind } from '@shared/cure/content'
import type { Job } from '@shared/cure/job'
import type { Goal } from '@shared/cure/types'
import type { Sums } from '@shared/experiment/attached'

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** The content of attached files in brief. */
export const sumsOf = (files: Attachments): Sums => hashedFiles(files, sha256)
/** The kind of the machine that made a run. @param versions as the run's schema has them */
export const kindOf = (versions: Readonly<Record<string, string>>): string => machineKind(versions, sha256)

/** What all trainings of a search have in common. */
export interface Common {
  info: DataInfo
  goal: Goal
  sums: Sums
  /** Of the app. */
  version: string
}
/** The address of a training: a hash of the experiment as it runs, its steps, its files, and what it is judged by. */
export const addressOf = (job: Job, { info, goal, sums, version }: Common): string =>
  sha256(JSON.stringify([...contentOf(job, info), goal, sums, version])).slice(0, 24)
