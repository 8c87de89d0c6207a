import type { Attachments } from '../../shared/catalog/datasets'
import type { Experiment } from '../../shared/experiment'
import type { StartOptions } from '../../shared/ipc/trainer'
import type { RunChange } from '../../shared/run/types'
import { dropGraphs } from '../engine'
import { Checkpoints, continueFrom } from './checkpoints'
import { ended, explain, plainly } from './errors'
import { Evaluator, isJudgedStep } from './evaluation'
import { type Emit, Events } from './events'
import { type Ahead, countHistograms, Inspection, type InspectionOptions } from './inspection'
import { applyChange, type Changed, EarlyChanges } from './liveChange'
import { ProgressReporter } from './progress'
import { Recorder } from './recorder'
import { Training } from './training'

/** How a session is run. */
export interface SessionOptions extends StartOptions, InspectionOptions {
  /** Never record a graph: for tests and comparisons. */
  eager?: boolean
}

/** Commands are read, and updates sent, at least this often (ms) while steps are quicker than that. */
const SLICE = 10
/** A run whose loss and weights have been NaN for this many steps can't come back, and is ended. */
const NAN_STEPS = 20

/** What there is from the moment on at which the run is prepared. */
interface Parts {
  recorder: Recorder
  checkpoints: Checkpoints
  inspection: Inspection
  evaluator: Evaluator
}

/**
 * One training of one experiment. Step t (from 0) reads the weights after t updates: its frame, its evaluation and its
 * snapshot all show that state, and then the step changes it. What is computed depends on the experiment, and on what
 * was changed before which step, alone: not on pausing, recording or who listens.
 */
export class TrainerSession {
  private state: 'starting' | 'running' | 'paused' = 'starting'
  private single = false
  private stopping = false
  private over = false
  private wake: (() => void) | undefined
  /** Steps with a loss of NaN, one after the other. */
  private nanSteps = 0
  private ahead: Ahead | undefined
  /** Distributions were asked for before the run was prepared. */
  private inspectEarly = false
  private parts: Parts | undefined
  /** The first that this session makes. */
  private firstStep = 0
  private readonly training: Training
  private readonly events: Events
  private readonly early = new EarlyChanges()
  private readonly progress: ProgressReporter

  /**
   * @param files the files that the experiment names
   * @param emit takes the updates of the run: first `progress`, then `schema`, last `done` or `failure`
   */
  constructor(
    experiment: Experiment,
    files: Attachments,
    private readonly emit: Emit,
    private options: SessionOptions = {}
  ) {
    this.training = new Training(experiment, files, options.eager)
    this.events = new Events(emit)
    this.progress = new ProgressReporter(() => ({ state: this.state, step: this.step, steps: this.steps }), emit)
  }

  /** Steps done. */
  get step(): number {
    return this.training.step
  }
  /** Steps in all. */
  get steps(): number {
    return Math.min(this.training.steps, this.options.until ?? Infinity)
  }

  /**
   * Does all that takes time before the first step, ahead of `run`. What is computed later is the same bits.
   * @throws InputError, TrainerError what `run` would report as its failure; the session is of no more use then
   */
  getReady(): void {
    const { training } = this
    try {
      training.build()
      const sample = training.sampleBatch()
      training.engine.rehearse(sample, training.effective.record.every > 1)
      if (this.options.histograms) this.ahead = { model: training.model, set: countHistograms(training, sample) }
    } catch (error) {
      this.dispose()
      throw error
    }
  }
  /** Sets how the run is started, when that was not known at construction. */
  take(options: StartOptions): void {
    this.options = { ...this.options, ...options }
  }
  /** Frees a session that will not be run. */
  dispose(): void {
    this.training.dispose()
  }

  /** Runs to the end. Never rejects: an error is the update `failure`. */
  async run(): Promise<void> {
    try {
      this.progress.report(true)
      // Preparing blocks: the first update has to leave before.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (!this.stopping) this.parts = this.prepare()
      if (this.state === 'starting') this.state = 'running'
      this.progress.report(true)
      const diverged = this.parts ? await this.train(this.parts) : false
      this.emit({
        kind: 'done',
        state: this.stopping ? 'stopped' : diverged ? 'diverged' : 'finished',
        step: this.step
      })
    } catch (error) {
      this.parts?.recorder.flush(true)
      this.emit({ kind: 'failure', failure: explain(error, this.training.examples), step: this.step })
      this.training.dispose()
      dropGraphs()
    } finally {
      this.over = true
      this.early.refuse(ended())
      this.training.dispose()
    }
  }
  pause(): void {
    if (this.state === 'starting' || this.state === 'running') this.setState('paused')
  }
  resume(): void {
    if (this.state === 'paused') this.setState('running')
  }
  /** Makes one step and pauses. */
  singleStep(): void {
    if (this.state === 'running' || this.state === 'starting') this.state = 'paused'
    this.single = true
    this.wake?.()
  }
  stop(): void {
    this.stopping = true
    this.wake?.()
  }
  /** Counts the distributions at the next step, unless that would take up too much of the time. */
  inspect(): void {
    if (this.parts) this.parts.inspection.ask()
    else this.inspectEarly = true
  }
  /** Makes a change before the next step. Rejects with an InputError, and changes nothing, when it needs a new run. */
  async change(change: RunChange): Promise<Changed> {
    if (this.over || this.stopping) throw ended()
    if (!this.parts) return this.early.add(change)
    if (this.step >= this.steps) throw ended()
    return this.apply(change, this.parts.recorder)
  }
  /** Keeps the run as it is now. @returns the step it can be continued from. @throws InputError */
  checkpoint(): { step: number } {
    if (this.over || !this.parts) throw ended()
    return { step: this.parts.checkpoints.keepNow() }
  }
  /** @param count frame batches that the consumer has taken */
  ack(count: number): void {
    this.parts?.recorder.acknowledge(count, this.state === 'paused')
  }

  /** @throws InputError, TrainerError in words for a person */
  private apply(change: RunChange, { history }: Recorder): Changed {
    return plainly(() => applyChange(this.training, history, this.events, change), this.training.examples)
  }
  private setState(state: 'paused' | 'running'): void {
    if (this.over) return
    this.state = state
    this.progress.restart()
    this.parts?.recorder.flush(true)
    this.progress.report(true)
    this.wake?.()
  }

  private prepare(): Parts {
    const { training, events, emit } = this
    training.build()
    const recorder = new Recorder(training, emit)
    const { from } = this.options
    emit({ kind: 'schema', schema: training.schema })
    if (from) continueFrom(training, from, events)
    this.firstStep = training.step
    this.early.settle((change) => this.apply(change, recorder))
    const inspection = new Inspection(training, emit, this.options, this.ahead)
    if (this.inspectEarly) inspection.ask()
    return {
      recorder,
      inspection,
      checkpoints: new Checkpoints(training, events, emit, from?.checkpoint.step ?? 0),
      evaluator: new Evaluator(training)
    }
  }
  /**
   * Trains to the last step, or until the run is stopped, and records the end.
   * @returns whether it has diverged
   */
  private async train(parts: Parts): Promise<boolean> {
    await this.loop(parts)
    parts.checkpoints.keepEnd()
    if (!this.stopping) {
      this.evaluate(parts)
      const { batches } = this.training
      const { drawn } = batches
      parts.inspection.photograph(batches.next(), drawn)
    }
    return parts.recorder.finish()
  }
  private async loop(parts: Parts): Promise<void> {
    const { recorder } = parts
    while (!this.stopping && this.step < this.steps) {
      if (this.state === 'paused' && !this.single) {
        await new Promise<void>((resolve) => (this.wake = resolve))
        this.wake = undefined
        continue
      }
      const until = performance.now() + SLICE
      do {
        this.makeStep(parts)
        if (this.nanSteps >= NAN_STEPS && this.allNaN()) return
        recorder.flush(false)
      } while (this.state === 'running' && this.step < this.steps && performance.now() < until)
      if (this.single) {
        this.single = false
        this.progress.report(true)
      }
      recorder.flush(this.state === 'paused')
      this.progress.report(false)
      // Lets messages in.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
  private makeStep(parts: Parts): void {
    const { training } = this
    const { recorder, inspection } = parts
    const t = training.step
    parts.checkpoints.keepIfDue()
    for (const { step, ...change } of this.options.changes ?? [])
      if (step === t) applyChange(training, recorder.history, this.events, change)
    const { record } = training.effective
    if (training.data.validation.count ? t % record.evaluateEvery === 0 : t === this.firstStep || isJudgedStep(t))
      this.evaluate(parts)
    const { drawn } = training.batches
    const batch = training.batches.next()
    inspection.photograph(batch, drawn)
    inspection.count(batch)
    // Also the step after a loss that alarms, and the one that may be the last of a run whose weights are lost.
    const isRecorded =
      t % record.every === 0 || t === this.steps - 1 || recorder.wantsNext || this.nanSteps === NAN_STEPS - 1
    const isMeasured = isRecorded || recorder.wantsLook(t - this.firstStep, t, training.steps)
    // A function of its own: it changes nothing of the step.
    const used = isMeasured && recorder.wantsGap(t) ? training.engine.predict(batch.x, batch.count).slice() : undefined
    const out = training.engine.step(batch, t + 1, isMeasured)
    training.step++
    recorder.observe(t, out[0]!)
    const isLossNaN = Number.isNaN(out[0])
    if (isLossNaN || (isMeasured && Number.isNaN(out[2]))) this.sawNaN(t, isLossNaN)
    if (isMeasured) recorder.record(t, batch, out, used, isRecorded)
    this.nanSteps = isLossNaN ? this.nanSteps + 1 : 0
  }
  private evaluate({ recorder, evaluator }: Parts): void {
    recorder.addEvaluation(evaluator.evaluate())
  }
  /** The first NaN is an event. */
  private sawNaN(step: number, isLoss: boolean): void {
    if (this.events.has('nan')) return
    this.events.add({
      step,
      kind: 'nan',
      text: isLoss
        ? { en: 'first NaN: the loss', zh: '首次出现 NaN：损失' }
        : { en: 'first NaN: a gradient', zh: '首次出现 NaN：梯度' }
    })
  }
  /** Whether every trainable weight holds a NaN: nothing can become a number again. */
  private allNaN(): boolean {
    this.nanSteps = 0
    const values = this.training.engine.read()
    return this.training.model.weights.every((at) => values[at]!.some((v) => v !== v))
  }
}
