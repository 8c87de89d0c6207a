import type { Experiment, RemedyChoice } from '../experiment/types'
import type { DataInfo } from '../catalog/datasets/types'
import type { Params } from '../base/params'
import type { Problem, Text } from '../base/text'
import type { HistogramSet } from './histogram'

/** States of a run that is still to change. */
export type LiveState = 'queued' | 'starting' | 'running' | 'paused'
/** States in which a run stays. */
export type EndState = 'finished' | 'stopped' | 'failed'
export type RunState = LiveState | EndState

/** One layer instance of a run, in forward order. */
export interface RunLayer {
  index: number
  /** Expanded id, e.g. `hidden.3.dense`. */
  id: string
  /** Path of the node it came from, e.g. `hidden/dense`. */
  node: string
  /** 0-based copy within its block, when in one. */
  copy?: number
  kind: string
  name: string
  outputShape: number[]
  paramCount: number
  /** It has a kernel: a "layer" in the counting sense, a row of the heatmap by default. */
  main: boolean
  /** Id of its activation, if it ends with one. */
  activation?: string
  /** Its parameters, when it has any. */
  activationParams?: Params
  /** Ids of the layers it reads. */
  inputs: string[]
  /** Theoretical gain of the activation-gradient RMS through this layer at initialisation (per-layer √χ₁), where known. */
  theoryGain?: number
  /** Predicted RMS of ∂loss/∂(this layer's output) over that at the network's output, at initialisation; follows every branch. */
  theoryProfile?: number
}
/** What one value of a frame means. */
export interface Column {
  layer: number
  statistic: string
  /** Time step within the sequence, from 1, for a statistic that has a value for each. */
  time?: number
}
/** Fixed for a run: how to read its frames. */
export interface RunSchema {
  layers: RunLayer[]
  columns: Column[]
  /** Names of the scalars kept at every recorded step: `loss`, then training metrics and `gradientNorm` (global norm). */
  scalars: string[]
  info: DataInfo
  trainCount: number
  validationCount: number
  paramCount: number
  /** True when each step is one native call; else the reason why it runs eagerly. */
  compiled: true | Text
  versions: Record<string, string>
}
/** Some recorded steps, oldest first. */
export interface FrameBatch {
  steps: Int32Array
  /** steps.length × columns.length. NaN and ±Inf are values. */
  values: Float32Array
  /** steps.length × scalars.length. */
  scalars: Float32Array
}
export interface Evaluation {
  step: number
  metrics: Record<string, number>
  /** Of a critic of points in the plane, at some of its evaluations. */
  plane?: Plane
}
/** A critic's output over a square around the origin, in its own (perhaps standardised) coordinates. */
export interface Plane {
  /** Half the side of the square. */
  reach: number
  /** Grid points per side, the outer ones on the edge. */
  side: number
  /** side × side outputs, row by row from the upper left. */
  values: number[]
  /** x and y of some real and some generated points. */
  real: number[]
  generated: number[]
}
export type Severity = 'bad' | 'warn' | 'info' | 'ok'

/** A rule fired. */
export interface Finding {
  rule: string
  /** The kind of its rule; `healthy` where there was no fault. */
  kind: string
  severity: Severity
  /** First and last recorded step for which it holds. */
  from: number
  to: number
  /** Ids of the layers it is about, worst first. */
  layers: string[]
  /** Measured values and the limits they broke, by name. */
  measured: Record<string, number>
  threshold: Record<string, number>
  /** One sentence with layer names and numbers. */
  text: Text
  /** What to try, best first: ids of remedies. */
  advice: string[]
}
export interface Failure {
  /** What went wrong, for a person. */
  message: Text
  problems?: Problem[]
  exitCode?: number | null
  signal?: string
  /** Last lines of the child's standard error. */
  log?: string
}
export interface Progress {
  state: RunState
  /** Steps done. */
  step: number
  steps: number
  /** Steps per second over the last second or so. */
  rate?: number
  /** Seconds since the trainer's last sign of life, once there are many: a very long step, or a native call that hangs. */
  waiting?: number
  failure?: Failure
}
/** What a person changes while a run goes on. Members that are absent stay as they are. */
export interface RunChange {
  /** Of the optimizer; its schedule, and remedies that scale it, go on top. */
  learningRate?: number
  /** All remedies that are on from now on. */
  remedies?: RemedyChoice[]
}
/** A change that is due before a step: what makes a run with changes repeatable. */
export interface ScheduledChange extends RunChange {
  step: number
}
export type RunEventKind =
  'learningRate' | 'remedyOn' | 'remedyOff' | 'remedyChanged' | 'nan' | 'checkpoint' | 'continued'
/** Something that happened to a run at a step. */
export interface RunEvent {
  /** The first step that it has a part in: a change is made before it, a NaN is seen in it. */
  step: number
  kind: RunEventKind
  /** A few words. */
  text: Text
  /** Id of the remedy, for those kinds. */
  remedy?: string
  /** A learning rate, or a remedy's choice; absent where there was or is none. */
  before?: number | RemedyChoice
  after?: number | RemedyChoice
  /** Id of the run that is continued. */
  run?: string
}
/** Everything that a run is made of before a step: with it another one goes on exactly as this one would have. */
export interface Checkpoint {
  /** Updates done, and so the step that comes next. */
  step: number
  /** Examples that have been drawn from the order of the training part. */
  drawn: number
  /** A person asked for it, or it is the end of the run. */
  asked?: boolean
  /** Weights and optimizer state. */
  variables: { name: string; shape: number[] }[]
  /** Theirs, one after the other. */
  values: Float32Array
}
/** All that is kept of a run. Frames are concatenated batches. */
export interface RunRecord {
  id: string
  name: string
  /** As it was started, remedies listed, defaults filled in. */
  experiment: Experiment
  createdAt: string
  progress: Progress
  schema?: RunSchema
  frames: FrameBatch
  evaluations: Evaluation[]
  findings: Finding[]
  /** By step; logarithmically spaced, and the newest that was looked at. */
  histograms?: HistogramSet[]
  /** In the order in which they happened; absent in older files. */
  events?: RunEvent[]
  /** Rising steps. */
  checkpoints?: Checkpoint[]
  /** The run it goes on from: its id and name, and the step. */
  continuedFrom?: { run: string; name: string; step: number }
}
