import type { Experiment } from '../experiment/types'
import type { Evaluation, RunLayer, RunSchema } from './types'

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
  evaluations: Evaluation[]
  /** Layers with a kernel, forward order. */
  main: RunLayer[]
  learningRate: number
  /**
   * What is trained now: remedies applied, and listed as they are switched on. Absent where only figures are at hand.
   */
  experiment?: Experiment | undefined
}
