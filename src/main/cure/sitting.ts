import { randomBytes } from 'node:crypto'
import type { Attachments } from '@shared/catalog/datasets'
import type { Job, JobResult } from '@shared/cure/job'
import { searchCure } from '@shared/cure/search'
import type { KeptTrial, Ongoing, SearchState } from '@shared/cure/state'
import { nextTurn } from '@shared/cure/turns'
import { resultOf } from '@shared/cure/trial'
import { calledBy } from '@shared/cure/words'
import type { Prescription } from '@shared/cure/types'
import type { CureUpdate } from '@shared/ipc/app'
import { errorToData } from '@shared/ipc/errors'
import type { StartOptions } from '@shared/ipc/trainer'
import type { RunLog } from '@shared/run/runLog'
import { log } from '../log'
import type { RunHost } from '../trainer/host'
import { addressOf, kindOf, sumsOf, type Common } from './address'
import { Crew } from './crew'
import { hasCrashed, KILLED, UNTREATED } from './told'
import type { openQueue, Queue } from './queue'

/** What a host of searches needs of its surroundings. */
export interface CureHostOptions {
  host: Pick<RunHost, 'start' | 'stop' | 'onEnd' | 'drop' | 'adopt'>
  emit: (update: CureUpdate) => void
  version: string
  language: () => 'en' | 'zh'
  /** Trainings at once. */
  atOnce: number
  /** Connects to a queue whose workers train. */
  openQueue?: typeof openQueue
  now?: () => number
}
/** Deaths of trainers after which a training is given up, and with it the search. */
const DEATHS = 2
/** Milliseconds between two updates of the window. */
const PACE = 100
/** Trainings that a queue has at once: enough for many workers. */
const QUEUED = 64

/** What a training came to, and the kind of the machine that made it. */
type Made = Pick<KeptTrial, 'result' | 'machine'>
/** A training that has been asked for. */
interface Task {
  job: Job
  address: string
  resolve: (made: Made | null) => void
  reject: (error: Error) => void
  deaths: number
}

/** One search, from its start to its end. */
export class Sitting {
  private readonly waiting: Task[] = []
  private readonly running = new Map<string, Task>()
  private readonly results: Map<string, Made>
  private readonly common: Common
  private readonly began: number
  private made = 0
  private stopping = false
  private now: (() => Prescription) | undefined
  private added: KeptTrial[] = []
  private timer: ReturnType<typeof setTimeout> | undefined
  private queue: Queue | undefined
  private readonly crew: Crew | undefined
  private readonly connecting = new AbortController()

  /** @param queueUrl of a broker whose workers train; absent: this machine does */
  constructor(
    readonly state: SearchState,
    private readonly files: Attachments,
    private readonly options: CureHostOptions,
    private readonly queueUrl?: string
  ) {
    const { info, goal } = state.order
    this.results = new Map(state.kept.map(({ address, ...made }) => [address, made]))
    this.common = { info, goal, sums: sumsOf(files), version: options.version }
    this.began = this.clock()
    if (queueUrl !== undefined) this.crew = new Crew(state, queueUrl, () => this.tell())
  }

  get isRunning(): boolean {
    return this.state.state === 'running'
  }
  async run(): Promise<void> {
    const { order, time } = this.state
    const tick = setInterval(() => {
      // What waits in a queue may wait for long.
      if (this.queue && this.isLate) this.halt(false)
      this.tell()
    }, 1000)
    try {
      if (this.crew) await this.open(this.queueUrl!, this.crew)
      const prescription = await searchCure(order.experiment, order.info, {
        goal: order.goal,
        seeds: order.seeds,
        pairs: order.pairs,
        ...(order.consider && { consider: order.consider }),
        train: (job) => this.train(job),
        grown: (now) => {
          this.now = now
          this.tell()
        }
      })
      this.now = () => prescription
      this.state.state = this.stopping ? 'stopped' : 'done'
    } catch (error) {
      const { message } = errorToData(error)
      log('error', 'a search ended:', message.en)
      this.state.state = 'failed'
      this.state.failure = { message }
      this.stop()
    } finally {
      clearInterval(tick)
      this.queue?.close()
      this.crew?.leave()
      this.state.time = time + this.clock() - this.began
      this.tell(true)
    }
  }
  /** Ends what goes on; what is finished is kept. */
  stop(): void {
    this.halt(true)
  }
  /** A run has ended. */
  ended(log: RunLog, stepMs: number): void {
    const { id } = log.head
    const task = this.running.get(id)
    if (!task) return
    this.leave(id)
    const { schema, progress } = log
    const isDead = hasCrashed(log)
    if (isDead && !this.stopping) this.again(task)
    else if (isDead || progress.state === 'stopped') task.resolve(null)
    else {
      const result = resultOf(log, this.common.goal, { stepMs, run: id })
      task.resolve(this.keep(task, { result, ...(schema && { machine: kindOf(schema.versions) }) }))
    }
    this.fill(task.job)
    this.tell()
  }

  private async open(url: string, crew: Crew): Promise<void> {
    const { experiment, goal, seeds, pairs, consider } = this.state.order
    const question = { experiment, goal, seeds, pairs, ...(consider && { consider }) }
    const search = { ...question, files: this.files, version: this.options.version }
    try {
      const queue = await this.options.openQueue!(url, search, crew, this.connecting.signal)
      this.queue = queue
      crew.workers(queue.workers)
    } catch (error) {
      // Who stops while it connects is told nothing of the connection.
      if (!this.stopping) throw error
    }
  }
  /** Begins no more trainings. @param all ends those under way, too */
  private halt(all: boolean): void {
    this.stopping = true
    this.connecting.abort()
    for (const task of this.waiting.splice(0)) task.resolve(null)
    if (this.queue) this.queue.withdraw(all)
    if (all)
      for (const [id, task] of this.running)
        if (!this.queue) this.options.host.stop(id)
        else {
          // A broker that is away does not keep anybody waiting.
          this.leave(id)
          task.resolve(null)
        }
  }
  /** A training is no longer under way. */
  private leave(run: string): void {
    this.running.delete(run)
    this.state.ongoing = this.state.ongoing.filter((o) => o.run !== run)
  }
  private clock(): number {
    return (this.options.now ?? (() => performance.now()))()
  }
  private get isLate(): boolean {
    const { order, time } = this.state
    const most = order.budget.time
    return most !== undefined && time + this.clock() - this.began >= most
  }
  private get isSpent(): boolean {
    const { trainings } = this.state.order.budget
    return this.stopping || this.isLate || (trainings !== undefined && this.made + this.running.size >= trainings)
  }
  private async train(job: Job): Promise<JobResult | null> {
    const made = await this.once(job, addressOf(job, this.common))
    const beside = made && this.besideOf(job, made)
    if (!beside) return made && made.result
    // Other machines compute other bits: the untreated run that it is compared with is trained here as well.
    const against = this.queue ? this.results.get(beside.address) : await this.once(beside.job, beside.address)
    return against?.machine === made.machine ? { ...made.result, against: against!.result.trial } : made.result
  }
  /** The untreated run of a treated one, where the one of its seed was made by a machine of another kind. */
  private besideOf({ untreated, until }: Job, { result, machine }: Made): { job: Job; address: string } | undefined {
    if (!untreated || result.against) return undefined
    const job: Job = { experiment: untreated, ...(until !== undefined && { until }) }
    const address = addressOf(job, this.common)
    const by = this.results.get(address)?.machine
    return machine === undefined || by === undefined || by === machine
      ? undefined
      : { job, address: `${address}-${machine}` }
  }
  private once(job: Job, address: string): Promise<Made | null> {
    const known = this.results.get(address)
    if (known) {
      this.made++
      return Promise.resolve(known)
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, address, resolve, reject, deaths: 0 })
      // What is asked for in one go is started when all of it is known.
      setTimeout(() => this.fill(), 0)
    })
  }
  /** @param last job of the trainer that is free now */
  private fill(last?: Job): void {
    while (this.waiting.length && this.running.size < (this.queue ? QUEUED : this.options.atOnce)) {
      const jobs = [...this.running.values()].map((t) => t.job)
      const turn = this.queue
        ? 0
        : nextTurn(
            this.waiting.map((t) => t.job),
            last,
            jobs
          )
      const [task] = this.waiting.splice(turn, 1) as [Task]
      this.stopping = this.isSpent
      if (this.stopping) task.resolve(null)
      else this.begin(task)
    }
  }
  private begin(task: Task): void {
    const { experiment, until, candidate } = task.job
    const run = `run-${randomBytes(12).toString('hex')}`
    const called = candidate === undefined ? UNTREATED : calledBy(experiment)
    const ongoing: Ongoing = { run, seed: experiment.seed, ...(candidate !== undefined && { candidate }) }
    if (this.queue) ongoing.waits = true
    this.running.set(run, task)
    this.state.ongoing = [...this.state.ongoing, ongoing]
    const options = {
      search: this.state.id,
      name: `${called[this.options.language()]} · ${experiment.seed}`.slice(0, 200),
      ...(until !== undefined && { until })
    }
    if (this.queue) void this.send(this.queue, run, task, options)
    else this.options.host.start(run, experiment, this.files, options)
    this.tell()
  }
  /** Has a training made by a queue. */
  private async send(queue: Queue, run: string, task: Task, options: StartOptions & { search: string }): Promise<void> {
    const { untreated, until } = task.job
    const beside = untreated && addressOf({ experiment: untreated, ...(until !== undefined && { until }) }, this.common)
    try {
      const untreatedBy = beside === undefined ? undefined : this.results.get(beside)?.machine
      const made = await queue.make(task.job, untreatedBy, (isActive) => this.crew!.active(run, isActive))
      if (!this.running.has(run)) return
      if (made) {
        const { record, result, machine } = made
        this.options.host.adopt({ ...record, id: run }, this.files, options)
        task.resolve(this.keep(task, { result: { ...result, trial: { ...result.trial, run } }, machine }))
      } else task.resolve(null)
    } catch (error) {
      task.reject(error as Error)
    }
    this.leave(run)
    this.fill()
    this.tell()
  }
  private again(task: Task): void {
    const deaths = task.deaths + 1
    if (deaths < DEATHS) this.waiting.unshift({ ...task, deaths })
    else task.reject(Object.assign(new Error(KILLED.en), { text: KILLED }))
  }
  private keep({ address }: Task, made: Made): Made {
    this.made++
    this.results.set(address, made)
    const kept = { address, ...made }
    this.state.kept.push(kept)
    this.added.push(kept)
    return made
  }
  private tell(atOnce = false): void {
    if (atOnce) clearTimeout(this.timer)
    else if (this.timer) return
    const send = (): void => {
      this.timer = undefined
      const { kept: _, order: __, ...rest } = this.state
      if (this.now) this.state.prescription = this.now()
      const time = this.isRunning ? rest.time + this.clock() - this.began : rest.time
      this.options.emit({
        state: { ...rest, time, ...(this.now && { prescription: this.state.prescription! }) },
        kept: this.added.splice(0)
      })
    }
    if (atOnce) send()
    else this.timer = setTimeout(send, PACE)
  }
}
