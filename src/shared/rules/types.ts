import type { Entry } from '../registry'
import type { Evaluation, Finding, FindingKind, RunLayer, RunSchema } from '../run/types'

/** What a rule sees: the run so far, never the future. */
export interface RunView {
  schema: RunSchema
  /** Number of recorded frames. */
  length: number
  /** Step number of frame i. */
  step(i: number): number
  /** Value of a statistic; undefined when the layer doesn't have it. */
  value(i: number, layer: number, statistic: string): number | undefined
  /** Values of a statistic that has one for each time step, the first of time 1; undefined when the layer doesn't have it. */
  times?(i: number, layer: number, statistic: string): number[] | undefined
  scalar(i: number, name: string): number | undefined
  evaluations: Evaluation[]
  /** Layers with a kernel, forward order. */
  main: RunLayer[]
  learningRate: number
}
export type Verdict = Pick<Finding, 'severity' | 'layers' | 'measured' | 'threshold' | 'text' | 'advice'>
/** A fault and how to tell it. `judge` looks at the newest frames and says whether the fault is there now. */
export interface Rule extends Entry {
  kind: FindingKind
  judge(view: RunView): Verdict | undefined
}
