import { join } from 'node:path'
import type { Job } from '../../shared/cure/job'
import { orderText } from '../elsewhere/order'
import { readRecord } from '../jobs/record'
import type { Broker, Packed, Parcel } from './broker'
import { addressOf, unpackRuns } from './parcels'

/** Milliseconds between two looks at a job. A look needs no message to arrive, so none can be missed. */
const LOOK_MS = 250
/** Times that a job is tried, and milliseconds before it is tried again, twice as long each time. */
const RETRIES = { attempts: 4, backoff: { type: 'exponential', delay: 1000 } } as const

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** One search whose jobs go through a queue. */
export class Post {
  private readonly address: string
  /** Jobs that no worker has begun are taken back; one that is under way is not waited for any more. */
  private withdrawn: 'no' | 'waiting' | 'all' = 'no'
  private readonly under = new Set<Promise<boolean>>()

  /**
   * @param search its question and files
   * @param runs folder for what the workers make
   */
  constructor(
    private readonly broker: Broker,
    private readonly search: Packed,
    private readonly runs: string
  ) {
    this.address = addressOf(search)
  }

  /**
   * Puts a job into the queue, again where the broker has lost it, until it was made, and its runs lie in the folder.
   * @param id address of the job
   * @param untreatedBy kind of the machine that made the untreated run that it is compared with
   * @param hear of a worker that has begun it, or that is lost
   * @returns false when it was withdrawn before
   * @throws Error with the worker's words
   */
  make(
    id: string,
    job: Job,
    untreatedBy: string | undefined,
    hear = (_isActive: boolean): void => {}
  ): Promise<boolean> {
    const making = this.seeTo(id, job, untreatedBy, hear).finally(() => this.under.delete(making))
    this.under.add(making)
    return making
  }
  /** Takes back what no worker has begun. @param all what is under way is not waited for either */
  withdraw(all: boolean): void {
    if (this.withdrawn !== 'all') this.withdrawn = all ? 'all' : 'waiting'
  }
  /** Withdraws all jobs, and takes the question and the files out of the queue: no more jobs are made of them. */
  async clear(): Promise<void> {
    this.withdraw(true)
    await Promise.allSettled(this.under)
    await this.broker.searches.remove(this.address).catch(() => {})
  }

  private async seeTo(
    id: string,
    job: Job,
    untreatedBy: string | undefined,
    hear: (isActive: boolean) => void
  ): Promise<boolean> {
    const { broker, runs } = this
    const name = `${this.address.slice(0, 8)}-${id}`
    const parcel: Parcel = { search: this.address, order: orderText(job), ...(untreatedBy && { untreatedBy }) }
    for (let wasActive = false; ;) {
      const state = await broker.steady(() => broker.orders.getJobState(name))
      const isActive = state === 'active'
      if (isActive !== wasActive) hear(isActive)
      wasActive = isActive
      const isOver = state === 'completed' || state === 'failed'
      if (!isOver && (await this.takesBack(name, state))) return false
      if (state === 'unknown') {
        await this.bring()
        await broker.steady(() => broker.orders.add('train', parcel, { jobId: name, ...RETRIES }))
      } else if (isOver) {
        const posted = await broker.steady(() => broker.orders.getJob(name))
        if (posted) {
          if (state === 'completed') unpackRuns(runs, posted.returnvalue)
          await posted.remove().catch(() => {})
          if (state === 'failed') throw new Error(`a worker could not make ${id}: ${posted.failedReason}`)
          if (!readRecord(join(runs, id))) throw new Error(`what a worker made of ${id} is not whole`)
          return true
        }
      }
      await wait(LOOK_MS)
    }
  }
  private async bring(): Promise<void> {
    const { broker, search, address } = this
    if ((await broker.steady(() => broker.searches.getJobState(address))) === 'unknown')
      await broker.steady(() => broker.searches.add('search', search, { jobId: address }))
  }
  private async takesBack(name: string, state: string): Promise<boolean> {
    if (this.withdrawn === 'no') return false
    if (state === 'unknown') return true
    // A worker may have begun it since: then it can't be removed.
    const isGone = await this.broker.orders.remove(name).then(
      (removed) => removed === 1,
      () => false
    )
    return isGone || this.withdrawn === 'all'
  }
}
