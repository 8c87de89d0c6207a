import { STEPS_MADE } from '../shared/bridge/state'
import type { TF } from '../shared/base/tf'
import type { NamedArray } from '../shared/takehome/types'
import type { Batch } from './engine'
import { inputOf } from './engine/inputs'
import type { Model } from './model'

/**
 * Everything there is at one step: the variables before it, its batch, and what it makes of them. Nothing is changed.
 * @param values of `model.variables`. @param t 1 at the first step
 */
export function snapshot(tf: TF, model: Model, values: readonly Float32Array[], batch: Batch, t: number): NamedArray[] {
  const variables = values.map((v, i) => tf.tensor(v.slice(), model.variables[i]!.shape))
  const input = inputOf(tf, model, variables, { ...batch, x: batch.x.slice(), y: batch.y.slice() }, t)
  const { x, y, scalars, counters } = input
  const out = model.step(tf, input, true)
  const arrays: NamedArray[] = model.variables.map((v, i) => ({
    name: v.slot ? `optimizer/${v.name}` : `weights/${v.name}`,
    shape: v.shape,
    data: values[i]!
  }))
  if (model.isContinued) arrays.push({ name: STEPS_MADE, shape: [], data: Float32Array.of(model.stepsBefore + t - 1) })
  arrays.push(
    { name: 'batch/x', shape: x.shape, data: batch.x.slice() },
    { name: 'batch/y', shape: y.shape, data: batch.y.slice() }
  )
  arrays.push({ name: 'loss', shape: [], data: out.loss.dataSync<'float32'>() })
  for (const [name, v] of Object.entries(out.named!))
    arrays.push({ name, shape: v.shape, data: v.dataSync<'float32'>() })
  tf.dispose([variables, x, y, scalars, counters, out.loss, out.flat, out.next.map(([, v]) => v), out.named!])
  return arrays
}
