import type { Text } from '../../shared/base/text'

/** The examples of one step, row-major. Equal objects are equal batches: their native tensors are made once. */
export interface Batch {
  x: Float32Array
  y: Float32Array
  count: number
}
/** Runs a model's steps and holds its variables. */
export interface Engine {
  /** True when each step is one native call, else why it isn't. */
  readonly compiled: true | Text
  /** One training step; t is 1 at the first. @returns `StepOutput.flat` when recorded; else its loss, first of all. */
  step(batch: Batch, t: number, record: boolean): Float32Array
  /**
   * Makes the first step as quick as the others. Call it before the first; nothing is changed by it.
   * @param unrecorded whether there will be steps that aren't recorded
   */
  rehearse(sample: Batch, unrecorded: boolean): void
  /** The network's outputs for rows of inputs, as after training. */
  predict(x: Float32Array, count: number): Float32Array
  /** Points of the generator for rows of latent numbers; of a model whose generator is a network. */
  generate(latent: Float32Array, count: number): Float32Array
  /** Values of `Model.variables`. */
  read(): Float32Array[]
  write(values: readonly Float32Array[]): void
  dispose(): void
}
