import type { Params } from '../../base/params'
import type { Rng } from '../../base/random/rng'
import type { Entry } from '../../base/registry'

/**
 * How a kernel's initial values are drawn. Fan-in and fan-out as in Glorot & Bengio 2010: receptive field × channels.
 */
export interface Initializer extends Entry {
  /** Values in row-major order for `shape` (dense: [fanIn, fanOut]). */
  sample(shape: number[], fanIn: number, fanOut: number, rng: Rng, p: Params): Float32Array
  /**
   * Theoretical variance of one entry, from which gains are predicted. @param shape tells the matrix that a
   * convolution's kernel is drawn as
   */
  variance(fanIn: number, fanOut: number, p: Params, shape: number[]): number
  /** Theoretical mean of one entry. Present where it isn't 0, or where entries aren't independent draws. */
  mean?(fanIn: number, fanOut: number, p: Params, shape: number[]): number
}
