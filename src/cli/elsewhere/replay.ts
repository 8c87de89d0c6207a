import type { Job } from '../../shared/cure/job'
import { searchCure } from '../../shared/cure/search'
import type { Prescription } from '../../shared/cure/types'
import { describeData } from '../../trainer/data'
import { jobId, type JobContext } from '../jobs/address'
import { keptJob } from '../jobs/job'
import type { Question } from './question'

/** Address of a job, and the job. */
export type Orders = Map<string, Job>

/**
 * Goes through a search over the records that its folder holds. Nothing is trained, so what it comes to hangs on the
 * records alone: it is what a search in one process comes to.
 * @returns the prescription, or the jobs without a record that the search waits for: they can all be made at once
 */
export async function replay(
  { experiment, goal, seeds, pairs, consider }: Question,
  context: JobContext
): Promise<{ prescription: Prescription } | { orders: Orders }> {
  const orders: Orders = new Map()
  const search = searchCure(experiment, describeData(experiment, context.files), {
    goal,
    seeds,
    pairs,
    ...(consider && { consider }),
    train(job) {
      const record = keptJob(job, context)
      if (record) return Promise.resolve(record.result)
      orders.set(jobId(job, context), job)
      return new Promise(() => {})
    }
  })
  // A search waits for nothing but trainings: once no promise is left to settle, it waits for those of the orders.
  const idle = new Promise<null>((resolve) => setImmediate(() => resolve(null)))
  const prescription = await Promise.race([search, idle])
  return prescription ? { prescription } : { orders }
}
