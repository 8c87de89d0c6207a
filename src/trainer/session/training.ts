import '../../shared/clinic/remedies'
import type { Spec } from '../../shared/base/params'
import { InputError } from '../../shared/base/problems'
import type { Attachments } from '../../shared/catalog/datasets'
import { losses } from '../../shared/catalog/losses'
import { effectiveExperiment, planExperiment, type Experiment } from '../../shared/experiment'
import { isLinear } from '../../shared/run/linear'
import type { RunLayer, RunSchema } from '../../shared/run/types'
import { predictGains } from '../../shared/theory'
import { baselinesOf, judgedPart } from '../baseline'
import { Batches, describeData, prepareData, type Prepared } from '../data'
import { makeEngine, type Batch, type Engine } from '../engine'
import { machineMemory } from '../memory'
import { balancedAccuracy, classCount, metricNames, metricsOf, scoredRows, type BinaryThreshold } from '../metrics'
import { Model } from '../model'
import { NARROW, neighboursOf } from '../neighbours'
import { loadTensorFlow, type TensorFlow } from '../tensorflow'
import { takeWeights } from './startWeights'

const activationOf = (spec: Spec | undefined): Pick<RunLayer, 'activation' | 'activationParams'> => {
  if (!spec) return {}
  const { id, ...params } = spec
  return { activation: id, ...(Object.keys(params).length && { activationParams: params }) }
}

/**
 * What a session trains: the experiment as it is now, and the data, model and engine that were built for it. A live
 * change replaces experiment, model and engine.
 */
export class Training {
  /** Steps done, and so the number of the step that comes next. */
  step = 0
  /** The experiment with its remedies applied; before `build` the experiment itself. */
  effective: Experiment
  data!: Prepared
  /** The examples that the run is judged by, at its start as at its end. */
  judged!: Batch
  batches!: Batches
  model!: Model
  engine!: Engine
  schema!: RunSchema
  /** Names of the metrics of the task, in the order of `metricsOf`. */
  metrics!: string[]
  /** Above it a single output says the second of two classes. */
  threshold!: BinaryThreshold
  /** Whether classes had weights from the start: then every class counts alike in what the run is judged by, too. */
  private isWeighted = false
  /** State that no variable holds any more since another step was built before the step of this number, by name. */
  private dropped = { step: -1, values: new Map<string, Float32Array>() }

  /**
   * @param experiment as it was started, with the changes made since
   * @param files the files that the experiment names
   * @param eager true: never record a graph
   */
  constructor(
    public experiment: Experiment,
    private readonly files: Attachments,
    private readonly eager = false
  ) {
    this.effective = experiment
  }

  /** Steps in all. */
  get steps(): number {
    return this.effective.training.steps
  }
  /** The experiment with its remedies applied, which are listed as well. */
  get treated(): Experiment {
    return { ...this.effective, remedies: this.experiment.remedies }
  }
  /** Examples in a step, once the data are known. */
  get examples(): number | undefined {
    return this.data && (this.effective.training.batchSize || this.data.train.count)
  }
  /** Bytes of weights and optimizer state. */
  get bytes(): number {
    return 4 * this.model.variables.reduce((n, v) => n + v.shape.reduce((a, b) => a * b, 1), 0)
  }

  /**
   * Builds all that depends on the experiment alone; does nothing the second time.
   * @throws InputError for an experiment that can't be trained, TrainerError for a native library that can't be used
   */
  build(): void {
    if (this.schema) return
    const info = describeData(this.experiment, this.files)
    const { experiment, problems } = effectiveExperiment(this.experiment, info)
    const plan = planExperiment(experiment, info, machineMemory())
    const errors = [...problems, ...plan.problems].filter((p) => p.severity !== 'warning')
    if (errors.length) throw new InputError(errors)
    this.effective = experiment
    const tensorflow = loadTensorFlow()
    this.data = prepareData(experiment, this.files)
    this.judged = judgedPart(this.data)
    this.batches = new Batches(this.data.train, experiment.training.batchSize, experiment.seed)
    this.model = new Model(experiment, plan, this.data.spread.classes)
    this.model.prepare(tensorflow.tf)
    this.engine = this.makeEngine(this.model, experiment)
    if (experiment.weights) takeWeights(this, this.files)
    const logits = losses.get(experiment.training.loss.id).squashes === 'sigmoid'
    this.metrics = metricNames(info)
    this.threshold = logits ? 0 : 0.5
    this.isWeighted = !!this.effective.training.classWeights && !!this.data.spread.classes
    this.schema = this.makeSchema(tensorflow, plan)
  }
  /**
   * Builds another step around the same weights, and state of the optimizer and of hooks. A hook that is switched off
   * and on again before the next step has its state back.
   * @param effective the changed experiment, remedies applied
   * @throws InputError when it can't be trained; nothing has changed then
   */
  rebuild(effective: Experiment): void {
    const plan = planExperiment(effective, this.data.info, machineMemory())
    const errors = plan.problems.filter((p) => p.severity !== 'warning')
    if (errors.length) throw new InputError(errors)
    const model = new Model(effective, plan, this.data.spread.classes)
    model.prepare(loadTensorFlow().tf)
    model.stepsBefore = this.model.stepsBefore
    const engine = this.makeEngine(model, effective)
    const before = this.engine.read().map((v, i): [string, Float32Array] => [this.model.variables[i]!.name, v])
    const known = new Map([...(this.dropped.step === this.step ? this.dropped.values : []), ...before])
    const fresh = engine.read()
    engine.write(
      model.variables.map(({ name }, i) =>
        known.get(name)?.length === fresh[i]!.length ? known.get(name)! : fresh[i]!
      )
    )
    for (const { name } of model.variables) known.delete(name)
    this.dropped = { step: this.step, values: known }
    this.engine.dispose()
    this.engine = engine
    this.model = model
    this.batches.resize(effective.training.batchSize)
  }
  /** The first batch, from an order of its own: what is made of it leaves the order of the data alone. */
  sampleBatch({ training, seed } = this.effective): ReturnType<Batches['next']> {
    return new Batches(this.data.train, training.batchSize, seed).next()
  }
  /**
   * The task's metrics, in the order of `metrics`.
   * @param output the network's, row by row
   * @param target as many rows
   * @param count examples
   */
  metricsOf(output: Float32Array, target: Float32Array, count: number): number[] {
    const { info, targetScale } = this.data
    const [o, t] = [
      scoredRows(info, output.subarray(0, info.task === 'critic' ? output.length : target.length), count),
      scoredRows(info, target, count)
    ]
    return metricsOf(info.task, o.values, t.values, t.count, targetScale, this.threshold, !!info.targetNames)
  }
  /**
   * Loss and metrics of the network's outputs, by name.
   * @param output row by row; of a critic the outputs on `count` real points, then on as many generated ones
   * @param target as many rows
   * @param count examples; of a critic real points
   */
  score(output: Float32Array, target: Float32Array, count: number): Record<string, number> {
    const { info } = this.data
    // One row for each target: of an example, or of an example's time step.
    const width = info.targetShape[info.targetShape.length - 1]!
    const rows = (v: Float32Array): number[][] =>
      Array.from({ length: v.length / width }, (_, r) => Array.from(v.subarray(r * width, (r + 1) * width)))
    const { id, ...params } = this.effective.training.loss
    const scores: Record<string, number> = { loss: losses.get(id).reference(rows(output), rows(target), params) }
    const values = this.metricsOf(output, target, count)
    this.metrics.forEach((name, i) => (scores[name] = values[i]!))
    if (this.isWeighted) {
      const [o, t] = [scoredRows(info, output, count).values, scoredRows(info, target, count).values]
      scores['balancedAccuracy'] = balancedAccuracy(o, t, width, this.threshold)
    }
    return scores
  }
  /** Frees the engine's native memory. */
  dispose(): void {
    this.engine?.dispose()
  }

  private makeEngine(model: Model, experiment: Experiment): Engine {
    const sample = this.sampleBatch(experiment)
    return makeEngine(loadTensorFlow(), model, sample, this.judged.count, this.eager)
  }
  private makeSchema(tensorflow: TensorFlow, plan: ReturnType<typeof planExperiment>): RunSchema {
    const { x, count } = this.data.train
    const inputSquare = x.reduce((sum, v) => sum + v * v, 0) / x.length
    const theory = predictGains(plan, { batchSize: this.effective.training.batchSize || count, inputSquare })
    const layers = plan.layers.map((l, i) => ({
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
      ...(theory[i]!.gain !== undefined && { theoryGain: theory[i]!.gain }),
      ...(theory[i]!.profile !== undefined && { theoryProfile: theory[i]!.profile, theorySpread: theory[i]!.spread! })
    }))
    const loss = { loss: losses.get(this.effective.training.loss.id), params: this.effective.training.loss }
    const neighbours = neighboursOf(this.data, loss, isLinear(layers) ? undefined : NARROW)
    return {
      layers,
      columns: this.model.measurement.columns,
      scalars: [
        'loss',
        ...this.metrics,
        'gradientNorm',
        ...(this.model.generator ? ['lipschitz'] : []),
        'penalty',
        'learningRate'
      ],
      info: this.data.info,
      data: { ...this.data.spread, ...(neighbours !== undefined && { neighbours }) },
      trainCount: this.data.train.count,
      validationCount: this.data.validation.count,
      paramCount: plan.paramCount,
      compiled: this.engine.compiled,
      versions: tensorflow.versions,
      judged: {
        part: this.data.validation.count ? 'validation' : 'training',
        count: this.judged.count,
        ...(this.data.spread.classes && { classes: classCount(this.data.info, this.judged.y, this.judged.count) })
      },
      baselines: baselinesOf(this.data, this.judged, loss, this.examples!, (output, target, examples) =>
        this.score(output, target, examples)
      )
    }
  }
}
