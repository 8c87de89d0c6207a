import type { Data } from '../catalog/datasets/types'
import type { Experiment, Plan } from '../experiment'
import type { FrameTable } from '../run/frameTable'

/** A named array of float32, row-major. */
export interface NamedArray {
  name: string
  shape: number[]
  data: Float32Array
}
/** What is taken home of a run: all that a project in another language is written from. */
export interface Taken {
  /** With its remedies applied. */
  experiment: Experiment
  plan: Plan
  /** Unscaled, in the order they came in. */
  data: Data
  /** Number of examples held out for validation. */
  held: number
  /** Places, among the training examples, of the only ones that are trained on; absent: all. */
  chosen?: Int32Array
  /** Of each class, where rare ones count more. */
  classWeights?: readonly number[]
  /** Values of the weights by `layer/weight`: before the first step, and after `step` steps. */
  start: ReadonlyMap<string, NamedArray>
  end: ReadonlyMap<string, NamedArray>
  /** What the optimizer had kept before the first step, where it goes on from another program's training. */
  before?: {
    /** Steps that it had made. */
    steps: number
    /** Of each of our slots, by `layer/weight`. */
    slots: ReadonlyMap<string, ReadonlyMap<string, NamedArray>>
  }
  step: number
  /** Loss of each of the first steps, penalties included. */
  losses: readonly number[]
  /** Of the first step, before any remedy, by `layer/weight`. */
  gradients: ReadonlyMap<string, NamedArray>
  /** Noise of each of the first steps, by `layer/name`. */
  noise: readonly ReadonlyMap<string, NamedArray>[]
  /** What was recorded until the weights were taken. */
  frames: FrameTable
  /** Ids of the layers, as the frames number them. */
  layers: readonly string[]
  /** What the run recorded, as a table; empty where it recorded nothing. */
  lossTable: string
  /** Of the program. */
  version: string
}
/** Files of a project by their names. */
export type ProjectFiles = Record<string, string | Uint8Array>
