import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Attachments } from '../../shared/catalog/datasets'
import type { Job } from '../../shared/cure/search'
import type { Prescription } from '../../shared/cure/types'
import { orderText } from '../elsewhere/order'
import { readQuestion, writeQuestion, type Question } from '../elsewhere/question'
import { replay } from '../elsewhere/replay'
import { jobId, type JobContext } from '../jobs/address'
import { readRecord, tidy } from '../jobs/record'
import { connect, type Broker, type Parcel } from './broker'
import { addressOf, packFolder, unpackRuns } from './parcels'

/** Milliseconds between two looks at a job. A look needs no message to arrive, so none can be missed. */
const LOOK_MS = 250
/** Times that a job is tried, and milliseconds before it is tried again, twice as long each time. */
const RETRIES = { attempts: 4, backoff: { type: 'exponential', delay: 1000 } } as const

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** What a worker is to know of the untreated run that a job is compared with. */
function untreatedBy({ untreated, until }: Job, context: JobContext): string | undefined {
  if (!untreated) return undefined
  const id = jobId({ experiment: untreated, ...(until !== undefined && { until }) }, context)
  return readRecord(join(context.runs, id))?.machine.kind
}

/**
 * Puts a job into the queue, again where the broker has lost it, until it was made.
 * @param id address of the job
 * @param post puts its search beside it
 * @throws Error with the worker's words
 */
async function made(
  broker: Broker,
  id: string,
  parcel: Parcel,
  post: () => Promise<void>,
  runs: string
): Promise<void> {
  const name = `${parcel.search.slice(0, 8)}-${id}`
  for (;;) {
    const state = await broker.steady(() => broker.orders.getJobState(name))
    if (state === 'unknown') {
      await post()
      await broker.steady(() => broker.orders.add('train', parcel, { jobId: name, ...RETRIES }))
    } else if (state === 'completed' || state === 'failed') {
      const posted = await broker.steady(() => broker.orders.getJob(name))
      if (posted) {
        if (state === 'completed') unpackRuns(runs, posted.returnvalue)
        await posted.remove().catch(() => {})
        if (state === 'failed') throw new Error(`a worker could not make ${id}: ${posted.failedReason}`)
        if (!readRecord(join(runs, id))) throw new Error(`what a worker made of ${id} is not whole`)
        return
      }
    }
    await wait(LOOK_MS)
  }
}

/**
 * Makes a search by the workers of a queue. What it comes to is what it comes to in one process: the search is gone
 * through over the records that are there, and what it waits for is posted.
 * @param dir folder of the search: what is there already is not made again
 * @throws Error when a job failed on every try
 */
export async function searchByQueue(
  dir: string,
  question: Question,
  files: Attachments,
  { url, version, tell }: { url: string; version: string; tell: (line: string) => void }
): Promise<Prescription> {
  const broker = await connect(url, tell)
  try {
    writeQuestion(dir, question, files, version)
    const { question: asked, context } = readQuestion(dir, version)
    mkdirSync(context.runs, { recursive: true })
    tidy(context.runs)
    const search = packFolder(dir, ['search.json', ...Object.keys(files).map((_, i) => `data/${i}`)])
    const address = addressOf(search)
    const post = async (): Promise<void> => {
      if ((await broker.steady(() => broker.searches.getJobState(address))) === 'unknown')
        await broker.steady(() => broker.searches.add('search', search, { jobId: address }))
    }
    const under = new Map<string, Promise<void>>()
    for (;;) {
      const found = await replay(asked, context)
      if ('prescription' in found) {
        await broker.searches.remove(address).catch(() => {})
        return found.prescription
      }
      for (const [id, job] of found.orders) {
        if (under.has(id)) continue
        const by = untreatedBy(job, context)
        const parcel: Parcel = { search: address, order: orderText(job), ...(by && { untreatedBy: by }) }
        const making = made(broker, id, parcel, post, context.runs).finally(() => under.delete(id))
        // The first that fails ends the search; what the others come to is heard by nobody then.
        making.catch(() => {})
        under.set(id, making)
      }
      await Promise.race(under.values())
    }
  } finally {
    await broker.close()
  }
}
