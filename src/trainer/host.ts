import type { Attachments } from '../shared/catalog/datasets'
import { readExperiment, sameTraining, type Experiment } from '../shared/experiment'
import type { Handlers } from '../shared/ipc/contract'
import type { StartOptions, trainerContract } from '../shared/ipc/trainer'
import type { RunChange } from '../shared/run/types'
import type { RunMessage } from '../shared/run/update'
import { InputError } from '../shared/base/problems'
import { Program } from './graph/program'
import { TrainerSession, type SessionOptions } from './session/session'
import { loadTensorFlow } from './tensorflow'

/** Milliseconds between two heartbeats. */
const HEARTBEAT = 1000

/** What a host says by itself: the events of the trainer's contract. */
export interface HostEvents {
  runUpdate: RunMessage
  heartbeat: { step: number }
}

/** Answers the trainer's contract: one host, one run at a time. */
export class TrainerHost implements Handlers<typeof trainerContract> {
  /** Id of the run; empty until `start`. */
  private id = ''
  private session: TrainerSession | undefined
  /** A run goes on. */
  private active = false
  private ready: { experiment: Experiment; files: Attachments; session: TrainerSession } | undefined
  /** Settles when the run is over, however it ended. */
  ended: Promise<void> = Promise.resolve()

  constructor(
    private readonly emit: <E extends keyof HostEvents>(event: E, payload: HostEvents[E]) => void,
    private readonly options: SessionOptions = {}
  ) {}
  private makeSession(experiment: Experiment, files: Attachments): TrainerSession {
    return new TrainerSession(
      experiment,
      files,
      (update) => this.emit('runUpdate', { id: this.id, update }),
      this.options
    )
  }

  /** Loads TensorFlow and wakes up its threads, ahead of the press of Train. @throws TrainerError */
  warmUp(): { versions: Record<string, string> } {
    const { tf, backend, versions } = loadTensorFlow()
    tf.tidy(() => tf.matMul(tf.ones([64, 64]), tf.ones([64, 64])).dataSync())
    const program = new Program(backend, [[1]], {})
    program.write([new Float32Array(1)])
    program.dispose()
    return { versions }
  }
  /**
   * Prepares a run ahead of its `start`, which uses it if it trains the same. The run that was prepared before is
   * freed. What is wrong with the experiment will be told by `start`.
   */
  getReady(experiment: Experiment, files: Attachments): void {
    if (this.session) return
    this.ready?.session.dispose()
    this.ready = undefined
    const read = readExperiment(experiment)
    if (read.problems.length) return
    const session = this.makeSession(read.experiment, files)
    try {
      session.getReady()
      this.ready = { experiment: read.experiment, files, session }
    } catch {
      // `start` will report the error.
    }
  }
  /**
   * Starts the run and returns. All else comes as updates of the run: first `progress`, then `schema`, last `done` or
   * `failure`.
   * @param id names the run in its updates
   * @param files the files that the experiment names
   * @throws InputError for an experiment that isn't sound, and while this trainer has a run that goes on
   */
  start(id: string, experiment: Experiment, files: Attachments, start: StartOptions = {}): void {
    if (this.active)
      throw new InputError([
        { path: 'start', message: { en: 'this trainer has a run already', zh: '该训练进程已有运行' } }
      ])
    // The experiment has crossed a process boundary: it is checked again, and its defaults are filled in.
    const read = readExperiment(experiment)
    if (read.problems.length) throw new InputError(read.problems)
    const { ready } = this
    this.ready = undefined
    const same = ready && sameTraining(ready, { experiment: read.experiment, files })
    if (!same) ready?.session.dispose()
    const session = same ? ready.session : this.makeSession(read.experiment, files)
    session.take(start)
    this.id = id
    this.session = session
    const heart = setInterval(() => this.emit('heartbeat', { step: session.step }), HEARTBEAT)
    this.active = true
    this.ended = session.run().finally(() => {
      clearInterval(heart)
      this.active = false
    })
  }
  pause(): void {
    this.session?.pause()
  }
  resume(): void {
    this.session?.resume()
  }
  step(): void {
    this.session?.singleStep()
  }
  stop(): void {
    this.session?.stop()
  }
  inspect(): void {
    this.session?.inspect()
  }
  change(change: RunChange): Promise<{ step: number }> {
    if (!this.session)
      throw new InputError([{ path: 'change', message: { en: 'there is no run yet', zh: '尚无运行' } }])
    return this.session.change(change)
  }
  checkpoint(): { step: number } {
    if (!this.session)
      throw new InputError([{ path: 'checkpoint', message: { en: 'there is no run yet', zh: '尚无运行' } }])
    return this.session.checkpoint()
  }
  ack(count: number): void {
    this.session?.ack(count)
  }
}
