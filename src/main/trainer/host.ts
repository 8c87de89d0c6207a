import type { Attachments } from '@shared/catalog/datasets'
import { attachedTo, parseExperiment, readExperiment, sameTraining, type Trained } from '@shared/experiment'
import type { Experiment } from '@shared/experiment/types'
import { ClosedError, errorToData } from '@shared/ipc/errors'
import type { StartOptions } from '@shared/ipc/trainer'
import { changed } from '@shared/run/change'
import type { Progress, RunChange, RunRecord } from '@shared/run/types'
import { InputError, type Problem } from '@shared/base/text'
import { log } from '../log'
import type { Child } from './child'
import { describeExit } from './exit'
import type { Emit } from './feed'
import { Run } from './run'

export interface HostOptions {
  fork: () => Child
  emit: Emit
  /** Runs that may train at once, and the most that a person may ask for. */
  slots: number
  cores?: number
  /** Milliseconds that a trainer has to obey Stop before it is ended. */
  grace?: number
  now?: () => number
}
const GRACE = 3000
/** After this many crashes within five minutes no trainer is started ahead of its use any more. */
const CRASHES = 3
const FIVE_MINUTES = 300_000

/** All runs of this session: their queue, their trainers (one each), their records. */
export class RunHost {
  private readonly runs = new Map<string, Run>()
  /** A trainer in waiting, and what it has been told to make ready. */
  private warm: Child | undefined
  private made: { of: Trained; done: boolean } | undefined
  /** What is likely to be trained next. */
  private likely: Trained | undefined
  /** The one in waiting has loaded what it needs. */
  private isUp = false
  private crashes: number[] = []
  private closed = false
  private slots: number
  private readonly now: () => number
  private readonly watch: ReturnType<typeof setInterval>
  /** What the trainer reported of itself when it warmed up. */
  versions: Record<string, string> = {}
  /** Why training can't work at all, as far as a trainer that warmed up has found. */
  nativeProblems: Problem[] | undefined

  constructor(private readonly options: HostOptions) {
    this.slots = options.slots
    this.now = options.now ?? Date.now
    this.watch = setInterval(() => {
      for (const run of this.runs.values()) run.checkSigns(this.now())
    }, 1000)
    this.watch.unref?.()
  }

  /** Starts a trainer ahead of its use, so that Train starts at once. */
  prewarm(): void {
    if (this.closed) return
    if (this.warm) return this.makeReady()
    const now = this.now()
    this.crashes = this.crashes.filter((t) => now - t < FIVE_MINUTES)
    if (this.crashes.length >= CRASHES) return
    const child = this.options.fork()
    this.warm = child
    this.made = undefined
    this.isUp = false
    child.onExit(() => {
      if (this.warm === child) this.warm = undefined
    })
    child.api.warmUp().then(
      ({ versions }) => {
        this.versions = versions
        this.nativeProblems = undefined
        if (this.warm !== child) return
        this.isUp = true
        this.makeReady()
      },
      (error: unknown) => {
        if (this.warm !== child || this.closed) return
        this.crashes.push(this.now())
        const { message, problems } = errorToData(error)
        const log_ = child.tail
        this.nativeProblems = problems.length
          ? problems
          : [
              {
                path: 'native',
                message: log_ ? { en: `${message.en}\n${log_}`, zh: `${message.zh}\n${log_}` } : message
              }
            ]
        log('error', 'the trainer cannot start:', message.en, log_)
        this.warm = undefined
        child.kill()
      }
    )
  }

  /** This is likely to be trained next: the trainer in waiting makes it ready, unless the cores have work to do. */
  foresee(experiment: Experiment, files: Attachments): void {
    const read = readExperiment(experiment)
    if (read.problems.length) return
    this.likely = { experiment: read.experiment, files: attachedTo(read.experiment, files) }
    this.makeReady()
  }
  private makeReady(): void {
    const { warm, likely, made } = this
    if (!warm || !likely || !this.isUp || [...this.runs.values()].some((r) => r.busy)) return
    if (made && sameTraining(made.of, likely)) return
    const now = { of: likely, done: false }
    this.made = now
    warm.api.getReady(likely.experiment, likely.files).then(() => void (now.done = true), ignore)
  }

  /** Queues a run. @throws InputError for an experiment that isn't sound, or an id already in use */
  start(id: string, experiment: Experiment, files: Attachments, options: StartOptions = {}): void {
    if (this.runs.has(id))
      throw new InputError([{ path: 'id', message: { en: `there is a run "${id}" already`, zh: `已有运行“${id}”` } }])
    const run = new Run(id, parseExperiment(experiment), files, this.options.emit, options)
    this.runs.set(id, run)
    run.feed.notify('progress')
    this.next()
  }
  pause(id: string): void {
    const run = this.get(id)
    if (!run.child || run.over) return
    if (run.waits) run.back('paused')
    else run.child.api.pause().catch(ignore)
  }
  /** A paused run goes on when a core is free for it: until then it waits with the others. */
  resume(id: string): void {
    const run = this.get(id)
    if (!run.child || run.over) return
    const others = [...this.runs.values()].filter((r) => r !== run && r.busy).length
    if (others < this.slots) run.child.api.resume().catch(ignore)
    else if (run.progress.state === 'paused') run.back('queued')
  }
  /** How many may train at once from now on: between 1 and the number of cores. Runs that train already go on. @returns what was taken */
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
    this.get(id).name = name
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
   * Changes a run between two steps. One that waits in the queue takes over anything, as nothing of it has been made yet.
   * @returns the first step that has the change, and `anew` when the run starts with it. @throws InputError when it needs a new run
   */
  async change(id: string, change: RunChange): Promise<{ step: number; anew?: boolean }> {
    const run = this.get(id)
    if (run.child && !run.over) return run.child.api.change(change)
    if (run.over) throw new InputError([{ path: 'run', message: { en: 'the run has ended', zh: '运行已结束' } }])
    run.experiment = parseExperiment(changed(run.experiment, change))
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
    if (!child) return this.finish(run, 'stopped')
    child.api.stop().catch(ignore)
    setTimeout(() => {
      if (run.over) return
      log('warn', `run ${id} did not stop in time; its trainer is ended`)
      this.finish(run, 'stopped')
    }, this.options.grace ?? GRACE)
  }
  record(id: string): RunRecord | null {
    const run = this.runs.get(id)
    if (!run) return null
    run.feed.caughtUp()
    return run.record()
  }
  list(): { id: string; name: string; progress: Progress }[] {
    return [...this.runs.values()].map((r) => ({ id: r.id, name: r.name, progress: r.progress }))
  }
  /** Forgets a run; one that is going is ended. */
  drop(id: string): void {
    const run = this.runs.get(id)
    if (!run) return
    this.finish(run, 'stopped')
    run.feed.close()
    this.runs.delete(id)
  }
  ack(id: string, n: number): void {
    this.runs.get(id)?.feed.ack(n)
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
    this.warm?.kill()
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
    let free = this.slots - all.filter((r) => r.busy).length
    for (const run of all) {
      if (free <= 0) break
      if (run.progress.state !== 'queued') continue
      free--
      if (run.child) {
        run.back('running')
        run.child.api.resume().catch(ignore)
      } else this.launch(run)
    }
    // The next trainer warms up when the cores are free again.
    if (!all.some((r) => r.busy)) setTimeout(() => this.prewarm(), 0)
  }
  private launch(run: Run): void {
    let reuse: Child | undefined
    // One that is busy with something else would be late.
    if (this.warm && this.made && !this.made.done && !sameTraining(this.made.of, run)) this.warm.kill()
    else if (this.warm) reuse = this.warm
    const child = reuse ?? this.options.fork()
    this.warm = undefined
    run.child = child
    run.begin(this.now())
    const alive = (): void => run.sign(this.now())
    /** Only what concerns a run that isn't over; a throw is a trainer that doesn't keep its contract. */
    const on =
      <T>(work: (payload: T) => void) =>
      (payload: T): void => {
        alive()
        if (run.over) return
        try {
          work(payload)
        } catch (error) {
          const what = (error as Error).message
          this.finish(run, 'failed', {
            message: {
              en: `The training process sent something that makes no sense: ${what}`,
              zh: `训练进程发来了无法理解的内容：${what}`
            }
          })
        }
      }
    const { api } = child
    api.on(
      'heartbeat',
      on(() => {})
    )
    api.on(
      'schema',
      on((schema) => run.setSchema(schema))
    )
    api.on(
      'progress',
      on((progress) => {
        const before = run.busy
        run.setProgress(progress)
        if (before && !run.busy) this.next()
      })
    )
    api.on(
      'frames',
      on((frames) => {
        run.addFrames(frames)
        api.ack(1).catch(ignore)
      })
    )
    api.on(
      'evaluation',
      on((evaluation) => run.addEvaluation(evaluation))
    )
    api.on(
      'findings',
      on((findings) => run.setFindings(findings))
    )
    api.on(
      'histograms',
      on((set) => run.addHistograms(set))
    )
    api.on(
      'checkpoint',
      on(({ checkpoint, kept }) => run.addCheckpoint(checkpoint, kept))
    )
    api.on(
      'events',
      on((events) => run.setEvents(events))
    )
    api.on(
      'failed',
      on(({ message, problems, log: said }) => {
        if (said) log('error', `run ${run.id}:`, said)
        this.finish(run, 'failed', { message, ...(problems?.length && { problems }) })
      })
    )
    api.on(
      'done',
      on(({ state }) => this.finish(run, state))
    )
    child.onExit((code, reason) => {
      if (run.over) return
      if (!run.stopAsked) this.crashes.push(this.now())
      this.finish(
        run,
        run.stopAsked ? 'stopped' : 'failed',
        run.stopAsked ? undefined : describeExit(code, child.tail, reason)
      )
    })
    api.start(run.experiment, run.files, run.options).catch((error: unknown) => {
      // A child that died before it answered is told of by its exit, which knows more.
      if (run.over || error instanceof ClosedError) return
      const { message, problems } = errorToData(error)
      this.finish(run, 'failed', {
        message,
        ...(problems.length && { problems }),
        ...(child.tail && { log: child.tail })
      })
    })
  }
  private finish(run: Run, state: 'finished' | 'stopped' | 'failed', failure?: Progress['failure']): void {
    if (run.over) return
    run.end(state, failure)
    const { child } = run
    run.child = undefined
    if (failure) log('warn', `run ${run.id} failed:`, failure.message.en)
    // Never from within the child's own events: posting and forking there can take main down.
    setTimeout(() => {
      child?.kill()
      this.next()
    }, 0)
  }
}
const ignore = (): void => {}
