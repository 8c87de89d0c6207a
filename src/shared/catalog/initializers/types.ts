import type { Params } from '../../base/params'
import type { Rng } from '../../base/random/rng'
import type { Entry } from '../../base/registry'

/** How a kernel's first values are drawn. Fan-in / fan-out as in Glorot & Bengio 2010 (receptive field × channels). */
export interface Initializer extends Entry {
  /** Values in row-major order for `shape` (dense: [fanIn, fanOut]). */
  sample(shape: number[], fanIn: number, fanOut: number, rng: Rng, p: Params): Float32Array
  /** Var(W) of one entry in theory; the theory panel uses it. The fans of a convolution don't tell the matrix that it is drawn as; its shape does. */
  variance(fanIn: number, fanOut: number, p: Params, shape: number[]): number
  /** Mean of one entry in theory, where it isn't 0, or another reason why entries aren't independent draws around 0. */
  mean?(fanIn: number, fanOut: number, p: Params, shape: number[]): number
}
