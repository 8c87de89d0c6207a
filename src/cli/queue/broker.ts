import type { BackendFactory, Processor, Queue, QueueOptions, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Text } from '../../shared/base/text'
import { QUEUE_FORM, readQueueUrl } from '../../shared/cure/queue'
import { bad } from '../args'
import { refusal, SILENT } from './refusal'

/** What passes through a queue: the name of a search, and one order of it. */
export interface Parcel {
  /** Address of the search: its question and files are posted once, under this name. */
  search: string
  /** The order as it stands in its file. */
  order: string
  /** Kind of the machine that made the untreated run of its seed. */
  untreatedBy?: string
}
/** Content of files by name, packed: gzip, base64. */
export type Packed = Record<string, string>
/** Folders of `runs` that a job has made, by name. */
export type Made = Record<string, Packed>

/** A message broker: Redis, or PostgreSQL. */
export interface Broker {
  /** Where it is, without its credentials. */
  place: string
  /** Jobs to be made. */
  orders: Queue<Parcel, Made>
  /** Searches that jobs are of: never worked on, only read. */
  searches: Queue<Packed>
  /** Asks again, until the broker answers: it may be away for a while. @throws Error when it is away for too long */
  steady<T>(ask: () => Promise<T>): Promise<T>
  work(make: Processor<Parcel, Made>, jobs: number): Worker<Parcel, Made>
  close(): Promise<void>
}

const ORDERS = 'gradient-clinic'
const SEARCHES = 'gradient-clinic-searches'
/** Milliseconds after which the job of a worker that is silent is given to another. */
const LOCK_MS = 10_000
/** Milliseconds that a broker has to answer for the first time. */
const PATIENCE_MS = 15_000
/** Milliseconds that a broker may be away in the middle of a search, and those between two attempts. */
const AWAY_MS = 600_000
const AGAIN_MS = 500

/**
 * Connects to a broker. Its libraries are loaded here, so that nothing else pays for them. BullMQ keeps its jobs in
 * Redis, or in tables of a schema of its own in PostgreSQL. A broker that goes away later is waited for.
 * @param url with credentials, or without: then PGUSER, PGPASSWORD, or REDIS_USERNAME and REDIS_PASSWORD name them
 * @param tell hears of a broker that is away, once
 * @param patience milliseconds for the first answer: what listens there may be no broker, and stay silent
 * @throws InputError when the URL is none of a broker, or the broker does not answer, or refuses
 */
export async function connect(url: string, tell: (problem: Text) => void, patience = PATIENCE_MS): Promise<Broker> {
  // Said without the text: it may hold a password.
  const read = readQueueUrl(url)
  if (!read) throw bad('--queue', QUEUE_FORM.en, QUEUE_FORM.zh)
  const { place, host, port } = read
  const { createPostgresBackend, Queue, Worker } = await import('bullmq')
  let connection: object
  let redis: Redis | undefined
  let backend: BackendFactory | undefined
  if (read.kind === 'redis') {
    const username = read.user || process.env['REDIS_USERNAME']
    const password = read.password || process.env['REDIS_PASSWORD']
    const { Redis } = await import('ioredis')
    redis = new Redis({
      host,
      port: port ?? 6379,
      ...(username && { username }),
      ...(password && { password }),
      ...(read.database && { db: Number(read.database) }),
      ...(read.isSecure && { tls: {} }),
      maxRetriesPerRequest: null
    })
    connection = redis
  } else {
    backend = createPostgresBackend as unknown as BackendFactory
    connection = { connectionString: url.trim(), migrate: true }
  }
  let isTold = false
  let isReady = false
  let refuse: (error: Error) => void
  const refused = new Promise<never>((_resolve, reject) => (refuse = reject))
  const away = (error: unknown): void => {
    const { en, zh } = refusal(place, error)
    if (!isReady) return refuse(bad('--queue', en, zh))
    if (!isTold) tell({ en: `${en}; waiting for it`, zh: `${zh}；正在等待` })
    isTold = true
  }
  const watched = <T extends { on(event: 'error', f: (error: Error) => void): unknown }>(part: T): T => {
    part.on('error', away)
    return part
  }
  redis?.on('error', away)
  const options = { connection } as QueueOptions
  const args = (more: object = {}) => [{ ...options, ...more }, ...(backend ? [backend] : [])] as [QueueOptions]
  const orders = watched(new Queue<Parcel, Made>(ORDERS, ...args()))
  const searches = watched(new Queue<Packed>(SEARCHES, ...args()))
  const workers: Worker<Parcel, Made>[] = []
  let isClosed = false
  const close = async (): Promise<void> => {
    isClosed = true
    await Promise.all([...workers, orders, searches].map((part) => part.close()))
    redis?.disconnect()
  }
  const late = setTimeout(() => away(new Error(SILENT)), patience)
  try {
    await Promise.race([Promise.all([orders.waitUntilReady(), searches.waitUntilReady()]).catch(away), refused])
  } catch (error) {
    // Not waited for: BullMQ waits for a connection before it closes one.
    for (const part of [orders, searches]) part.disconnect().catch(() => {})
    redis?.disconnect()
    throw error
  } finally {
    clearTimeout(late)
  }
  isReady = true
  return {
    place,
    async steady(ask) {
      for (const end = performance.now() + AWAY_MS; ;) {
        try {
          const answer = await ask()
          isTold = false
          return answer
        } catch (error) {
          if (isClosed) throw error
          away(error)
          if (performance.now() > end) throw new Error(refusal(place, error).en)
          await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
        }
      }
    },
    orders: orders as unknown as Broker['orders'],
    searches: searches as unknown as Broker['searches'],
    work(make, jobs) {
      const worker = watched(
        new Worker<Parcel, Made>(
          ORDERS,
          make,
          ...(args({ concurrency: jobs, lockDuration: LOCK_MS, stalledInterval: LOCK_MS / 2, maxStalledCount: 5 }) as [
            never
          ])
        )
      )
      workers.push(worker as never)
      return worker as never
    },
    close
  }
}
