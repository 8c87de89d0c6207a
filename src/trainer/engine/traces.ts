import type { TF, Tensor } from '../../shared/base/tf'
import type { Feed, TracedFunction } from '../graph/program'
import { assertSameTrace, trace } from '../graph/trace'
import type { Model, StepOutput } from '../model'
import type { NodeBackend } from '../../shared/base/binding'
import { inputOf, rows, shapes } from './inputs'
import type { Batch } from './types'

/**
 * Records a training step.
 * @param initial values of the variables. @param steps two step numbers of the same kind
 * @throws NotRecordable
 */
export function traceStep(
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
    const inputs = [...variables, input.x, input.y, input.scalars, input.counters]
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
    { name: 'counters', dtype: 'int32', shape: [model.counters(0).length] }
  ]
  return {
    trace: first.traced.trace,
    feeds,
    fetches: { loss: 0, flat: 1 },
    assigns: first.assigns,
    anchors: first.anchors
  }
}

/**
 * Records a function of the variables and of a fixed number of rows.
 * @param shape of those rows, [count, …]
 * @throws NotRecordable
 */
export function traceRows(
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
