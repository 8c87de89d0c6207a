import { randomBytes } from 'node:crypto'
import type { Attachments } from '@shared/catalog/datasets'
import { parseExperiment } from '@shared/experiment'
import { searchCure, type Job, type JobResult } from '@shared/cure/search'
import type { KeptTrial, Ongoing, SearchOrder, SearchState } from '@shared/cure/state'
import { chanceOf, normsOf, trialOf } from '@shared/cure/trial'
import { calledBy } from '@shared/cure/words'
import type { Prescription } from '@shared/cure/types'
import type { CureUpdate } from '@shared/ipc/app'
import { errorToData } from '@shared/ipc/errors'
import type { RunLog } from '@shared/run/runLog'
import { log } from '../log'
import type { RunHost } from '../trainer/host'
import { addressOf, sumsOf, type Common } from './address'

/** What a host of searches needs of its surroundings. */
export interface CureHostOptions {
  host: Pick<RunHost, 'start' | 'stop' | 'onEnd' | 'drop'>
  emit: (update: CureUpdate) => void
  version: string
  language: () => 'en' | 'zh'
  /** Trainings at once. */
  atOnce: number
  now?: () => number
}
/** Deaths of trainers after which a training is given up, and with it the search. */
const DEATHS = 2
/** Milliseconds between two updates of the window. */
const PACE = 100
const UNTREATED = { en: 'Untreated', zh: '未治疗' }
const KILLED = {
  en: 'The process of a training ended twice before its training did. What was trained is kept: the search can be continued.',
  zh: '某次训练的进程两次提前结束。已完成的训练会保留：可以继续搜索。'
}

/** A training that has been asked for. */
interface Task {
  job: Job
  resolve: (result: JobResult | null) => void
  reject: (error: Error) => void
  deaths: number
}
/** The training of a process that died is made again, and not counted. */
const hasCrashed = ({ progress: { failure } }: RunLog): boolean =>
  failure !== undefined && (failure.signal !== undefined || failure.exitCode !== undefined)

/** One search, from its start to its end. */
class Sitting {
  private readonly waiting: Task[] = []
  private readonly running = new Map<string, Task & { address: string }>()
  private readonly results: Map<string, JobResult>
  private readonly common: Common
  private readonly began: number
  private made = 0
  private stopping = false
  private now: (() => Prescription) | undefined
  private added: KeptTrial[] = []
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    readonly state: SearchState,
    private readonly files: Attachments,
    private readonly options: CureHostOptions
  ) {
    const { info, goal } = state.order
    this.results = new Map(state.kept.map(({ address, result }) => [address, result]))
    this.common = { info, goal, sums: sumsOf(files), version: options.version }
    this.began = this.clock()
  }

  get isRunning(): boolean {
    return this.state.state === 'running'
  }
  async run(): Promise<void> {
    const { order } = this.state
    const time = this.state.time
    const tick = setInterval(() => this.tell(), 1000)
    try {
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
      this.state.time = time + this.clock() - this.began
      this.tell(true)
    }
  }
  /** Ends what goes on; what is finished is kept. */
  stop(): void {
    this.stopping = true
    for (const task of this.waiting.splice(0)) task.resolve(null)
    for (const id of this.running.keys()) this.options.host.stop(id)
  }
  /** A run has ended. */
  ended(log: RunLog, stepMs: number): void {
    const { id } = log.head
    const task = this.running.get(id)
    if (!task) return
    this.running.delete(id)
    this.state.ongoing = this.state.ongoing.filter((o) => o.run !== id)
    if (hasCrashed(log) && !this.stopping) this.again(task)
    else if (log.progress.state === 'stopped') task.resolve(null)
    else task.resolve(this.keep(task, resultOf(log, this.common, stepMs)))
    this.fill()
    this.tell()
  }

  private clock(): number {
    return (this.options.now ?? (() => performance.now()))()
  }
  private get isSpent(): boolean {
    const { order, time } = this.state
    const { time: most, trainings } = order.budget
    return (
      this.stopping ||
      (most !== undefined && time + this.clock() - this.began >= most) ||
      (trainings !== undefined && this.made + this.running.size >= trainings)
    )
  }
  private train(job: Job): Promise<JobResult | null> {
    const known = this.results.get(addressOf(job, this.common))
    if (known) {
      this.made++
      return Promise.resolve(known)
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ job, resolve, reject, deaths: 0 })
      // What is asked for in one go is started when all of it is known.
      setTimeout(() => this.fill(), 0)
    })
  }
  private fill(): void {
    while (this.waiting.length && this.running.size < this.options.atOnce) {
      const task = this.waiting.shift()!
      if (this.isSpent) {
        this.stopping = true
        task.resolve(null)
      } else this.begin(task)
    }
  }
  private begin(task: Task): void {
    const { experiment, until, candidate } = task.job
    const run = `run-${randomBytes(12).toString('hex')}`
    const called = candidate === undefined ? UNTREATED : calledBy(experiment)
    const ongoing: Ongoing = { run, seed: experiment.seed, ...(candidate !== undefined && { candidate }) }
    this.running.set(run, { ...task, address: addressOf(task.job, this.common) })
    this.state.ongoing = [...this.state.ongoing, ongoing]
    this.options.host.start(run, experiment, this.files, {
      search: this.state.id,
      name: `${called[this.options.language()]} · ${experiment.seed}`.slice(0, 200),
      ...(until !== undefined && { until })
    })
    this.tell()
  }
  private again(task: Task): void {
    const deaths = task.deaths + 1
    if (deaths < DEATHS) this.waiting.unshift({ ...task, deaths })
    else task.reject(Object.assign(new Error(KILLED.en), { text: KILLED }))
  }
  private keep({ address }: { address: string }, result: JobResult): JobResult {
    this.made++
    this.results.set(address, result)
    const kept = { address, result }
    this.state.kept.push(kept)
    this.added.push(kept)
    return result
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

/** What a run that has ended tells its search. Only the findings of untreated runs are of use. */
function resultOf(log: RunLog, { goal }: Common, stepMs: number): JobResult {
  const norms = normsOf(log)
  const chance = chanceOf(log, goal)
  return {
    trial: trialOf(log, goal, { stepMs, run: log.head.id }),
    findings: [...log.findings],
    ...(norms && { norms }),
    ...(chance !== undefined && { baseline: { name: log.schema!.baselines![0]!.name, value: chance } })
  }
}

/** Searches for cures, one at a time, whose trainings are runs of the run host. */
export class CureHost {
  private sitting: Sitting | undefined

  constructor(private readonly options: CureHostOptions) {
    options.host.onEnd(({ log, stepMs }) => this.sitting?.ended(log, stepMs))
  }
  /**
   * Starts a search, or goes on with one. One that goes on is stopped.
   * @param order its experiment is checked
   * @param past what was trained before, and for how long
   */
  start(id: string, order: SearchOrder, files: Attachments, past: Pick<SearchState, 'kept' | 'time'>): void {
    this.stop()
    const checked = { ...order, experiment: parseExperiment(order.experiment) }
    const state: SearchState = { id, order: checked, state: 'running', ...past, kept: [...past.kept], ongoing: [] }
    const sitting = new Sitting(state, files, this.options)
    this.sitting = sitting
    void sitting.run()
  }
  stop(): void {
    if (this.sitting?.isRunning) this.sitting.stop()
  }
  /** The search on screen, for a window that was reloaded. */
  get state(): SearchState | null {
    return this.sitting?.state ?? null
  }
  /** Forgets the search. */
  forget(): void {
    this.stop()
    this.sitting = undefined
  }
}
