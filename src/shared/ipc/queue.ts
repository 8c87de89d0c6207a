import * as v from 'valibot'
import type { Text } from '../base/text'
import type { Attachments } from '../catalog/datasets/types'
import type { Job, JobResult } from '../cure/job'
import type { Goal } from '../cure/types'
import type { Experiment } from '../experiment/types'
import type { RunRecord } from '../run/types'
import type { Contract } from './contract'

const any = <T>(): v.GenericSchema<T> => v.any() as unknown as v.GenericSchema<T>

/** What the workers of a queue are to know of a search. */
export interface QueuedSearch {
  experiment: Experiment
  goal: Goal
  seeds: number[]
  pairs: number
  consider?: string[]
  files: Attachments
  /** Of the app: workers of another version refuse its jobs. */
  version: string
}
/** A training that a worker has made. */
export interface MadeElsewhere {
  result: JobResult
  /** Kind of the machine that made it: others compute other bits. */
  machine: string
  record: RunRecord
}
/** main ▶ the process that speaks with a message broker. It is started for a search that a queue is to train. */
export const queueContract = {
  calls: {
    /** Connects. Rejects with the reason when the broker is not to be reached. @returns workers that wait for jobs */
    open: { args: any<[string, QueuedSearch]>(), result: any<number>() },
    /**
     * Has a job made. @param 0 what the job is called in `active` @param 2 kind of the machine that made the untreated
     * run that it is compared with @returns null when it was withdrawn
     */
    make: { args: any<[string, Job, string?]>(), result: any<MadeElsewhere | null>() },
    /** Takes back what no worker has begun. With true, what is under way is not waited for either. */
    withdraw: { args: any<[boolean]>(), result: any<void>() },
    /** Leaves the broker, and removes all that was written. */
    close: { args: any<[]>(), result: any<void>() }
  },
  events: {
    /** The broker does not answer, and is waited for. */
    away: any<Text>(),
    /** How many workers there are: when that has changed, and when the broker answers again. */
    workers: any<number>(),
    /** A worker has begun a job; or is lost, and the job waits for another. */
    active: any<{ job: string; isActive: boolean }>()
  }
} satisfies Contract
