import type { Job, JobResult } from '../shared/cure/job'
import { nextTurn } from '../shared/cure/turns'
import { Pool, type WorkerSetup } from './jobs/pool'
import type { Console } from './run'

/** Threads of one training: many run at once, and their bits must not depend on how many. */
export const THREADS = 1

/** How much may be trained. Absent: as long as it takes. */
export interface Limits {
  /** Milliseconds from now. */
  budget?: number
  trainings?: number
}

/**
 * Trainings that are made in processes that stay, some at once. Those that wait are not begun once the budget is spent
 * or Ctrl+C was pressed; those under way end.
 */
export class Trainings {
  private readonly pool: Pool
  private readonly waiting: { job: Job; begin: () => void }[] = []
  private readonly running: Job[] = []
  private stopped = false
  private readonly interrupt = (): void => {
    this.stopped = true
    const { length } = this.running
    this.console.err(
      `clinic: stopping: ${length === 1 ? 'the training under way ends' : `the ${length} trainings under way end`} first; Ctrl+C again ends them, too\n`
    )
  }

  private begun = 0
  private readonly end: number
  private readonly most: number

  /** @param jobs trainings at once */
  constructor(
    setup: Omit<WorkerSetup, 'threads'>,
    private readonly jobs: number,
    { budget, trainings }: Limits,
    private readonly console: Pick<Console, 'err'>
  ) {
    this.end = performance.now() + (budget ?? Infinity)
    this.most = trainings ?? Infinity
    this.pool = new Pool(process.argv[1]!, { ...setup, threads: THREADS }, jobs)
    process.once('SIGINT', this.interrupt)
  }
  /** Trains; many may be asked for at once, and are made roughly in the order of the calls. Null: it was not begun. */
  async make(job: Job): Promise<JobResult | null> {
    if (this.running.length < this.jobs) this.running.push(job)
    else await new Promise<void>((begin) => this.waiting.push({ job, begin }))
    try {
      if (this.stopped || performance.now() > this.end || this.begun >= this.most) return null
      this.begun++
      return (await this.pool.run({ job })).result
    } finally {
      this.running.splice(this.running.indexOf(job), 1)
      const turn = nextTurn(
        this.waiting.map((w) => w.job),
        job,
        this.running
      )
      const [next] = this.waiting.splice(turn, 1)
      if (next) {
        this.running.push(next.job)
        next.begin()
      }
    }
  }
  close(): void {
    process.removeListener('SIGINT', this.interrupt)
    this.pool.close()
  }
}
