import type { Attachments } from '../shared/catalog/datasets'
import { readExperiment, sameTraining, type Experiment } from '../shared/experiment'
import type { Handlers } from '../shared/ipc/contract'
import type { StartOptions, trainerContract } from '../shared/ipc/trainer'
import type { RunChange } from '../shared/run/types'
import { InputError } from '../shared/base/text'
import { Program } from './graph/program'
import { TrainerSession, type Emit, type SessionOptions } from './session'
import { loadTensorFlow } from './tensorflow'

/** Answers the trainer's contract: one host, one run. */
export class TrainerHost implements Handlers<typeof trainerContract> {
  private session: TrainerSession | undefined
  private ready: { experiment: Experiment; files: Attachments; session: TrainerSession } | undefined
  /** Settles when the run is over, whatever became of it. */
  ended: Promise<void> = Promise.resolve()

  constructor(
    private readonly emit: Emit,
    private readonly options: SessionOptions = {}
  ) {}

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
   * Makes a run of this ready ahead of its `start`, which then takes it up if it is of the same. Another one lets go of the last.
   * What is wrong with it will be told by `start`.
   */
  getReady(experiment: Experiment, files: Attachments): void {
    if (this.session) return
    this.ready?.session.dispose()
    this.ready = undefined
    const read = readExperiment(experiment)
    if (read.problems.length) return
    const session = new TrainerSession(read.experiment, files, this.emit, this.options)
    try {
      session.getReady()
      this.ready = { experiment: read.experiment, files, session }
    } catch {
      // It is of no use, then.
    }
  }
  /**
   * Starts the run and returns; everything else comes as events, first `progress`, then `schema`, last `done` or `failed`.
   * @param files the files that the experiment names
   */
  start(experiment: Experiment, files: Attachments, start: StartOptions = {}): void {
    if (this.session)
      throw new InputError([
        { path: 'start', message: { en: 'this trainer has a run already', zh: '该训练进程已有运行' } }
      ])
    // What crossed a process boundary is checked once more, and has its defaults.
    const read = readExperiment(experiment)
    if (read.problems.length) throw new InputError(read.problems)
    const { ready } = this
    this.ready = undefined
    const same = ready && sameTraining(ready, { experiment: read.experiment, files })
    if (!same) ready?.session.dispose()
    const session = same ? ready.session : new TrainerSession(read.experiment, files, this.emit, this.options)
    session.take(start)
    this.session = session
    this.ended = session.run()
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
