// Longer than 300 lines, because every call about a run touches the same queue.
import { InputError, type Problem } from '@shared/base/problems'
import type { Attachments } from '@shared/catalog/datasets'
import { parseExperiment } from '@shared/experiment'
import type { Experiment } from '@shared/experiment/types'
import { ClosedError, errorToData } from '@shared/ipc/errors'
import type { StartOptions } from '@shared/ipc/trainer'
import { changed } from '@shared/run/change'
import { RunLog, START } from '@shared/run/runLog'
import type { Failure, Progress, RunChange, RunRecord } from '@shared/run/types'
import type { RunMessage, UpdateOf } from '@shared/run/update'
import { log } from '../log'
import type { Child } from './child'
import { describeExit } from './exit'
import { Run } from './run'
import { Standby } from './standby'

/** What a host needs of its surroundings. */
export interface HostOptions {
  fork: () => Child
  /** Starts a trainer for the trainings of a search: many go on at once, and each takes one core. */
  forkTrial?: () => Child
  /** Starts a process that reads a recording while it grows. */
  forkFollower?: () => Child
  /** Sends an update to the window. */
  emit: (message: RunMessage) => void
  /** Hears which runs there are and that they go on, so as to keep them on disk. */
  keeper?: { follow(log: RunLog): void; grown(): void }
  /** Hears that `nativeProblems` are others. */
  nativeChanged?: () => void
  /** Runs that may train at once, and the most that a person may ask for. */
  slots: number
  cores?: number
  /** Milliseconds that a trainer has to obey Stop before it is ended. */
  grace?: number
  now?: () => number
}
const GRACE = 3000
/** Milliseconds that the trainer of a search waits for its next training. */
const LINGER = 10_000

/** All runs of this session: their queue, their trainers (one each), their logs. */
export class RunHost {
  private readonly runs = new Map<string, Run>()
  private readonly standby: Standby
  /** Trainers of a search that wait for the next training, and what ends each when none comes. */
  private readonly idle = new Map<Child, ReturnType<typeof setTimeout>>()
  private readonly listeners: ((run: Pick<Run, 'log' | 'stepMs'>) => void)[] = []
  private closed = false
  private slots: number
  private readonly now: () => number
  private readonly watch: ReturnType<typeof setInterval>

  constructor(private readonly options: HostOptions) {
    this.slots = options.slots
    this.now = options.now ?? (() => performance.now())
    this.standby = new Standby(
      options.fork,
      () => [...this.runs.values()].some((r) => r.busy && !r.isWatched),
      this.now,
      options.nativeChanged
    )
    this.watch = setInterval(() => {
      for (const run of this.runs.values()) run.checkSigns(this.now())
    }, 1000)
    this.watch.unref?.()
  }

  /** What the trainer reported of itself when it warmed up. */
  get versions(): Record<string, string> {
    return this.standby.versions
  }
  /** Why training can't work at all, as far as a trainer that warmed up has found. */
  get nativeProblems(): Problem[] | undefined {
    return this.standby.nativeProblems
  }
  /** Starts a trainer ahead of its use, so that Train starts at once. */
  prewarm(): void {
    this.standby.start()
  }
  /** Names what is likely to be trained next: the waiting trainer prepares it while the cores are free. */
  foresee(experiment: Experiment, files: Attachments): void {
    this.standby.foresee(experiment, files)
  }

  /** Queues a run. @throws InputError for an experiment that isn't sound, or an id already in use */
  start(id: string, experiment: Experiment, files: Attachments, options: StartOptions = {}): void {
    if (this.runs.has(id))
      throw new InputError([{ path: 'id', message: { en: `there is a run "${id}" already`, zh: `已有运行“${id}”` } }])
    const { emit, keeper } = this.options
    const run = new Run(id, parseExperiment(experiment), files, emit, () => keeper?.grown(), options)
    this.runs.set(id, run)
    keeper?.follow(run.log)
    run.feed.notify('progress')
    if (run.isQueued) this.next()
    else this.launch(run)
  }
  /** Takes over a run of a search that was made elsewhere, and has ended. @throws RangeError when it makes no sense */
  adopt(record: RunRecord, files: Attachments, options: StartOptions & { search: string }): void {
    const { emit, keeper } = this.options
    const run = new Run(record.id, parseExperiment(record.experiment), files, emit, () => keeper?.grown(), options)
    this.runs.set(run.id, run)
    keeper?.follow(run.log)
    for (const update of RunLog.from(record).since(START).updates) run.apply(update)
  }
  /** Hears of each run that has ended, when others may be started. */
  onEnd(listener: (run: Pick<Run, 'log' | 'stepMs'>) => void): void {
    this.listeners.push(listener)
  }
  pause(id: string): void {
    const run = this.get(id)
    if (!run.child || run.over) return
    if (run.waits) run.setProgress({ state: 'paused' })
    else run.child.api.pause().catch(ignore)
  }
  /** A paused run goes on when a core is free for it: until then it waits with the others. */
  resume(id: string): void {
    const run = this.get(id)
    if (!run.child || run.over) return
    const others = [...this.runs.values()].filter((r) => r !== run && r.busy && r.isQueued).length
    if (others < this.slots) run.child.api.resume().catch(ignore)
    else if (run.log.progress.state === 'paused') run.setProgress({ state: 'queued' })
  }
  /**
   * How many may train at once from now on: between 1 and the number of cores. Runs that train already go on. @returns
   * what was taken
   */
  setSlots(count: number): number {
    this.slots = Math.max(1, Math.min(this.options.cores ?? this.options.slots, Math.round(count)))
    this.next()
    return this.slots
  }
  /** The runs that wait are started in this order; all others keep their places. */
  order(ids: readonly string[]): void {
    const place = (id: string): number => (ids.includes(id) ? ids.indexOf(id) : ids.length)
    const all = [...this.runs]
    const waiting = all.filter(([, r]) => r.waits).sort(([a], [b]) => place(a) - place(b))
    this.runs.clear()
    for (const entry of all) this.runs.set(...(entry[1].waits ? waiting.shift()! : entry))
  }
  rename(id: string, name: string): void {
    this.get(id).log.head.name = name
  }
  step(id: string): void {
    const run = this.get(id)
    if (run.child && !run.over) run.child.api.step().catch(ignore)
  }
  inspect(id: string): void {
    const run = this.get(id)
    if (run.child && !run.over) run.child.api.inspect().catch(ignore)
  }
  /**
   * Changes a run between two steps. One that waits in the queue takes over anything, as nothing of it has been made
   * yet.
   * @returns the first step that has the change, and `anew` when the run starts with it. @throws InputError when it
   *   needs a new run
   */
  async change(id: string, change: RunChange): Promise<{ step: number; anew?: boolean }> {
    const run = this.get(id)
    if (run.child && !run.over) return run.child.api.change(change)
    if (run.over) throw new InputError([{ path: 'run', message: { en: 'the run has ended', zh: '运行已结束' } }])
    run.log.head.experiment = parseExperiment(changed(run.experiment, change))
    return { step: 0, anew: true }
  }
  /** Keeps a run as it is now. @returns the step it can be continued from. @throws InputError */
  async checkpoint(id: string): Promise<{ step: number }> {
    const run = this.get(id)
    if (!run.child || run.over)
      throw new InputError([{ path: 'run', message: { en: 'the run does not go on', zh: '运行未在进行' } }])
    return run.child.api.checkpoint()
  }
  /** Asks the trainer to stop; one that hangs in a native call can't, and is ended. */
  stop(id: string): void {
    const run = this.get(id)
    if (run.over || run.stopAsked) return
    run.stopAsked = true
    const { child } = run
    if (!child) return this.finish(run)
    child.api.stop().catch(ignore)
    setTimeout(() => {
      if (run.over) return
      log('warn', `run ${id} did not stop in time; its trainer is ended`)
      this.finish(run)
    }, this.options.grace ?? GRACE)
  }
  record(id: string): RunRecord | null {
    const run = this.runs.get(id)
    if (!run) return null
    run.feed.reset()
    return run.log.toRecord()
  }
  list(): { id: string; name: string; progress: Progress }[] {
    return [...this.runs.values()].map(({ log: { head, progress } }) => ({ id: head.id, name: head.name, progress }))
  }
  /** Forgets a run; one that is going is ended. */
  drop(id: string): void {
    const run = this.runs.get(id)
    if (!run) return
    this.finish(run)
    run.feed.close()
    this.runs.delete(id)
  }
  ack(id: string, n: number): void {
    this.runs.get(id)?.feed.acknowledge(n)
  }
  /** A new page took the window. */
  pageChanged(): void {
    for (const run of this.runs.values()) run.feed.reset()
  }
  /** Ids of the processes of runs and of the one in waiting; undefined until spawned. */
  pids(): (number | undefined)[] {
    return [...this.runs.values()].filter((r) => r.child).map((r) => r.child!.pid)
  }
  close(): void {
    this.closed = true
    clearInterval(this.watch)
    for (const run of this.runs.values()) {
      run.feed.close()
      run.child?.kill()
    }
    for (const child of [...this.idle.keys()]) this.recall(child).kill()
    this.standby.close()
  }

  private get(id: string): Run {
    const run = this.runs.get(id)
    if (!run) throw new InputError([{ path: 'id', message: { en: `there is no run "${id}"`, zh: `没有运行“${id}”` } }])
    return run
  }
  /** Starts queued runs while there is room. */
  private next(): void {
    if (this.closed) return
    const all = [...this.runs.values()]
    let free = this.slots - all.filter((r) => r.busy && r.isQueued).length
    for (const run of all) {
      if (free <= 0) break
      if (!run.waits) continue
      free--
      if (run.child) {
        run.setProgress({ state: 'running' })
        run.child.api.resume().catch(ignore)
      } else this.launch(run)
    }
    // The next trainer warms up when the cores are free again.
    if (!all.some((r) => r.busy && !r.isWatched)) setTimeout(() => this.standby.start(), 0)
  }
  private childFor(run: Run): Child {
    const { fork, forkTrial = fork, forkFollower = fork } = this.options
    if (run.isWatched) return forkFollower()
    if (!run.isTrial) return this.standby.take(run) ?? fork()
    const idle = [...this.idle.keys()].find((child) => !child.gone)
    return idle ? this.recall(idle) : forkTrial()
  }
  /** A trainer waits for the next training of a search. */
  private wait(child: Child): void {
    this.idle.set(
      child,
      setTimeout(() => this.recall(child).kill(), LINGER)
    )
  }
  private recall(child: Child): Child {
    clearTimeout(this.idle.get(child))
    this.idle.delete(child)
    return child
  }
  private launch(run: Run): void {
    const child = this.childFor(run)
    run.child = child
    run.begin(this.now())
    const { api } = child
    run.hears(api.on('heartbeat', () => run.sign(this.now())))
    const deaf = api.on(
      'runUpdate',
      (message) => {
        run.sign(this.now())
        if (!run.over) this.take(run, child, message)
      },
      (why) => this.finish(run, nonsense(why))
    )
    run.hears(deaf)
    child.onExit((code, reason) => {
      this.recall(child)
      if (run.over) return
      if (run.stopAsked) return this.finish(run)
      if (!run.isWatched) this.standby.noteCrash()
      this.finish(run, describeExit(code, child.tail, reason))
    })
    api.start(run.id, run.experiment, run.files, run.options).catch((error: unknown) => {
      // The exit of a child that died before it answered says more.
      if (run.over || error instanceof ClosedError) return
      const { message, problems } = errorToData(error)
      const { tail } = child
      this.finish(run, { message, ...(problems.length && { problems }), ...(tail && { log: tail }) })
    })
  }
  /** Takes an update of a run's trainer. One that makes no sense ends the run. */
  private take(run: Run, child: Child, { id, update }: RunMessage): void {
    const wasBusy = run.busy
    try {
      if (id !== run.id) throw new RangeError(`an update of run "${id}"`)
      run.apply(update.kind === 'failure' ? logged(run, update) : update)
    } catch (error) {
      return this.finish(run, nonsense(error as Error))
    }
    if (update.kind === 'frames') child.api.ack(1).catch(ignore)
    if (run.over) this.release(run)
    else if (wasBusy && !run.busy) this.next()
  }
  /** Ends a run that has not ended. @param failure absent: it was stopped */
  private finish(run: Run, failure?: Failure): void {
    if (run.over) return
    run.end(failure)
    this.release(run)
  }
  /** Ends the trainer of a run that is over, and lets the next one start. */
  private release(run: Run): void {
    const { child } = run
    run.child = undefined
    run.deafen()
    const { failure } = run.log.progress
    if (failure) log('warn', `run ${run.id} failed:`, failure.message.en)
    // Never from within the child's own events: posting and forking there can take main down.
    setTimeout(() => {
      const { state } = run.log.progress
      if (child && run.isTrial && !this.closed && (state === 'finished' || state === 'diverged')) this.wait(child)
      else child?.kill()
      for (const listener of this.listeners) listener(run)
      this.next()
    }, 0)
  }
}
const ignore = (): void => {}
const nonsense = ({ message }: Error): Failure => ({
  message: {
    en: `The training process sent something that makes no sense: ${message}`,
    zh: `训练进程发来了无法理解的内容：${message}`
  }
})
/** The failure without what a library said, which is for the log file alone. */
function logged(run: Run, update: UpdateOf<'failure'>): UpdateOf<'failure'> {
  const { log: said, ...failure } = update.failure
  if (said) log('error', `run ${run.id}:`, said)
  return { ...update, failure }
}
