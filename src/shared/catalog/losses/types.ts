import type { Params } from '../../base/params'
import type { Entry } from '../../base/registry'
import type { Scalar, TF, Tensor } from '../../base/tf'
import type { Task } from '../datasets/types'

/** A loss over the network's output and the target. */
export interface Loss extends Entry {
  /** Tasks it makes sense for. */
  tasks: Task[]
  /** It makes probabilities of the outputs itself, by this function: the last layer should be linear. */
  squashes?: 'softmax' | 'sigmoid'
  /** @param output [batch, …target shape]: the last layer's output (logits for the cross-entropies). @param target same shape. */
  forward(tf: TF, output: Tensor, target: Tensor, p: Params): Scalar
  /** The same in float64: rows of outputs and targets. */
  reference(output: number[][], target: number[][], p: Params): number
  /** What a predictor that knows nothing but the class frequencies (balanced) scores, e.g. ln 10; undefined when it depends on the data. */
  chance?(outputs: number): number | undefined
}
