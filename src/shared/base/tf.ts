import type * as tfjs from '@tensorflow/tfjs-core'

/** The tfjs namespace, handed in by the trainer so that shared code never loads it. */
export type TF = typeof tfjs
export type Tensor = tfjs.Tensor
export type Scalar = tfjs.Scalar
