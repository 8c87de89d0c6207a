import { NotRecordable } from '../graph/trace'
import type { Model } from '../model'
import type { TensorFlow } from '../tensorflow'
import { EagerEngine } from './eagerEngine'
import { GraphEngine } from './graphEngine'
import type { Batch, Engine } from './types'

export { EagerEngine, GraphEngine }
export { dropGraphs } from './keptGraph'
export type * from './types'

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
