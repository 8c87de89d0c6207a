import { sizeOf } from '../../shared/base/sizeOf'
import { Program, type Call, type TracedFunction } from '../graph/program'
import type { Model } from '../model'
import type { NodeBackend } from '../../shared/base/binding'
import type { TensorFlow } from '../tensorflow'
import { rows, shapes } from './inputs'
import { keepGraph, takeGraph, type Calls, type KeptGraph } from './keptGraph'
import { traceRows, traceStep } from './traces'
import type { Batch, Engine } from './types'

/** How many rows `predict` takes at a time. */
const PREDICT_ROWS = 512

/**
 * Numbers that are measured in about the time in which TensorFlow prepares one node of a function; and steps that are
 * measured at most although nobody records them.
 */
const [PER_NODE, SPARED] = [40_000, 64]

/**
 * Numbers that a step measures, by and large: weights, their gradients and updates; outputs, their sums and gradients.
 */
const measuredNumbers = ({ variables, weights, plan }: Model, count: number): number =>
  3 * weights.reduce((sum, at) => sum + sizeOf(variables[at]!.shape), 0) +
  4 * count * plan.layers.reduce((sum, l) => sum + sizeOf(l.outputShape), 0)

/** Records one eager step as a graph and runs each later step as one native call. */
export class GraphEngine implements Engine {
  readonly compiled = true
  /** Whether the graph was recorded for a training before. */
  readonly isReused: boolean
  private readonly backend: NodeBackend
  private readonly program: Program
  private readonly calls: Calls
  private readonly sparing: KeptGraph['sparing']
  private readonly predictRows: number
  private readonly key: string
  private readonly bytes: number
  private open = true
  private held: { batch: Batch; x: number; y: number } | undefined

  /**
   * @param count examples per step, @param sample some batch of that size, @param predictCount how many rows `predict`
   * will usually be asked for (0: never)
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
    const counts = [sample.count, this.predictRows]
    this.bytes = 4 * shapes(model).reduce((sum, shape) => sum + sizeOf(shape), 0)
    const known = takeGraph([model.graphKey(counts, false), model.graphKey(counts, true)], this.bytes)
    const { program, calls } = known ?? this.record(tf, sample)
    this.isReused = known !== undefined
    // Only once it is recorded is it known whether the seed is part of it.
    this.key = known?.key ?? model.graphKey(counts)
    this.program = program
    this.calls = calls
    this.sparing = known?.sparing ?? {
      left: Math.min(SPARED, Math.floor((PER_NODE * program.size) / measuredNumbers(model, sample.count)))
    }
    program.write(model.initial())
  }
  /** @throws NotRecordable */
  private record(tf: TensorFlow['tf'], sample: Batch): { program: Program; calls: Calls } {
    const { backend, model } = this
    const list = shapes(model)
    const initial = model.initial()
    const every = model.generator?.settings.criticSteps ?? 1
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
        model.generator!.latentShape(this.predictRows),
        (v, z) => model.generate(tf, v, z)
      )
    const program = new Program(backend, list, functions)
    const call = (name: string, fetch: string): Call =>
      functions[name] ? program.call(name, functions[name], fetch) : never
    const step = (name: string): Record<'loss' | 'flat', Call> => ({
      loss: call(name, 'loss'),
      flat: call(name, 'flat')
    })
    return {
      program,
      calls: {
        step: step('step'),
        generatorStep: step('generatorStep'),
        predict: call('predict', 'output'),
        generate: call('generate', 'output')
      }
    }
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
    const integers = this.model.counters(t)
    const counters = b.createTensor([integers.length], b.TF_INT32, integers)
    try {
      const calls = this.calls[this.model.generatorLearns(t) ? 'generatorStep' : 'step']
      const measures = record || this.sparing.left-- > 0
      return this.program.run(measures ? calls.flat : calls.loss, [this.held.x, this.held.y, scalars, counters])
    } finally {
      b.deleteTensor(scalars)
      b.deleteTensor(counters)
    }
  }
  /** TensorFlow optimises each function when it is first called, which takes longer than many steps. */
  rehearse(sample: Batch, unrecorded: boolean): void {
    this.sparing.left = 0
    const every = this.model.generator?.settings.criticSteps ?? 1
    for (const t of new Set([1, every]))
      for (const record of unrecorded ? [true, false] : [true]) this.step(sample, t, record)
    this.release()
    if (this.predictRows) this.predict(new Float32Array(sizeOf(this.model.plan.inputShape)), 1)
    this.write(this.model.initial())
  }
  predict(x: Float32Array, count: number): Float32Array {
    return this.rows(this.calls.predict, this.model.plan.inputShape, x, count)
  }
  generate(latent: Float32Array, count: number): Float32Array {
    return this.rows(this.calls.generate, this.model.generator!.latentShape(1).slice(1), latent, count)
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
  /** Keeps the graph for the next training that records the same. */
  dispose(): void {
    this.release()
    const { key, program, calls, sparing, bytes } = this
    if (this.open) keepGraph({ key, program, calls, sparing, bytes })
    this.open = false
  }
}
