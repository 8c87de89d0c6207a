import type { Rng } from '@shared/base/random/rng'
import type { Attachments, Task } from '@shared/catalog/datasets/types'
import type { Experiment } from '@shared/experiment'

export type Json = Record<string, unknown>
/** A layer of a draft: a chain, one after the other, unless it names its inputs. */
export interface Node {
  id: string
  kind: string
  params?: Json
  inputs?: string[]
}
/** An experiment that is still to be changed, in the form of its file. */
export interface Draft {
  data: { dataset: Json; standardize?: boolean; validation?: number }
  nodes: Node[]
  training: { steps: number; batchSize: number; loss: string; optimizer: Json; hooks?: Json[] }
  files: Attachments
}
/** What a base is asked for. */
export interface Wish {
  /** Hidden layers; absent: as many as suit the data. */
  depth?: number
  /** A table whose columns are as they were measured, not near 1. */
  raw?: 'inputs' | 'targets'
  /** Share of the rarest class, where it is not as frequent as the others. */
  rare?: number
  /** Time steps of an example. */
  length?: number
}
/** A data set and a network that learns it. */
export interface Base {
  id: string
  task: Task
  /** What its hidden layers are. */
  family: 'dense' | 'conv' | 'recurrent' | 'embedding' | 'normed' | 'residual'
  /** Whether it can have as many hidden layers as one likes. */
  stacks?: boolean
  /** Whether its data is a table that it can be given raw, or with a rare class. */
  raw?: readonly ('inputs' | 'targets')[]
  rare?: boolean
  /** Of a critic: the held-out Wasserstein estimate that counts as 1. */
  reach?: number
  make(rng: Rng, wish: Wish): Draft
}
/** What a failing training must be told. */
export interface Label {
  /** Kinds of finding that name the fault. */
  kinds: readonly string[]
  /** Layers at fault, of which one must be named; absent where no layer is (data, learning rate). */
  layers?: readonly string[]
  /** Whether the fault is there from the start, so that it can be told within ten steps. */
  early: boolean
  /** Remedies that may cure it. */
  remedies: readonly string[]
}
export interface Fault {
  id: string
  suits(base: Base): boolean
  wish?(rng: Rng): Wish
  /** What the healthy twin gets, if it isn't the same. */
  twin?: Wish
  /** What is done to the training and to its twin alike, before the fault. */
  setting?(draft: Draft, rng: Rng): void
  /** Changes the draft. */
  inject(draft: Draft, rng: Rng, base: Base): Label
}
/** A way to be different and healthy. */
export interface Variation {
  id: string
  suits(base: Base): boolean
  wish?(rng: Rng): Wish
  change(draft: Draft, rng: Rng, base: Base): void
}
/** One training of the corpus. */
export interface Case {
  /** `base/fault/seed`, or `base/variation/seed`. */
  id: string
  base: Base
  experiment: Experiment
  files: Attachments
  /** Absent of a healthy one. */
  label?: Label
  /** The same without the fault. */
  twin?: { experiment: Experiment; files: Attachments }
}
