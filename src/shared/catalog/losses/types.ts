import type { Params } from '../../base/params'
import type { Python } from '../../base/python'
import type { Entry } from '../../base/registry'
import type { Scalar, TF, Tensor } from '../../base/tf'
import type { Task } from '../datasets/types'

/** A loss over the network's output and the target. */
export interface Loss extends Entry {
  /** Tasks it makes sense for. */
  tasks: Task[]
  /** The function by which it turns outputs into probabilities itself. The last layer should be linear then. */
  squashes?: 'softmax' | 'sigmoid'
  /** It is a sum over the batch, and so grows with it; without this it is a mean. */
  sums?: true
  /**
   * @param output [batch, …target shape]: the last layer's output (logits for the cross-entropies). @param target same
   *   shape.
   */
  forward(tf: TF, output: Tensor, target: Tensor, p: Params): Scalar
  /**
   * Expression of the loss of the tensors `output` and `target`. @param rank number of their axes, with that of the
   * batch
   */
  python: Python<(p: Params, rank: number) => string, (p: Params) => string>
  /** `forward` in float64, on rows of outputs and targets: tests hold `forward` against it. */
  reference(output: number[][], target: number[][], p: Params): number
  /** What to answer always for the least loss of some targets. Without this it is their mean. */
  constant?(targets: Float64Array, p: Params): number
  /**
   * The loss of guessing among balanced classes, e.g. ln 10; undefined when it depends on the data. @param outputs
   * number of outputs
   */
  chance?(outputs: number): number | undefined
}
