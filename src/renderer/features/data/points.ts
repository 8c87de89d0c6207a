import { datasets, type Data } from '@shared/datasets'
import { InputError } from '@shared/text'
import type { Experiment } from '@shared/experiment/types'

/** Loads the examples of an experiment to be looked at; undefined when the data can't be read (its problems are told elsewhere). */
export function loadFor(experiment: Experiment, readText: (name: string) => string): Data | undefined {
  const { id, ...params } = experiment.data.dataset
  try {
    return datasets.get(id).load(params, { seed: experiment.seed, readText })
  } catch (e) {
    if (e instanceof InputError) return undefined
    throw e
  }
}
/** Class of each example, 0 for regression and where each time step has one. */
export function classOf(data: Data, i: number): number {
  if (data.targetShape.length > 1) return 0
  const k = data.targetShape.reduce((a, b) => a * b, 1)
  if (data.task === 'regression') return 0
  if (k === 1) return data.y[i]! > 0.5 ? 1 : 0
  let best = 0
  for (let c = 1; c < k; c++) if (data.y[i * k + c]! > data.y[i * k + best]!) best = c
  return best
}
/** Side of a square picture with this many pixels, when the inputs are one. */
export function pictureSide(data: { featureNames?: string[]; inputShape: number[] }): number | undefined {
  const n = data.inputShape.reduce((a, b) => a * b, 1)
  const side = Math.round(Math.sqrt(n))
  return side * side === n && side >= 4 && side <= 64 && data.featureNames?.[0]?.startsWith('pixel') ? side : undefined
}
