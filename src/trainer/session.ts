import '../shared/clinic/remedies'
import type { Attachments } from '../shared/catalog/datasets'
import { effectiveExperiment, planExperiment, type Experiment } from '../shared/experiment'
import type { StartOptions, TrainerProgress } from '../shared/ipc/trainer'
import { losses } from '../shared/catalog/losses'
import type { Spec } from '../shared/base/params'
import { KEPT, placeOf, unpack } from '../shared/run/checkpoints'
import { liveChange } from '../shared/run/change'
import { FrameTable } from '../shared/run/frameTable'
import { RunHistory } from '../shared/run/history'
import { isKeptStep, type HistogramSet } from '../shared/run/histogram'
import { Judge } from '../shared/clinic/judge'
import type {
  Checkpoint,
  Evaluation,
  Finding,
  FrameBatch,
  RunChange,
  RunEvent,
  RunLayer,
  RunSchema
} from '../shared/run/types'
import { makeRng } from '../shared/base/random/rng'
import { InputError, type Problem, type Text } from '../shared/base/text'
import { predictGains } from '../shared/theory'
import { Batches, describeData, prepareData, type Prepared } from './data'
import { machineMemory } from './memory'
import { makeEngine, type Batch, type Engine } from './engine'
import { histogramsOf } from './histograms'
import { metricNames, metricsOf, scoredRows, type BinaryThreshold } from './metrics'
import { Model } from './model'
import { hasPicture, planeOf, reachOf } from './plane'
import { snapshot, type NamedArray } from './snapshot'
import { loadTensorFlow, TrainerError, type TensorFlow } from './tensorflow'

/** What a session says; the same names and payloads as the events of the trainer's contract. */
export interface SessionEvents {
  schema: RunSchema
  progress: TrainerProgress
  frames: FrameBatch
  evaluation: Evaluation
  findings: Finding[]
  histograms: HistogramSet
  events: RunEvent[]
  checkpoint: { checkpoint: Checkpoint; kept: number[] }
  /** `log` is what a library said, for the log alone. */
  failed: { message: Text; problems?: Problem[]; log?: string }
  heartbeat: { step: number }
  done: { state: 'finished' | 'stopped' }
}
export type Emit = <E extends keyof SessionEvents>(event: E, payload: SessionEvents[E]) => void

export interface SessionOptions extends StartOptions {
  /** Never record a graph: for tests and comparisons. */
  eager?: boolean
  /** Distributions are counted at kept steps, and on `inspect`. */
  histograms?: boolean
  /** Steps to photograph, and who takes the pictures. A step number equal to the number of steps means: after the last. */
  snapshots?: readonly number[]
  onSnapshot?: (step: number, arrays: NamedArray[]) => void
}

/** Commands are looked at, and news sent, at least this often (ms) while steps are quicker than that. */
const SLICE = 10
/** Frames leave more than twice as often as a screen can show them, ms: late ones then still meet its next picture. */
const FRAME_PACE = 6
const PROGRESS_PACE = 100
const FINDINGS_PACE = 250
/** Frame batches that may be under way unacknowledged. */
const CREDITS = 4
/** Distributions that were asked for take at most one part in so many of the time. */
const INSPECT_SHARE = 10
/** A run whose loss and weights have been NaN for this many steps can't come back, and is ended. */
const NAN_STEPS = 20

/**
 * One training of one experiment. Step t (from 0) reads the weights after t updates: its frame, its evaluation and its snapshot all show that
 * state, and then the step changes it. What is computed depends on the experiment, and on what was changed before which step, alone: not on
 * pausing, recording or who listens.
 */
export class TrainerSession {
  private state: TrainerProgress['state'] = 'starting'
  private t = 0
  private single = false
  private stopping = false
  private wake: (() => void) | undefined
  /** Recorded, and not sent yet. */
  private pending!: FrameTable
  private underWay = 0
  private sentFrames = 0
  private sentProgress = 0
  private sentFindings = { at: 0, text: '[]' }
  private marks: { at: number; step: number }[] = []
  private inspectAsked = false
  private inspected = { at: 0, took: 0 }
  private nanSteps = 0
  private over = false
  private readonly events: RunEvent[] = []
  /** Asked for before there was anything to change. */
  /** What is kept: steps, and whether somebody asked for it. */
  private kept: { step: number; asked: boolean }[] = []
  private keepEvery = 0
  /** State that no variable holds any more since another step was built before this one, by name. */
  private dropped = { step: -1, values: new Map<string, Float32Array>() }
  private early: { change: RunChange; done: (made: { step: number }) => void; refused: (why: unknown) => void }[] = []

  private model!: Model
  private engine!: Engine
  private data!: Prepared
  private batches!: Batches
  private history!: RunHistory
  private judge!: Judge
  private told!: RunSchema
  /** Distributions of the first step, counted ahead; of this model. */
  private first: { model: Model; set: HistogramSet } | undefined
  private scale!: { metrics: string[]; threshold: BinaryThreshold }
  private outputFrom = 0
  private reach: number | undefined
  /** With its remedies applied, once that has been checked. */
  private effective: Experiment

  constructor(
    private experiment: Experiment,
    private readonly files: Attachments,
    private readonly emit: Emit,
    private options: SessionOptions = {}
  ) {
    this.effective = experiment
  }

  /**
   * Does ahead of `run` all that takes time before the first step. What is computed later is the same bits.
   * @throws InputError, TrainerError what `run` would tell of; the session is of no more use then
   */
  getReady(): void {
    try {
      this.build()
      const { train } = this.data
      const sample = new Batches(train, this.effective.training.batchSize, this.effective.seed).next()
      this.engine.rehearse(sample, this.effective.record.every > 1)
      if (this.options.histograms) this.first = { model: this.model, set: this.histogramsAt(0, sample) }
    } catch (error) {
      this.dispose()
      throw error
    }
  }
  /** How it is started, when that was not known yet as it was made. */
  take(options: StartOptions): void {
    this.options = { ...this.options, ...options }
  }
  /** Of a session that will not be run. */
  dispose(): void {
    this.engine?.dispose()
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
      this.keepEnd()
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
      this.emit('failed', this.explained(error))
    } finally {
      clearInterval(heart)
      this.over = true
      for (const { refused } of this.early.splice(0)) refused(ended())
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
  /** Counts the distributions at the next step, unless that would take up too much of the time. */
  inspect(): void {
    this.inspectAsked = true
  }
  /** Changes what can be changed while a run goes on, before the next step. Rejects with an InputError, and changes nothing, when it can't. */
  async change(change: RunChange): Promise<{ step: number }> {
    if (this.over || this.stopping) throw ended()
    if (!this.history) return new Promise((done, refused) => this.early.push({ change, done, refused }))
    if (this.t >= this.steps) throw ended()
    return this.plainly(() => this.apply(change))
  }
  /** Keeps the run as it is now. @throws InputError */
  checkpoint(): { step: number } {
    if (this.over || !this.history) throw ended()
    const bytes = this.bytes
    if (bytes > KEPT.largest)
      throw new InputError([
        {
          path: 'checkpoint',
          message: {
            en: `weights and optimizer state take ${Math.round(bytes / 1e6)} MB; at most ${KEPT.largest / 1e6} MB are kept`,
            zh: `权重与优化器状态占 ${Math.round(bytes / 1e6)} MB；最多保留 ${KEPT.largest / 1e6} MB`
          }
        }
      ])
    const step = this.t
    if (!this.events.some((e) => e.kind === 'checkpoint' && e.step === step))
      this.tellEvents({ step, kind: 'checkpoint', text: { en: 'kept', zh: '已保存' } })
    this.keep(true)
    return { step }
  }
  /** So many frame batches were taken. */
  ack(count: number): void {
    this.underWay = Math.max(0, this.underWay - count)
    if (this.history) this.flush(this.state === 'paused')
  }
  private explained(error: unknown): SessionEvents['failed'] {
    return explain(error, this.data && (this.effective.training.batchSize || this.data.train.count))
  }
  /** @throws InputError, TrainerError in words for a person, whatever went wrong */
  private plainly<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      const { message, problems, log } = this.explained(error)
      if (log) console.error(`trainer: ${log}`)
      throw problems ? new InputError(problems) : new TrainerError(message)
    }
  }
  private setState(state: 'paused' | 'running'): void {
    this.state = state
    this.marks = []
    if (this.history) this.flush(true)
    this.tellProgress(true)
    this.wake?.()
  }

  /** All that depends on the experiment alone. */
  private build(): void {
    if (this.engine) return
    const info = describeData(this.experiment, this.files)
    const { experiment, problems } = effectiveExperiment(this.experiment, info)
    const plan = planExperiment(experiment, info, machineMemory())
    const errors = [...problems, ...plan.problems].filter((p) => p.severity !== 'warning')
    if (errors.length) throw new InputError(errors)
    this.effective = experiment
    const tensorflow = loadTensorFlow()
    this.data = prepareData(experiment, this.files)
    this.batches = new Batches(this.data.train, experiment.training.batchSize, experiment.seed)
    this.model = new Model(experiment, plan)
    this.model.prepare(tensorflow.tf)
    this.engine = this.makeEngine(this.model, experiment)
    const logits = losses.get(experiment.training.loss.id).squashes === 'sigmoid'
    this.scale = { metrics: metricNames(info.task), threshold: logits ? 0 : 0.5 }
    this.outputFrom = this.model.head.length + this.model.measurement.count
    const schema = (this.told = this.schema(tensorflow, plan))
    this.history = new RunHistory(schema, experiment.training.optimizer['learningRate'] as number)
    this.pending = new FrameTable(schema)
    this.judge = new Judge(this.history)
    this.keepEvery = experiment.record.keepEvery
  }
  private prepare(): void {
    this.build()
    this.emit('schema', this.told)
    if (this.options.from) this.continueFrom(this.options.from)
    for (const { change, done, refused } of this.early.splice(0)) {
      try {
        done(this.plainly(() => this.apply(change)))
      } catch (error) {
        refused(error)
      }
    }
  }
  /** Puts a checkpoint's values in the variables' places. @throws InputError when it is of another network */
  private continueFrom({ run, name, checkpoint }: NonNullable<StartOptions['from']>): void {
    const { step, drawn } = checkpoint
    const there = unpack(checkpoint)
    const { variables } = this.model
    const weights = variables.filter((v) => !v.slot)
    const bad = weights.find((v) => there.get(v.name)?.shape.join() !== v.shape.join())
    const known = new Set(variables.map((v) => v.name))
    const state = new Set(checkpoint.variables.filter((v) => v.name.split('/').length > 2).map((v) => v.name))
    const more = checkpoint.variables.find((v) => !known.has(v.name) && !state.has(v.name))
    if (bad || more)
      throw new InputError([
        {
          path: 'network',
          message: {
            en: `does not fit what was kept at step ${step}: ${bad ? `${bad.name} is [${bad.shape.join()}] here and ${there.get(bad.name) ? `[${there.get(bad.name)!.shape.join()}]` : 'missing'} there` : `there is no ${more!.name} here`}. Train from the beginning`,
            zh: `与第 ${step} 步保存的内容不符：${(bad ?? more)!.name}。请从头训练`
          }
        }
      ])
    if (!(step < this.steps))
      throw new InputError([
        {
          path: 'training.steps',
          message: {
            en: `is ${this.steps}, but ${step} are done already: take more`,
            zh: `为 ${this.steps}，但已完成 ${step} 步：请取更多`
          }
        }
      ])
    const fresh = this.engine.read()
    // An optimizer with other state starts with its own.
    this.engine.write(
      variables.map((v, i) =>
        there.get(v.name)?.shape.join() === v.shape.join() ? there.get(v.name)!.values : fresh[i]!
      )
    )
    this.batches.skip(drawn)
    this.t = step
    this.tellEvents({
      step,
      kind: 'continued',
      text: { en: `continues “${name}” from step ${step}`, zh: `自第 ${step} 步继续“${name}”` },
      run
    })
  }
  private get bytes(): number {
    return 4 * this.model.variables.reduce((n, v) => n + v.shape.reduce((a, b) => a * b, 1), 0)
  }
  /** Sends a checkpoint, and lets go of every second one that nobody asked for when they get many. */
  private keep(asked: boolean): void {
    const { t: step } = this
    const values = new Float32Array(this.bytes / 4)
    this.engine.read().reduce((at, v) => (values.set(v, at), at + v.length), 0)
    this.kept = [...this.kept.filter((k) => k.step !== step), { step, asked }]
    const most = Math.min(KEPT.most, Math.floor(KEPT.bytes / this.bytes))
    while (this.kept.filter((k) => !k.asked).length > most) {
      this.keepEvery *= 2
      this.kept = this.kept.filter((k) => k.asked || k.step % this.keepEvery === 0)
    }
    const many = this.kept.filter((k) => k.asked).slice(0, -KEPT.asked)
    this.kept = this.kept.filter((k) => !many.includes(k))
    const variables = this.model.variables.map(({ name, shape }) => ({ name, shape }))
    this.emit('checkpoint', {
      checkpoint: { step, drawn: this.batches.drawn, ...(asked && { asked }), variables, values },
      kept: this.kept.map((k) => k.step)
    })
  }
  /** The end can be continued from as well, unless there is nothing to go on with. */
  private keepEnd(): void {
    if (
      !this.history ||
      this.t === (this.options.from?.checkpoint.step ?? 0) ||
      this.kept.some((k) => k.step === this.t)
    )
      return
    if (this.bytes <= KEPT.unasked && !this.sawAnyNaN) this.keep(true)
  }
  private get sawAnyNaN(): boolean {
    return this.events.some((e) => e.kind === 'nan')
  }
  private tellEvents(...events: RunEvent[]): void {
    this.events.push(...events)
    this.emit('events', [...this.events])
  }
  /** @throws InputError */
  private apply(change: RunChange): { step: number } {
    const step = this.t
    const { experiment, effective, events, problems } = liveChange(this.experiment, change, this.data.info, step)
    if (problems.length) throw new InputError(problems)
    if (!events.length) return { step }
    if (!this.model.retune(effective)) this.rebuild(effective)
    this.experiment = experiment
    this.effective = effective
    this.history.learningRate = effective.training.optimizer['learningRate'] as number
    this.tellEvents(...events)
    return { step }
  }
  /** The same weights, and state of the optimizer and of hooks, under another step. @throws InputError */
  private rebuild(effective: Experiment): void {
    const plan = planExperiment(effective, this.data.info, machineMemory())
    const errors = plan.problems.filter((p) => p.severity !== 'warning')
    if (errors.length) throw new InputError(errors)
    const tensorflow = loadTensorFlow()
    const model = new Model(effective, plan)
    model.prepare(tensorflow.tf)
    const engine = this.makeEngine(model, effective)
    const before = this.engine.read().map((v, i): [string, Float32Array] => [this.model.variables[i]!.name, v])
    // A hook that is switched off and on again before the next step has its state back.
    const known = new Map([...(this.dropped.step === this.t ? this.dropped.values : []), ...before])
    const fresh = engine.read()
    engine.write(
      model.variables.map(({ name }, i) =>
        known.get(name)?.length === fresh[i]!.length ? known.get(name)! : fresh[i]!
      )
    )
    for (const { name } of model.variables) known.delete(name)
    this.dropped = { step: this.t, values: known }
    this.engine.dispose()
    this.engine = engine
    this.model = model
    this.batches.resize(effective.training.batchSize)
  }
  private makeEngine(model: Model, { training, seed }: Experiment): Engine {
    const sample = new Batches(this.data.train, training.batchSize, seed).next()
    return makeEngine(loadTensorFlow(), model, sample, this.data.validation.count, this.options.eager)
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
        ...activationOf(l.activation),
        inputs: l.inputs,
        ...(theory[i]!.through !== undefined && { theoryGain: theory[i]!.through }),
        ...(theory[i]!.profile !== undefined && { theoryProfile: theory[i]!.profile })
      })),
      columns: this.model.measurement.columns,
      scalars: [
        'loss',
        ...this.scale.metrics,
        'gradientNorm',
        ...(this.model.opponent ? ['lipschitz'] : []),
        'penalty',
        'learningRate'
      ],
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
        this.flush(false)
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
    const t = this.t
    const due = this.keepEvery && t % this.keepEvery === 0 && t > (this.options.from?.checkpoint.step ?? 0)
    if (due && this.bytes <= KEPT.unasked && !this.sawAnyNaN && !this.kept.some((k) => k.step === t)) this.keep(false)
    for (const { step, ...change } of this.options.changes ?? []) if (step === t) this.apply(change)
    const { record } = this.effective
    if (this.data.validation.count && t % record.evaluateEvery === 0) this.evaluate()
    const { drawn } = this.batches
    const batch = this.batches.next()
    this.takeSnapshot(batch, drawn)
    this.countHistograms(batch)
    const recorded = t % record.every === 0 || t === this.steps - 1
    const out = this.engine.step(batch, t + 1, recorded)
    this.t++
    if (Number.isNaN(out[0]) || (recorded && Number.isNaN(out[2]))) this.sawNaN(t, Number.isNaN(out[0]))
    if (recorded) this.record(t, batch, out)
    this.nanSteps = out[0] !== out[0] ? this.nanSteps + 1 : 0
  }

  /** The first one is an event. */
  private sawNaN(step: number, loss: boolean): void {
    if (this.sawAnyNaN) return
    this.tellEvents({
      step,
      kind: 'nan',
      text: loss
        ? { en: 'first NaN: the loss', zh: '首次出现 NaN：损失' }
        : { en: 'first NaN: a gradient', zh: '首次出现 NaN：梯度' }
    })
  }

  private record(step: number, batch: Batch, flat: Float32Array): void {
    const { metrics, threshold } = this.scale
    const values = this.model.measurement.frame(flat, this.model.head.length)
    const measured = this.metricsOf(flat.subarray(this.outputFrom), batch.y, batch.count, threshold)
    const scalars = Float32Array.from([
      flat[0]!,
      ...metrics.map((_, i) => measured[i]!),
      flat[2]!,
      ...(this.model.opponent ? [flat[3]!] : []),
      flat[1]!,
      this.model.learningRate(step + 1)
    ])
    this.pending.append({ steps: Int32Array.of(step), values, scalars })
    this.history.append(step, values, scalars)
    this.judge.look()
  }

  private metricsOf(output: Float32Array, target: Float32Array, count: number, threshold: BinaryThreshold): number[] {
    const { info, targetScale } = this.data
    const [o, t] = [
      scoredRows(info, output.subarray(0, info.task === 'critic' ? output.length : target.length), count),
      scoredRows(info, target, count)
    ]
    return metricsOf(info.task, o.values, t.values, t.count, targetScale, threshold)
  }

  private evaluate(): void {
    const { info } = this.data
    const validation = this.model.opponent ? this.withGenerated(this.data.validation) : this.data.validation
    const output = this.engine.predict(validation.x, validation.count)
    // One row per target: per example, or per example and time step.
    const width = info.targetShape[info.targetShape.length - 1]!
    const rows = (v: Float32Array): number[][] =>
      Array.from({ length: v.length / width }, (_, r) => Array.from(v.subarray(r * width, (r + 1) * width)))
    const { id, ...params } = this.effective.training.loss
    const metrics: Record<string, number> = { loss: losses.get(id).reference(rows(output), rows(validation.y), params) }
    const values = this.metricsOf(output, validation.y, this.data.validation.count, this.scale.threshold)
    this.scale.metrics.forEach((name, i) => (metrics[name] = values[i]!))
    const pictured =
      this.model.opponent &&
      info.inputShape.join() === '2' &&
      hasPicture(this.t, this.steps, this.effective.record.evaluateEvery)
    const evaluation: Evaluation = {
      step: this.t,
      metrics,
      ...(pictured && { plane: planeOf(this.engine, validation, (this.reach ??= reachOf(this.data.train))) })
    }
    this.history.evaluations.push(evaluation)
    this.emit('evaluation', evaluation)
  }

  private takeSnapshot(batch: Batch, drawn: number): void {
    const { snapshots, onSnapshot } = this.options
    if (!onSnapshot || !snapshots?.includes(this.t)) return
    const place = { name: 'place', shape: [3], data: placeOf(this.t, drawn) }
    onSnapshot(this.t, [...snapshot(loadTensorFlow().tf, this.model, this.engine.read(), batch, this.t + 1), place])
  }

  /** Of the weights before the step and the batch that it sees, as its frame. Nothing is changed by it. */
  private countHistograms(batch: Batch): void {
    if (!this.options.histograms) return
    const start = Date.now()
    const kept = isKeptStep(this.t, this.steps, this.model.plan.layers.length)
    const asked = this.inspectAsked && start - this.inspected.at >= INSPECT_SHARE * this.inspected.took
    if (!kept && !asked) return
    const ahead = this.t === 0 && this.first?.model === this.model ? this.first.set : undefined
    this.first = undefined
    const set = ahead ?? this.histogramsAt(this.t, batch)
    this.emit('histograms', kept ? set : { ...set, live: true })
    this.inspectAsked = false
    const now = Date.now()
    this.inspected = { at: now, took: now - start }
  }
  private histogramsAt(t: number, batch: Batch): HistogramSet {
    return histogramsOf(this.model, snapshot(loadTensorFlow().tf, this.model, this.engine.read(), batch, t + 1), t)
  }
  /** Real points, then as many generated ones from the same latent numbers each time. */
  private withGenerated(real: Batch): Batch {
    const { opponent } = this.model
    const rng = makeRng(this.effective.seed, 'generator/validation')
    const latent = Float32Array.from({ length: opponent!.latentShape(real.count).reduce((a, b) => a * b, 1) }, () =>
      rng.normal()
    )
    const generated = opponent!.variables.length
      ? this.engine.generate(latent, real.count)
      : real.x.map((v, i) => v + opponent!.settings.spread * latent[i]!)
    const x = new Float32Array(2 * real.x.length)
    x.set(real.x)
    x.set(generated, real.x.length)
    const y = new Float32Array(2 * real.y.length)
    y.set(real.y)
    return { x, y, count: 2 * real.count }
  }

  /** What is still to be told of the weights as they are now. */
  private finish(): void {
    if (this.data.validation.count) this.evaluate()
    const { drawn } = this.batches
    this.takeSnapshot(this.batches.next(), drawn)
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
      const batch = this.pending.toBatch()
      this.pending.clear()
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
      this.state === 'running' && time > first.at && this.t > first.step
        ? ((this.t - first.step) * 1000) / (time - first.at)
        : undefined
    this.emit('progress', { state: this.state, step: this.t, steps: this.steps, ...(rate !== undefined && { rate }) })
  }
}

const activationOf = (spec: Spec | undefined): Pick<RunLayer, 'activation' | 'activationParams'> => {
  if (!spec) return {}
  const { id, ...params } = spec
  return { activation: id, ...(Object.keys(params).length && { activationParams: params }) }
}
const ended = (): InputError =>
  new InputError([{ path: 'run', message: { en: 'the run has ended', zh: '运行已结束' } }])

/** How TensorFlow and JavaScript say that memory is not to be had. */
const NO_MEMORY = /resource.?exhausted|\bOOM\b|bad_alloc|out of memory|cannot allocate|allocation failed/i

/** @param examples per step, when that is known */
function noMemory(examples: number | undefined): Problem {
  if (examples !== undefined && examples > 1)
    return {
      path: 'training.batchSize',
      message: {
        en: `the machine's memory did not suffice for a step on ${examples.toLocaleString('en')} examples: make batches smaller, or layers fewer or narrower`,
        zh: `本机内存不足以对 ${examples.toLocaleString('en')} 个样本训练一步：请减小批大小，或减少层数、减小层宽`
      }
    }
  return {
    path: 'network.nodes',
    message: {
      en: "the machine's memory did not suffice for a step: make layers fewer or narrower",
      zh: '本机内存不足以训练一步：请减少层数或减小层宽'
    }
  }
}

/**
 * Any error in words for a person, in which no library speaks; what it said is for the log alone.
 * @param examples per step, when that is known
 */
export function explain(error: unknown, examples?: number): SessionEvents['failed'] {
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
  const log = error instanceof Error ? (error.stack ?? error.message) : String(error)
  if (NO_MEMORY.test(String(error))) return { ...explain(new InputError([noMemory(examples)])), log }
  return {
    message: {
      en: 'Training broke off at an error that was not foreseen. What was recorded is kept; the log says more.',
      zh: '训练因未预料到的错误而中断。已记录的内容仍然保留；详情见日志。'
    },
    log
  }
}
