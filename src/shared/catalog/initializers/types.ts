import type { Params } from '../../base/params'
import type { KerasObject } from '../../base/keras'
import type { Python } from '../../base/python'
import type { Rng } from '../../base/random/rng'
import type { Entry } from '../../base/registry'

/** A weight that an initializer fills in Python. */
export interface FillSite {
  fanIn: number
  fanOut: number
  /** PyTorch's own functions find the same fans: of a linear layer or a convolution. */
  isStandard: boolean
  /** PyTorch keeps it with the axis of the outputs first. */
  outputsFirst: boolean
  /** Of a convolution. */
  isPicture: boolean
}

/** A weight that an initializer of Keras fills. */
export interface KerasFillSite extends Omit<FillSite, 'outputsFirst'> {
  /** Matrices side by side, each of which is drawn by itself. */
  blocks: number
  /** Has a class stand above the model. @param source of a class of that name @returns the name it got */
  define(name: string, source: (name: string) => string): string
}

/**
 * How a kernel's initial values are drawn. Fan-in and fan-out as in Glorot & Bengio 2010: receptive field × channels.
 */
export interface Initializer extends Entry {
  /** Values in row-major order for `shape` (dense: [fanIn, fanOut]). */
  sample(shape: number[], fanIn: number, fanOut: number, rng: Rng, p: Params): Float32Array
  /**
   * In PyTorch a statement that fills the tensor `w` by the same law; in Keras the initializer, or its name. The
   * numbers are others: the library's own.
   */
  python: Python<
    (w: string, p: Params, site: FillSite) => string,
    (p: Params, site: KerasFillSite) => string | KerasObject
  >
  /**
   * Theoretical variance of one entry, from which gains are predicted. @param shape tells the matrix that a
   * convolution's kernel is drawn as
   */
  variance(fanIn: number, fanOut: number, p: Params, shape: number[]): number
  /** Theoretical mean of one entry. Present where it isn't 0, or where entries aren't independent draws. */
  mean?(fanIn: number, fanOut: number, p: Params, shape: number[]): number
}
