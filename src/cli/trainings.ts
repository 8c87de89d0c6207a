import type { Job, JobResult } from '../shared/cure/search'
import { Pool, type WorkerSetup } from './jobs/pool'

/** Threads of one training: many run at once, and their bits must not depend on how many. */
export const THREADS = 1

/**
 * Trainings that are made in processes that stay, some at once. Those that wait are not begun once the time is over or
 * Ctrl+C was pressed; those under way end.
 */
export class Trainings {
  private readonly pool: Pool
  private readonly waiting: (() => void)[] = []
  private running = 0
  private stopped = false
  private readonly interrupt = (): void => void (this.stopped = true)

  /** @param jobs trainings at once @param end time after which none is begun, milliseconds since 1970 */
  constructor(
    setup: Omit<WorkerSetup, 'threads'>,
    private readonly jobs: number,
    private readonly end: number
  ) {
    this.pool = new Pool(process.argv[1]!, { ...setup, threads: THREADS }, jobs)
    process.once('SIGINT', this.interrupt)
  }
  /** Trains; many may be asked for at once, and are made in the order of the calls. Null: it was not begun. */
  async make(job: Job): Promise<JobResult | null> {
    if (this.running >= this.jobs) await new Promise<void>((resolve) => this.waiting.push(resolve))
    this.running++
    try {
      return this.stopped || performance.now() > this.end ? null : (await this.pool.run({ job })).result
    } finally {
      this.running--
      this.waiting.shift()?.()
    }
  }
  close(): void {
    process.removeListener('SIGINT', this.interrupt)
    this.pool.close()
  }
}
