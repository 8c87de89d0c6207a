import { randomBytes } from 'node:crypto'
import type { Job } from '@shared/cure/job'
import type { Text } from '@shared/base/text'
import { TextError } from '@shared/ipc/errors'
import { queueContract, type MadeElsewhere, type QueuedSearch } from '@shared/ipc/queue'
import { connect } from '@shared/ipc/rpc'
import { end, fork } from '../fork'
import { log } from '../log'
import { QUEUE } from '../paths'

/** A queue whose workers make the trainings of one search. */
export interface Queue {
  /** Workers that waited for jobs when it was opened. */
  workers: number
  /**
   * Has a job made.
   *
   * @param untreatedBy kind of the machine that made the untreated run that it is compared with
   * @param hear of a worker that has begun it, or that is lost
   * @returns null when it was withdrawn
   */
  make(job: Job, untreatedBy: string | undefined, hear: (isActive: boolean) => void): Promise<MadeElsewhere | null>
  /** Takes back what no worker has begun. @param all what is under way is not waited for either */
  withdraw(all: boolean): void
  close(): void
}
/** What is told of a queue while it is open. */
export interface QueueListeners {
  /** The broker does not answer, and is waited for. */
  away(problem: Text): void
  /** How many workers there are: when that has changed, and when the broker answers again. */
  workers(count: number): void
}
/** Milliseconds that the process has to leave the broker. */
const GRACE = 3000

/**
 * Connects to a message broker, in a process of its own: until then the app has no socket.
 * @param url with its credentials, which are told to that process alone
 * @param signal ends the attempt to connect
 * @throws Error saying why the broker can't be used
 */
export async function openQueue(
  url: string,
  search: QueuedSearch,
  listeners: QueueListeners,
  signal: AbortSignal
): Promise<Queue> {
  const child = fork(QUEUE, 'Gradient Clinic queue')
  child.stdout?.resume()
  child.stderr?.on('data', (chunk) => log('warn', 'queue:', String(chunk).trim().slice(-1000)))
  let isGone = false
  const { api, close } = connect(
    queueContract,
    {
      post(message) {
        if (isGone) throw new TextError(ENDED)
        child.postMessage(message)
      },
      onMessage: (listener) => void child.on('message', listener),
      onClose: (listener) =>
        void child.once('exit', () => {
          isGone = true
          listener()
        })
    },
    { name: 'main', onMalformed: (why) => log('warn', 'queue said:', why) }
  )
  api.on('away', (problem) => listeners.away(problem))
  api.on('workers', (count) => listeners.workers(count))
  const made = new Map<string, (isActive: boolean) => void>()
  api.on('active', ({ job, isActive }) => made.get(job)?.(isActive))
  const kill = (): void => {
    close()
    end(child)
  }
  await new Promise<void>((resolve) => child.once('spawn', () => resolve()))
  signal.addEventListener('abort', kill)
  try {
    if (signal.aborted) throw new TextError(ENDED)
    const workers = await api.open(url, search)
    signal.removeEventListener('abort', kill)
    return {
      workers,
      make(job, untreatedBy, hear) {
        const name = randomBytes(8).toString('hex')
        made.set(name, hear)
        return api.make(name, job, untreatedBy).finally(() => made.delete(name))
      },
      withdraw: (all) => void api.withdraw(all).catch(() => {}),
      close() {
        const late = setTimeout(kill, GRACE)
        api
          .close()
          .catch(() => {})
          .finally(() => {
            clearTimeout(late)
            kill()
          })
      }
    }
  } catch (error) {
    kill()
    throw error
  }
}
const ENDED = { en: 'the process that speaks with the queue has ended', zh: '与队列通信的进程已结束' }
