import type { TF, Tensor } from '../../shared/base/tf'
import type { Model, StepInput } from '../model'
import type { Batch } from './types'

/** Shapes of a model's variables. */
export const shapes = (model: Model): number[][] => model.variables.map((v) => v.shape)
/** Shapes of `count` examples. */
export const rows = (model: Model, count: number): { x: number[]; y: number[] } => ({
  x: [count, ...model.plan.inputShape],
  y: [count, ...model.plan.outputShape!]
})

/** A step's inputs as tensors, which the caller disposes. @param t 1 at the first step */
export function inputOf(tf: TF, model: Model, variables: Tensor[], batch: Batch, t: number): StepInput {
  const shape = rows(model, batch.count)
  return {
    variables,
    x: tf.tensor(batch.x, shape.x),
    y: tf.tensor(batch.y, shape.y),
    scalars: tf.tensor1d(model.scalars(t)),
    counters: tf.tensor1d(model.counters(t), 'int32'),
    generatorLearns: model.generatorLearns(t)
  }
}
