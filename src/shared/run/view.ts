import type { Experiment } from '../experiment/types'
import type { Evaluation, RunLayer, RunSchema } from './types'

/**
 * The examples of one step answered twice by the same weights: as the step trains on them, and as the network is used
 * after training. Loss and metrics by name.
 */
export interface Gap {
  step: number
  trained: Record<string, number>
  used: Record<string, number>
}
/** What a rule sees: the run so far, never the future. */
export interface RunView {
  schema: RunSchema
  /** Number of recorded frames. */
  length: number
  /** Step number of frame i. */
  step(i: number): number
  /** Value of a statistic; undefined when the layer doesn't have it. */
  value(i: number, layer: number, statistic: string): number | undefined
  /**
   * Values of a statistic that has one for each time step, the first of time 1; undefined when the layer doesn't have
   * it.
   */
  times?(i: number, layer: number, statistic: string): number[] | undefined
  scalar(i: number, name: string): number | undefined
  /** Of the validation part. */
  evaluations: Evaluation[]
  /**
   * Evaluations on the same examples from the first step on: those of the validation part, or of some of the training
   * part where nothing is held out. Absent: `evaluations`.
   */
  trials?: readonly Evaluation[]
  /**
   * Loss of any step that was made, recorded or not; undefined of one that was not made, and where that is not known.
   * Absent: the loss of the recorded steps is all there is.
   */
  lossAt?(step: number): number | undefined
  /** Layers with a kernel, forward order. */
  main: RunLayer[]
  learningRate: number
  /** Layers whose units start equal and get equal updates, as far as that was looked at. Absent: it was not. */
  twins?: readonly RunLayer[]
  /** The same examples answered twice, as far as that was looked at; oldest first. Absent: it was not. */
  gaps?: readonly Gap[]
  /**
   * What is trained now: remedies applied, and listed as they are switched on. Absent where only figures are at hand.
   */
  experiment?: Experiment | undefined
}
