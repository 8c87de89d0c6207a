import { createHash } from 'node:crypto'
import type { Attachments, DataInfo } from '@shared/catalog/datasets'
import { contentOf } from '@shared/cure/content'
import type { Job } from '@shared/cure/search'
import type { Goal } from '@shared/cure/types'

const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** The content of attached files in brief. */
export const sumsOf = (files: Attachments): [name: string, sum: string][] =>
  Object.keys(files)
    .sort()
    .map((name) => [name, sha256(files[name]!)])

/** What all trainings of a search have in common. */
export interface Common {
  info: DataInfo
  goal: Goal
  sums: ReturnType<typeof sumsOf>
  /** Of the app. */
  version: string
}
/** The address of a training: a hash of the experiment as it runs, its steps, its files, and what it is judged by. */
export const addressOf = (job: Job, { info, goal, sums, version }: Common): string =>
  sha256(JSON.stringify([...contentOf(job, info), goal, sums, version])).slice(0, 24)
