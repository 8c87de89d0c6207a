import type { Text } from '../shared/base/text'
import type { TF, Tensor } from '../shared/base/tf'
import { Program, type Call, type Feed, type TracedFunction } from './graph/program'
import { assertSameTrace, NotRecordable, trace } from './graph/trace'
import type { Model, StepInput, StepOutput } from './model'
import type { NodeBackend, TensorFlow } from './tensorflow'

/** The examples of one step, row-major. Equal objects are equal batches: their native tensors are made once. */
export interface Batch {
  x: Float32Array
  y: Float32Array
  count: number
}
/** Runs a model's steps and holds its variables. */
export interface Engine {
  /** True when each step is one native call, else why it isn't. */
  readonly compiled: true | Text
  /** One training step; t is 1 at the first. @returns `StepOutput.flat` when recorded, else the loss alone. */
  step(batch: Batch, t: number, record: boolean): Float32Array
  /**
   * Makes the first step as quick as the others. Call it before the first; nothing is changed by it.
   * @param unrecorded whether there will be steps that aren't recorded
   */
  rehearse(sample: Batch, unrecorded: boolean): void
  /** The network's outputs for rows of inputs, as after training. */
  predict(x: Float32Array, count: number): Float32Array
  /** Points of the generator for rows of latent numbers; of a model whose opponent is a network. */
  generate(latent: Float32Array, count: number): Float32Array
  /** Values of `Model.variables`. */
  read(): Float32Array[]
  write(values: readonly Float32Array[]): void
  dispose(): void
}

const shapes = (model: Model): number[][] => model.variables.map((v) => v.shape)
const rows = (model: Model, count: number): { x: number[]; y: number[] } => ({
  x: [count, ...model.plan.inputShape],
  y: [count, ...model.plan.outputShape!]
})

function inputOf(tf: TF, model: Model, variables: Tensor[], batch: Batch, t: number): StepInput {
  const shape = rows(model, batch.count)
  return {
    variables,
    x: tf.tensor(batch.x, shape.x),
    y: tf.tensor(batch.y, shape.y),
    scalars: tf.tensor1d(model.scalars(t)),
    tick: tf.tensor1d([t], 'int32'),
    generator: model.generatorLearns(t)
  }
}

/** Runs tfjs op by op: the reference, and the way out for what can't be recorded. */
export class EagerEngine implements Engine {
  private variables: Tensor[]

  constructor(
    private readonly tf: TF,
    private readonly model: Model,
    readonly compiled: Text
  ) {
    const list = shapes(model)
    this.variables = model.initial().map((v, i) => tf.tensor(v, list[i]!))
  }
  step(batch: Batch, t: number, record: boolean): Float32Array {
    const { tf, model } = this
    const input = inputOf(tf, model, this.variables, batch, t)
    const out = model.step(tf, input)
    const values = (record ? out.flat : out.loss).dataSync<'float32'>()
    for (const [at, now] of out.next) {
      if (now !== this.variables[at]) this.variables[at]!.dispose()
      this.variables[at] = now
    }
    tf.dispose([out.flat, out.loss, input.x, input.y, input.scalars, input.tick])
    return values
  }
  rehearse(): void {
    // Each step is made anew: there is nothing to have ready.
  }
  predict(x: Float32Array, count: number): Float32Array {
    return this.tf.tidy(() =>
      this.model.predict(this.tf, this.variables, this.tf.tensor(x, rows(this.model, count).x)).dataSync<'float32'>()
    )
  }
  generate(latent: Float32Array, count: number): Float32Array {
    const { tf, model } = this
    return tf.tidy(() =>
      model.generate(tf, this.variables, tf.tensor(latent, model.opponent!.latentShape(count))).dataSync<'float32'>()
    )
  }
  read(): Float32Array[] {
    return this.variables.map((v) => v.dataSync<'float32'>().slice())
  }
  write(values: readonly Float32Array[]): void {
    const list = shapes(this.model)
    this.tf.dispose(this.variables)
    this.variables = values.map((v, i) => this.tf.tensor(v, list[i]!))
  }
  dispose(): void {
    this.tf.dispose(this.variables)
    this.variables = []
  }
}

/** How many rows `predict` takes at a time. */
const PREDICT_ROWS = 512

/** Records one eager step as a graph and runs each later step as one native call. */
export class GraphEngine implements Engine {
  readonly compiled = true
  private readonly backend: NodeBackend
  private readonly program: Program
  private readonly calls: Record<'predict' | 'generate', Call> &
    Record<'step' | 'generatorStep', Record<'loss' | 'flat', Call>>
  private readonly predictRows: number
  private held: { batch: Batch; x: number; y: number } | undefined

  /**
   * @param count examples per step, @param sample some batch of that size, @param predictCount how many rows `predict` will usually be asked for (0: never)
   * @throws NotRecordable
   */
  constructor(
    { tf, backend }: TensorFlow,
    private readonly model: Model,
    sample: Batch,
    predictCount: number
  ) {
    this.backend = backend
    this.predictRows = Math.min(PREDICT_ROWS, predictCount)
    const list = shapes(model)
    const initial = model.initial()
    const every = model.opponent?.settings.criticSteps ?? 1
    const never: Call = { feeds: '', fetch: '' }
    const functions: Record<string, TracedFunction> = {}
    // Steps in which the generator learns are a function of their own.
    if (!model.generatorLearns(1)) functions['step'] = traceStep(tf, backend, model, initial, sample, [1, 1 + every])
    if (model.generatorLearns(every))
      functions['generatorStep'] = traceStep(tf, backend, model, initial, sample, [every, 2 * every])
    if (this.predictRows)
      functions['predict'] = traceRows(
        tf,
        backend,
        model,
        initial,
        [this.predictRows, ...model.plan.inputShape],
        (v, x) => model.predict(tf, v, x)
      )
    if (this.predictRows && model.generatorLearns(every))
      functions['generate'] = traceRows(
        tf,
        backend,
        model,
        initial,
        model.opponent!.latentShape(this.predictRows),
        (v, z) => model.generate(tf, v, z)
      )
    this.program = new Program(backend, list, functions)
    const call = (name: string, fetch: string): Call =>
      functions[name] ? this.program.call(name, functions[name], fetch) : never
    const step = (name: string): Record<'loss' | 'flat', Call> => ({
      loss: call(name, 'loss'),
      flat: call(name, 'flat')
    })
    this.calls = {
      step: step('step'),
      generatorStep: step('generatorStep'),
      predict: call('predict', 'output'),
      generate: call('generate', 'output')
    }
    this.program.write(initial)
  }
  /** Number of nodes in the graph. */
  get size(): number {
    return this.program.size
  }

  step(batch: Batch, t: number, record: boolean): Float32Array {
    const b = this.backend.binding
    if (this.held?.batch !== batch) {
      this.release()
      const shape = rows(this.model, batch.count)
      this.held = {
        batch,
        x: b.createTensor(shape.x, b.TF_FLOAT, batch.x),
        y: b.createTensor(shape.y, b.TF_FLOAT, batch.y)
      }
    }
    const scalars = b.createTensor([this.model.scalarNames.length], b.TF_FLOAT, this.model.scalars(t))
    const tick = b.createTensor([1], b.TF_INT32, Int32Array.of(t))
    try {
      const calls = this.calls[this.model.generatorLearns(t) ? 'generatorStep' : 'step']
      return this.program.run(record ? calls.flat : calls.loss, [this.held.x, this.held.y, scalars, tick])
    } finally {
      b.deleteTensor(scalars)
      b.deleteTensor(tick)
    }
  }
  /** TensorFlow optimises each function when it is first called, which takes longer than many steps. */
  rehearse(sample: Batch, unrecorded: boolean): void {
    const every = this.model.opponent?.settings.criticSteps ?? 1
    for (const t of new Set([1, every]))
      for (const record of unrecorded ? [true, false] : [true]) this.step(sample, t, record)
    this.release()
    if (this.predictRows) this.predict(new Float32Array(this.model.plan.inputShape.reduce((a, b) => a * b, 1)), 1)
    this.write(this.model.initial())
  }
  predict(x: Float32Array, count: number): Float32Array {
    return this.rows(this.calls.predict, this.model.plan.inputShape, x, count)
  }
  generate(latent: Float32Array, count: number): Float32Array {
    return this.rows(this.calls.generate, this.model.opponent!.latentShape(1).slice(1), latent, count)
  }
  /** A function of a fixed number of rows, for any number of them. */
  private rows(call: Call, shape: readonly number[], x: Float32Array, count: number): Float32Array {
    const b = this.backend.binding
    const width = x.length / count
    const outs: Float32Array[] = []
    for (let from = 0; from < count; from += this.predictRows) {
      const n = Math.min(this.predictRows, count - from)
      // The graph has a fixed number of rows; the rest of the last part is blank and its output dropped.
      const part = new Float32Array(this.predictRows * width)
      part.set(x.subarray(from * width, (from + n) * width))
      const id = b.createTensor([this.predictRows, ...shape], b.TF_FLOAT, part)
      const y = this.program.run(call, [id])
      b.deleteTensor(id)
      outs.push(y.subarray(0, (y.length / this.predictRows) * n))
    }
    if (outs.length === 1) return outs[0]!
    const all = new Float32Array(outs.reduce((s, o) => s + o.length, 0))
    outs.reduce((at, o) => (all.set(o, at), at + o.length), 0)
    return all
  }
  read(): Float32Array[] {
    return this.program.read()
  }
  write(values: readonly Float32Array[]): void {
    this.program.write(values)
  }
  private release(): void {
    if (!this.held) return
    this.backend.binding.deleteTensor(this.held.x)
    this.backend.binding.deleteTensor(this.held.y)
    this.held = undefined
  }
  dispose(): void {
    this.release()
    this.program.dispose()
  }
}

/** @param steps two step numbers of the same kind */
function traceStep(
  tf: TF,
  backend: NodeBackend,
  model: Model,
  initial: Float32Array[],
  sample: Batch,
  steps: readonly number[]
): TracedFunction {
  const list = shapes(model)
  const run = (
    t: number,
    batch: Batch
  ): { traced: ReturnType<typeof trace<StepOutput>>; assigns: [number, number][]; anchors: number[] } => {
    const variables = initial.map((v, i) => tf.tensor(v, list[i]!))
    const input = inputOf(tf, model, variables, batch, t)
    const inputs = [...variables, input.x, input.y, input.scalars, input.tick]
    try {
      const traced = trace(
        backend,
        inputs,
        () => model.step(tf, input, true),
        (o) => [o.loss, o.flat, ...o.next.map(([, v]) => v), ...Object.values(o.named!)]
      )
      const { loss, flat, next, named } = traced.value
      tf.dispose([loss, flat, next.map(([, v]) => v), named!])
      // All that statistics read.
      const anchors = [...next, ...Object.keys(named!)].map((_, i) => i + 2)
      return { traced, assigns: next.map(([at], i) => [at, i + 2]), anchors }
    } finally {
      tf.dispose(inputs)
    }
  }
  const first = run(steps[0]!, sample)
  // Another batch and another step: what differs now, and isn't fed, can't be replayed.
  const second = run(steps[1]!, { ...sample, x: sample.x.map((v) => v / 2) })
  assertSameTrace(first.traced.trace, second.traced.trace)
  const shape = rows(model, sample.count)
  const feeds: Feed[] = [
    { name: 'x', dtype: 'float', shape: shape.x },
    { name: 'y', dtype: 'float', shape: shape.y },
    { name: 'scalars', dtype: 'float', shape: [model.scalarNames.length] },
    { name: 'tick', dtype: 'int32', shape: [1] }
  ]
  return {
    trace: first.traced.trace,
    feeds,
    fetches: { loss: 0, flat: 1 },
    assigns: first.assigns,
    anchors: first.anchors
  }
}

function traceRows(
  tf: TF,
  backend: NodeBackend,
  model: Model,
  initial: Float32Array[],
  shape: number[],
  f: (variables: Tensor[], x: Tensor) => Tensor
): TracedFunction {
  const list = shapes(model)
  const inputs = [...initial.map((v, i) => tf.tensor(v, list[i]!)), tf.zeros(shape)]
  try {
    const traced = trace(
      backend,
      inputs,
      () => tf.tidy(() => f(inputs.slice(0, -1), inputs[inputs.length - 1]!)),
      (o) => [o]
    )
    traced.value.dispose()
    return {
      trace: traced.trace,
      feeds: [{ name: 'x', dtype: 'float', shape }],
      fetches: { output: 0 },
      assigns: [],
      anchors: []
    }
  } finally {
    tf.dispose(inputs)
  }
}

/** The fast engine, or the eager one with the reason. */
export function makeEngine(
  tensorflow: TensorFlow,
  model: Model,
  sample: Batch,
  predictCount: number,
  eager = false
): Engine {
  const { tf } = tensorflow
  if (eager) return new EagerEngine(tf, model, { en: 'asked for', zh: '按要求' })
  try {
    return new GraphEngine(tensorflow, model, sample, predictCount)
  } catch (error) {
    if (error instanceof NotRecordable) return new EagerEngine(tf, model, error.text)
    throw error
  }
}
