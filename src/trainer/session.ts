import { effectiveExperiment, planExperiment, type Experiment } from '../shared/experiment'
import type { TrainerProgress } from '../shared/ipc/trainer'
import { losses } from '../shared/losses'
import { RunHistory } from '../shared/run/history'
import { Judge } from '../shared/run/judge'
import type { Evaluation, Finding, FrameBatch, RunSchema } from '../shared/run/types'
import { InputError, type Problem, type Text } from '../shared/text'
import { predictGains } from '../shared/theory'
import { Batches, describeData, prepareData, type Prepared } from './data'
import { makeEngine, type Batch, type Engine } from './engine'
import { metricNames, metricsOf, type BinaryThreshold } from './metrics'
import { HEAD, Model } from './model'
import { snapshot, type NamedArray } from './snapshot'
import { loadTensorFlow, TrainerError, type TensorFlow } from './tensorflow'

/** What a session says; the same names and payloads as the events of the trainer's contract. */
export interface SessionEvents {
  schema: RunSchema
  progress: TrainerProgress
  frames: FrameBatch
  evaluation: Evaluation
  findings: Finding[]
  failed: { message: Text; problems?: Problem[] }
  heartbeat: { step: number }
  done: { state: 'finished' | 'stopped' }
}
export type Emit = <E extends keyof SessionEvents>(event: E, payload: SessionEvents[E]) => void

export interface SessionOptions {
  /** Never record a graph: for tests and comparisons. */
  eager?: boolean
  /** Steps to photograph, and who takes the pictures. A step number equal to the number of steps means: after the last. */
  snapshots?: readonly number[]
  onSnapshot?: (step: number, arrays: NamedArray[]) => void
}

/** Commands are looked at, and news sent, at least this often (ms) while steps are quicker than that. */
const SLICE = 10
/** Frames leave at screen pace (ms). */
const FRAME_PACE = 50
const PROGRESS_PACE = 100
const FINDINGS_PACE = 250
/** Frame batches that may be under way unacknowledged. */
const CREDITS = 4
/** A run whose loss and weights have been NaN for this many steps can't come back, and is ended. */
const NAN_STEPS = 20

/**
 * One training of one experiment. Step t (from 0) reads the weights after t updates: its frame, its evaluation and its snapshot all show that
 * state, and then the step changes it. What is computed depends on the experiment alone, not on pausing, recording or who listens.
 */
export class TrainerSession {
  private state: TrainerProgress['state'] = 'starting'
  private t = 0
  private single = false
  private stopping = false
  private wake: (() => void) | undefined
  private pending: { step: number; values: Float32Array; scalars: Float32Array }[] = []
  private underWay = 0
  private sentFrames = 0
  private sentProgress = 0
  private sentFindings = { at: 0, text: '[]' }
  private marks: { at: number; step: number }[] = []
  private nanSteps = 0

  private model!: Model
  private engine!: Engine
  private data!: Prepared
  private batches!: Batches
  private history!: RunHistory
  private judge!: Judge
  private scale!: { metrics: string[]; threshold: BinaryThreshold; penalty: boolean }
  private outputFrom = 0
  /** With its remedies applied, once that has been checked. */
  private effective: Experiment

  constructor(
    private readonly experiment: Experiment,
    private readonly files: Record<string, string>,
    private readonly emit: Emit,
    private readonly options: SessionOptions = {}
  ) {
    this.effective = experiment
  }

  /** Steps done. */
  get step(): number {
    return this.t
  }
  get steps(): number {
    return this.effective.training.steps
  }

  /** Runs to the end. Never rejects: what goes wrong is told by `failed`. */
  async run(): Promise<void> {
    const heart = setInterval(() => this.emit('heartbeat', { step: this.t }), 1000)
    try {
      this.tellProgress(true)
      // Preparing blocks: let that be heard first.
      await new Promise<void>((resolve) => setImmediate(resolve))
      if (!this.stopping) this.prepare()
      if ((this.state as string) === 'starting') this.state = 'running'
      this.tellProgress(true)
      await this.loop()
      if (!this.stopping) this.finish()
      this.state = this.stopping ? 'stopped' : 'finished'
      if (this.history) {
        this.judge.look(true)
        this.flush(true)
      }
      this.tellProgress(true)
      this.emit('done', { state: this.state })
    } catch (error) {
      if (this.history) this.flush(true)
      this.emit('failed', explain(error))
    } finally {
      clearInterval(heart)
      this.engine?.dispose()
    }
  }
  pause(): void {
    if (this.state === 'starting' || this.state === 'running') this.setState('paused')
  }
  resume(): void {
    if (this.state === 'paused') this.setState('running')
  }
  /** One step, then paused. */
  singleStep(): void {
    if (this.state === 'running' || this.state === 'starting') this.state = 'paused'
    if (this.state !== 'paused') return
    this.single = true
    this.wake?.()
  }
  stop(): void {
    this.stopping = true
    this.wake?.()
  }
  /** So many frame batches were taken. */
  ack(count: number): void {
    this.underWay = Math.max(0, this.underWay - count)
    if (this.history) this.flush(this.state === 'paused')
  }
  private setState(state: 'paused' | 'running'): void {
    this.state = state
    this.marks = []
    if (this.history) this.flush(true)
    this.tellProgress(true)
    this.wake?.()
  }

  private prepare(): void {
    const info = describeData(this.experiment, this.files)
    const { experiment, problems } = effectiveExperiment(this.experiment, info)
    const plan = planExperiment(experiment, info)
    const errors = [...problems, ...plan.problems].filter((p) => p.severity !== 'warning')
    if (errors.length) throw new InputError(errors)
    this.effective = experiment
    const tensorflow = loadTensorFlow()
    this.data = prepareData(experiment, this.files)
    this.batches = new Batches(this.data.train, experiment.training.batchSize, experiment.seed)
    this.model = new Model(experiment, plan)
    this.model.prepare(tensorflow.tf)
    const sample = new Batches(this.data.train, experiment.training.batchSize, experiment.seed).next()
    this.engine = makeEngine(tensorflow, this.model, sample, this.data.validation.count, this.options.eager)
    const logits = losses.get(experiment.training.loss.id).id === 'sigmoidCrossEntropy'
    this.scale = { metrics: metricNames(info.task), threshold: logits ? 0 : 0.5, penalty: this.model.hasPenalty }
    this.outputFrom = HEAD.length + this.model.measurement.count
    const schema = this.schema(tensorflow, plan)
    this.history = new RunHistory(schema, experiment.training.optimizer['learningRate'] as number)
    this.judge = new Judge(this.history)
    this.emit('schema', schema)
  }

  private schema(tensorflow: TensorFlow, plan: ReturnType<typeof planExperiment>): RunSchema {
    const { x, count } = this.data.train
    const inputSquare = x.reduce((sum, v) => sum + v * v, 0) / x.length
    const theory = predictGains(plan, { batchSize: this.effective.training.batchSize || count, inputSquare })
    return {
      layers: plan.layers.map((l, i) => ({
        index: l.index,
        id: l.id,
        node: l.node,
        ...(l.copy !== undefined && { copy: l.copy }),
        kind: l.kind.id,
        name: l.name,
        outputShape: l.outputShape,
        paramCount: l.paramCount,
        main: l.main,
        ...(l.activation && { activation: l.activation.id }),
        inputs: l.inputs,
        ...(theory[i]!.through !== undefined && { theoryGain: theory[i]!.through }),
        ...(theory[i]!.profile !== undefined && { theoryProfile: theory[i]!.profile })
      })),
      columns: this.model.measurement.columns,
      scalars: ['loss', ...this.scale.metrics, 'gradientNorm', ...(this.scale.penalty ? ['penalty'] : []), 'learningRate'],
      info: this.data.info,
      trainCount: this.data.train.count,
      validationCount: this.data.validation.count,
      paramCount: plan.paramCount,
      compiled: this.engine.compiled,
      versions: tensorflow.versions
    }
  }

  private async loop(): Promise<void> {
    while (!this.stopping && this.t < this.steps) {
      if (this.state === 'paused' && !this.single) {
        await new Promise<void>((resolve) => (this.wake = resolve))
        this.wake = undefined
        continue
      }
      const until = Date.now() + SLICE
      do {
        this.oneStep()
        if (this.nanSteps >= NAN_STEPS && this.allNaN()) return
      } while (this.state === 'running' && this.t < this.steps && Date.now() < until)
      if (this.single) {
        this.single = false
        this.tellProgress(true)
      }
      this.flush(this.state === 'paused')
      this.tellProgress(false)
      // Lets messages in.
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  private oneStep(): void {
    const { record } = this.effective
    const t = this.t
    if (this.data.validation.count && t % record.evaluateEvery === 0) this.evaluate()
    const batch = this.batches.next()
    this.takeSnapshot(batch)
    const recorded = t % record.every === 0 || t === this.steps - 1
    const out = this.engine.step(batch, t + 1, recorded)
    this.t++
    if (recorded) this.record(t, batch, out)
    this.nanSteps = out[0] !== out[0] ? this.nanSteps + 1 : 0
  }

  private record(step: number, batch: Batch, flat: Float32Array): void {
    const { metrics, threshold, penalty } = this.scale
    const values = this.model.measurement.frame(flat, HEAD.length)
    const measured = metricsOf(this.data.info.task, flat.subarray(this.outputFrom), batch.y, batch.count, this.data.targetScale, threshold)
    const scalars = Float32Array.from([flat[0]!, ...metrics.map((_, i) => measured[i]!), flat[2]!, ...(penalty ? [flat[1]!] : []), this.model.learningRate(step + 1)])
    this.pending.push({ step, values, scalars })
    this.history.append(step, values, scalars)
    this.judge.look()
  }

  private evaluate(): void {
    const { validation, info, targetScale } = this.data
    const output = this.engine.predict(validation.x, validation.count)
    const width = validation.y.length / validation.count
    const rows = (v: Float32Array): number[][] =>
      Array.from({ length: validation.count }, (_, r) => Array.from(v.subarray(r * width, (r + 1) * width)))
    const { id, ...params } = this.effective.training.loss
    const metrics: Record<string, number> = { loss: losses.get(id).reference(rows(output), rows(validation.y), params) }
    const values = metricsOf(info.task, output, validation.y, validation.count, targetScale, this.scale.threshold)
    this.scale.metrics.forEach((name, i) => (metrics[name] = values[i]!))
    const evaluation = { step: this.t, metrics }
    this.history.evaluations.push(evaluation)
    this.emit('evaluation', evaluation)
  }

  private takeSnapshot(batch: Batch): void {
    const { snapshots, onSnapshot } = this.options
    if (onSnapshot && snapshots?.includes(this.t))
      onSnapshot(this.t, snapshot(loadTensorFlow().tf, this.model, this.engine.read(), batch, this.t + 1))
  }

  /** What is still to be told of the weights as they are now. */
  private finish(): void {
    if (this.data.validation.count) this.evaluate()
    this.takeSnapshot(this.batches.next())
  }

  /** True when every trainable weight holds a NaN: nothing can become a number again. */
  private allNaN(): boolean {
    this.nanSteps = 0
    const values = this.engine.read()
    return this.model.weights.every((at) => values[at]!.some((v) => v !== v))
  }

  /** Sends frames and findings: at screen pace, and only while few are under way, unless it must be now. */
  private flush(now: boolean): void {
    const time = Date.now()
    if (this.pending.length && (now || (time - this.sentFrames >= FRAME_PACE && this.underWay < CREDITS))) {
      const [width, scalars] = [this.model.measurement.columns.length, this.history.schema.scalars.length]
      const batch: FrameBatch = {
        steps: Int32Array.from(this.pending, (p) => p.step),
        values: new Float32Array(this.pending.length * width),
        scalars: new Float32Array(this.pending.length * scalars)
      }
      this.pending.forEach((p, i) => {
        batch.values.set(p.values, i * width)
        batch.scalars.set(p.scalars, i * scalars)
      })
      this.pending = []
      this.underWay++
      this.sentFrames = time
      this.emit('frames', batch)
    }
    if (now || time - this.sentFindings.at >= FINDINGS_PACE) {
      const findings = this.judge.findings()
      const text = JSON.stringify(findings, (_k, v: unknown) => (typeof v === 'number' ? String(v) : v))
      if (text !== this.sentFindings.text) this.emit('findings', findings)
      this.sentFindings = { at: time, text }
    }
  }

  private tellProgress(now: boolean): void {
    const time = Date.now()
    if (!now && time - this.sentProgress < PROGRESS_PACE) return
    this.sentProgress = time
    // The rate over the last second or so.
    this.marks.push({ at: time, step: this.t })
    while (this.marks.length > 2 && time - this.marks[1]!.at >= 1000) this.marks.shift()
    const first = this.marks[0]!
    const rate =
      this.state === 'running' && time > first.at && this.t > first.step ? ((this.t - first.step) * 1000) / (time - first.at) : undefined
    this.emit('progress', { state: this.state, step: this.t, steps: this.steps, ...(rate !== undefined && { rate }) })
  }
}

/** Any error in words for a person; never a stack trace. */
export function explain(error: unknown): { message: Text; problems?: Problem[] } {
  if (error instanceof InputError) {
    const more = error.problems.length > 1 ? ` (+${error.problems.length - 1})` : ''
    const first = error.problems[0]!
    return {
      message: { en: `${first.path}: ${first.message.en}${more}`, zh: `${first.path}：${first.message.zh}${more}` },
      problems: error.problems
    }
  }
  // No problems: those are of the experiment.
  if (error instanceof TrainerError) return { message: error.text }
  const why = (error instanceof Error ? error.message : String(error)).split('\n')[0]!
  return { message: { en: `Training broke off: ${why}`, zh: `训练中断：${why}` } }
}
