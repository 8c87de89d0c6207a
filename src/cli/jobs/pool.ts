import { fork, type ChildProcess } from 'node:child_process'
import type { Job } from '../../shared/cure/job'
import type { Goal } from '../../shared/cure/types'
import type { JobRecord } from './record'

/** What a worker is told once, before its first job. It reads the files itself. */
export interface WorkerSetup {
  file: string
  goal: Goal
  runs: string
  threads: number
}
/** A job of the search that the worker was set up for; or the file of an order, whose folder has all else. */
export type Task = { job: Job } | { order: string; untreatedBy?: string }
export type ToWorker = { setup: WorkerSetup } | Task
export type FromWorker = { record: JobRecord } | { error: string }

interface Waiting {
  task: Task
  resolve: (record: JobRecord) => void
  reject: (error: Error) => void
  /** How often a worker has died of it. */
  deaths: number
}

/** Deaths of workers after which a job is given up. */
const DEATHS = 2

/**
 * Processes that stay: each loads the training library once and makes one job after the other, in the order in which
 * they were asked for. A job whose worker dies is made once more by another.
 */
export class Pool {
  private readonly queue: Waiting[] = []
  private readonly workers = new Map<ChildProcess, Waiting | undefined>()
  private closed = false

  constructor(
    private readonly script: string,
    private readonly setup: WorkerSetup | undefined,
    private readonly size: number
  ) {}

  run(task: Task): Promise<JobRecord> {
    return new Promise((resolve, reject) => {
      this.queue.push({ task, resolve, reject, deaths: 0 })
      this.fill()
    })
  }
  close(): void {
    this.closed = true
    for (const worker of this.workers.keys()) worker.kill()
  }

  private fill(): void {
    if (this.closed) return
    for (const [worker, busy] of this.workers) if (!busy) this.give(worker)
    while (this.queue.length && this.workers.size < this.size) this.give(this.start())
  }
  private give(worker: ChildProcess): void {
    const next = this.queue.shift()
    this.workers.set(worker, next)
    // A worker that has just died takes nothing: its exit gives the job to another.
    if (next) worker.send(next.task satisfies ToWorker, () => {})
  }
  private start(): ChildProcess {
    const worker = fork(this.script, ['job-worker'], { serialization: 'advanced', stdio: 'inherit' })
    this.workers.set(worker, undefined)
    worker.on('message', (message: FromWorker) => {
      const done = this.workers.get(worker)
      this.workers.set(worker, undefined)
      if (done && 'record' in message) done.resolve(message.record)
      else if (done && 'error' in message) done.reject(new Error(message.error))
      this.fill()
    })
    worker.on('exit', (code, signal) => {
      const lost = this.workers.get(worker)
      this.workers.delete(worker)
      if (lost && !this.closed) {
        if (++lost.deaths < DEATHS) this.queue.unshift(lost)
        else lost.reject(new Error(`a worker ended with ${signal ?? code} before its training did`))
      }
      this.fill()
    })
    if (this.setup) worker.send({ setup: this.setup } satisfies ToWorker, () => {})
    return worker
  }
}
