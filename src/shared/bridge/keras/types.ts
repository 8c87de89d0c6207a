import type { NamedTensor } from '../safetensors'
import type { KerasLayer } from './graph'

/** What a file of Keras holds. */
export interface KerasModel {
  /** As `model.to_json()` gives it. */
  model: unknown
  /** As it was compiled. */
  compiled?: unknown
  /** The version of Keras, where the file says it. */
  version?: string
  /** A layer's weights, in Keras's order. Absent where the file has none. */
  weightsOf?: (layer: KerasLayer) => NamedTensor[]
  /** The optimizer's variables, in its order. Empty where the file has none. */
  optimizerVariables?: () => NamedTensor[]
}
